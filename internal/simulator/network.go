package simulator

import "slices"

// VPC is a network of the project.
type VPC struct {
	ID   string
	Name string
}

// WithVPCs seeds the cloud with networks. Those of seeded groups are there without it.
func WithVPCs(networks ...VPC) Option {
	return func(s *Simulator) { s.networks = append(s.networks, networks...) }
}

func (s *Simulator) knowsVPC(id string) bool {
	return slices.ContainsFunc(s.networks, func(v VPC) bool { return v.ID == id })
}
