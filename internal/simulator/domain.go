package simulator

import "slices"

// Domain is an active-active domain: a pair of availability zones that can protect each other.
type Domain struct {
	ID          string
	Name        string
	Description string
	LocalAZ     string
	RemoteAZ    string
	SoldOut     bool
}

// DemoDomain returns the one active-active domain of a simulator without WithDomains.
func DemoDomain() Domain {
	region := DefaultAccount().Region

	return Domain{
		ID: "fb4bb8e3-a574-4437-a156-78c916aeea4d", Name: "ActiveactiveDomain", Description: "my domain",
		LocalAZ: region + "-01", RemoteAZ: region + "-02",
	}
}

// spans tells whether the domain is of these two zones, either way round.
func (d Domain) spans(one, other string) bool {
	return one == d.LocalAZ && other == d.RemoteAZ || one == d.RemoteAZ && other == d.LocalAZ
}

func (s *Simulator) domain(id string) (Domain, bool) {
	n := slices.IndexFunc(s.domains, func(d Domain) bool { return d.ID == id })
	if n < 0 {
		return Domain{}, false
	}

	return s.domains[n], true
}

// listActiveDomains serves GET active-domains.
func (s *Simulator) listActiveDomains(*incoming) (any, *Problem) {
	domains := []object{}
	for _, d := range s.domains {
		domains = append(domains, object{
			"id": d.ID, "name": d.Name, "description": d.Description, "sold_out": d.SoldOut,
			"local_replication_cluster":  object{"availability_zone": d.LocalAZ},
			"remote_replication_cluster": object{"availability_zone": d.RemoteAZ},
		})
	}

	return object{"domains": domains}, nil
}
