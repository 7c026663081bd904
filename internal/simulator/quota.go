package simulator

// exhausted tells whether a quota doesn't allow so many more. -1 is no limit.
func exhausted(used, more, quota int) bool { return quota >= 0 && used+more > quota }

func (s *Simulator) pairsUsed() int {
	pairs := 0
	for _, g := range s.groups {
		pairs += g.pairCount()
	}

	return pairs
}

// showQuotas serves GET sdrs/quotas. What was seeded counts, and may exceed it.
func (s *Simulator) showQuotas(*incoming) (any, *Problem) {
	return object{"quotas": object{"resources": []object{
		{"type": "server_groups", "used": len(s.groups), "quota": s.groupQuota, "min": 0, "max": -1},
		{"type": "replications", "used": s.pairsUsed(), "quota": s.pairQuota, "min": 0, "max": -1},
	}}}, nil
}
