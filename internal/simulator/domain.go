package simulator

// The one active-active domain, over two zones of the region.
const (
	demoDomainID   = "fb4bb8e3-a574-4437-a156-78c916aeea4d"
	demoDomainName = "ActiveactiveDomain"
)

// listActiveDomains serves GET active-domains.
func (s *Simulator) listActiveDomains(*incoming) (any, *Problem) {
	region := DefaultAccount().Region

	return object{"domains": []object{{
		"id": demoDomainID, "name": demoDomainName, "description": "my domain", "sold_out": false,
		"local_replication_cluster":  object{"availability_zone": region + "-01"},
		"remote_replication_cluster": object{"availability_zone": region + "-02"},
	}}}, nil
}
