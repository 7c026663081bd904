package simulator

import (
	"net/netip"
	"slices"
)

// VPC is a network of the project. One without subnets gets one.
type VPC struct {
	ID      string
	Name    string
	Subnets []Subnet
}

// Subnet is one of a VPC's.
type Subnet struct {
	ID   string // the network id, which SDRS takes
	CIDR string
}

// NIC is a network card of a server.
type NIC struct {
	PortID   string
	SubnetID string
	IP       string
	MAC      string
	EIP      string // the public address bound to it, or empty
}

const maxNICs = 12

// WithVPCs seeds the cloud with networks. Those of seeded groups and servers are there without it.
func WithVPCs(networks ...VPC) Option {
	return func(s *Simulator) {
		for _, network := range networks {
			s.addVPC(network)
		}
	}
}

// AddVPC adds a network, unless there is one with its id.
func (s *Simulator) AddVPC(network VPC) {
	defer s.enter().Unlock()

	s.addVPC(network)
}

func (s *Simulator) addVPC(network VPC) {
	if network.ID == "" || s.knowsVPC(network.ID) {
		return
	}
	if len(network.Subnets) == 0 {
		network.Subnets = []Subnet{{ID: derivedID(network.ID, "subnet"), CIDR: "10.0.0.0/16"}}
	}
	s.networks = append(s.networks, network)
}

func (s *Simulator) knowsVPC(id string) bool { return s.vpc(id) != nil }

// vpc returns a network, or nil.
func (s *Simulator) vpc(id string) *VPC {
	for n := range s.networks {
		if s.networks[n].ID == id {
			return &s.networks[n]
		}
	}

	return nil
}

// subnet returns one of a VPC's, or nil.
func (s *Simulator) subnet(vpcID, id string) *Subnet {
	network := s.vpc(vpcID)
	if network == nil {
		return nil
	}
	n := slices.IndexFunc(network.Subnets, func(sub Subnet) bool { return sub.ID == id })
	if n < 0 {
		return nil
	}

	return &network.Subnets[n]
}

// newNIC makes a card in a subnet of a VPC, with the asked address or the first free one.
func (s *Simulator) newNIC(vpcID, subnetID, ip string) (NIC, *Problem) {
	subnet := s.subnet(vpcID, subnetID)
	if subnet == nil {
		return NIC{}, refused("SDRS.1335", "The subnet %q of the VPC %s does not exist.", subnetID, vpcID)
	}
	prefix := netip.MustParsePrefix(subnet.CIDR) // a seed
	used := map[string]bool{}
	s.eachServer(func(server *Server) {
		for _, nic := range server.NICs {
			if nic.SubnetID == subnetID {
				used[nic.IP] = true
			}
		}
	})
	if ip == "" {
		address := prefix.Masked().Addr().Next().Next() // the gateway is the first
		for used[address.String()] {
			address = address.Next()
		}
		ip = address.String()
	}
	address, err := netip.ParseAddr(ip)
	if err != nil || !prefix.Contains(address) {
		return NIC{}, refused("SDRS.0219", "The IP address %q is invalid in %s.", ip, subnet.CIDR)
	}
	if used[ip] {
		return NIC{}, refused("SDRS.1334", "The private IP address %s in the subnet is in use.", ip)
	}

	return card(s.newID("port"), subnetID, address), nil
}

func card(portID, subnetID string, address netip.Addr) NIC {
	return NIC{PortID: portID, SubnetID: subnetID, IP: address.String(), MAC: "fa:16:3e:" + portID[:2] + ":" +
		portID[2:4] + ":" + portID[4:6]}
}
