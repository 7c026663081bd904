package simulator

// showQuotas serves GET sdrs/quotas, with the documented defaults. The simulator doesn't enforce them.
func (s *Simulator) showQuotas(*incoming) (any, *Problem) {
	pairs := 0
	for _, g := range s.groups {
		pairs += g.pairCount()
	}

	return object{"quotas": object{"resources": []object{
		{"type": "server_groups", "used": len(s.groups), "quota": 50, "min": 0, "max": -1},
		{"type": "replications", "used": pairs, "quota": 100, "min": 0, "max": -1},
	}}}, nil
}
