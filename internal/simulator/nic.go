package simulator

import (
	"slices"
	"time"
)

// addNIC serves POST protected-instances/{id}/nic. The reference doesn't say which servers get the NIC: here it is the
// one at the current production site, since NICs follow production.
func (s *Simulator) addNIC(in *incoming) (any, *Problem) {
	asked, problem := parameters[struct {
		SubnetID       string `json:"subnet_id"`
		SecurityGroups []struct {
			ID string `json:"id"`
		} `json:"security_groups"`
		IP string `json:"ip_address"`
	}](in, "")
	if problem != nil {
		return nil, problem
	}
	g, i, problem := s.instanceForNIC(in)
	if problem != nil {
		return nil, problem
	}
	if len(i.at(i.PriorityStation).NICs) >= maxNICs {
		return nil, refused("SDRS.1340", "The protected instance %s has %d NICs already.", i.ID, maxNICs)
	}
	nic, problem := s.newNIC(g.VPCID, asked.SubnetID, asked.IP)
	if problem != nil {
		return nil, problem
	}

	made := map[string]string{"nic_id": nic.PortID}

	return s.changeNIC(g, i, "addNicNew", StatusNICCreating, made, func(i *Instance) {
		production, dr := i.at(i.PriorityStation), i.at(opposite(i.PriorityStation))
		production.NICs = append(production.NICs, nic)
		if other, problem := s.newNIC(g.VPCID, asked.SubnetID, ""); problem == nil && s.nicsAtBoth {
			dr.NICs = append(dr.NICs, other)
		}
	}).accepted(), nil
}

// deleteNIC serves POST protected-instances/{id}/nic/delete.
func (s *Simulator) deleteNIC(in *incoming) (any, *Problem) {
	asked, problem := parameters[struct {
		ID string `json:"nic_id"`
	}](in, "")
	if problem != nil {
		return nil, problem
	}
	g, i, problem := s.instanceForNIC(in)
	if problem != nil {
		return nil, problem
	}
	same := func(nic NIC) bool { return nic.PortID == asked.ID }
	switch slices.IndexFunc(i.at(i.PriorityStation).NICs, same) {
	case -1:
		return nil, refused("SDRS.1310", "The NIC %q does not exist.", asked.ID)
	case 0:
		return nil, refused("SDRS.1311", "The NIC %s is the primary one.", asked.ID)
	}

	return s.changeNIC(g, i, "deleteNicNew", StatusNICDeleting, nil, func(i *Instance) {
		server := i.at(i.PriorityStation)
		server.NICs = slices.DeleteFunc(server.NICs, same)
	}).accepted(), nil
}

// instanceForNIC finds the instance of a request, whose NICs can be changed while it is available or protected.
func (s *Simulator) instanceForNIC(in *incoming) (*Group, *Instance, *Problem) {
	g, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1320")
	switch {
	case problem != nil:
		return nil, nil, problem
	case i.Status != StatusAvailable && i.Status != StatusProtected:
		return nil, nil, refused("SDRS.1327", "The protected instance %s is %s.", i.ID, i.Status)
	default:
		return g, i, s.allows(g)
	}
}

// changeNIC starts a job on the NICs of an instance. There is no status for its failure: the old one comes back.
func (s *Simulator) changeNIC(
	g *Group, i *Instance, kind, status string, made map[string]string, change func(*Instance),
) *job {
	about := i.resource(g, "") // failures of NICs are not listed
	before, id := i.Status, i.ID
	i.Status, i.UpdatedAt = status, s.now

	return s.change(&job{
		part:     part{kind: kind, entities: map[string]string{"protected_instance_id": id}, made: made},
		resource: about,
	}, func(failure *failure, at time.Time) {
		i := g.instance(id)
		if i == nil {
			return
		}
		i.Status, i.UpdatedAt = before, at
		if failure == nil {
			change(i)
		}
	})
}
