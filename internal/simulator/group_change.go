package simulator

import (
	"slices"
	"time"
)

// groupParameters is the body of POST server-groups.
type groupParameters struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	SourceAZ    string `json:"source_availability_zone"`
	TargetAZ    string `json:"target_availability_zone"`
	DomainID    string `json:"domain_id"`
	SourceVPC   string `json:"source_vpc_id"`
	DRType      string `json:"dr_type"`
}

// createGroup serves POST server-groups. Names, zones and networks may repeat.
func (s *Simulator) createGroup(in *incoming) (any, *Problem) {
	asked, problem := parameters[groupParameters](in, "server_group")
	if problem != nil {
		return nil, problem
	}
	domain, problem := s.fitForGroup(asked)
	if problem != nil {
		return nil, problem
	}

	g := &Group{
		ID: s.newID("group"), Name: asked.Name, Description: asked.Description, Status: StatusCreating,
		PriorityStation: StationSource, SourceAZ: asked.SourceAZ, TargetAZ: asked.TargetAZ,
		DomainID: domain.ID, DomainName: domain.Name, VPCID: asked.SourceVPC, CreatedAt: s.now, UpdatedAt: s.now,
		seenFrom: s.now.Add(s.unseen),
	}
	s.groups = append(s.groups, g)
	j := s.change(&job{
		part:     part{kind: "createProtectionGroupNoCG", made: map[string]string{"server_group_id": g.ID}},
		resource: g.resource("createFail"),
	}, func(failure *failure, at time.Time) {
		g.Status, g.UpdatedAt = StatusAvailable, at
		if failure != nil {
			g.Status = StatusError
		}
	})

	return j.accepted(), nil
}

// fitForGroup tells what forbids a new group. The order is our reading.
func (s *Simulator) fitForGroup(asked groupParameters) (Domain, *Problem) {
	if problem := validName(asked.Name); problem != nil {
		return Domain{}, problem
	}
	if problem := validDescription(asked.Description); problem != nil {
		return Domain{}, problem
	}
	if asked.DRType != "" && asked.DRType != "migration" {
		return Domain{}, refused("SDRS.0201", "dr_type can only be migration.")
	}
	domain, known := s.domain(asked.DomainID)
	if !known || domain.SoldOut && s.soldOutRefused {
		return Domain{}, refused("SDRS.0205", "The domain %q is unknown, or sold out.", asked.DomainID)
	}
	if !domain.spans(asked.SourceAZ, asked.TargetAZ) {
		return Domain{}, refused("SDRS.0203", "The domain %s does not span %q and %q.",
			domain.Name, asked.SourceAZ, asked.TargetAZ)
	}
	if !s.knowsVPC(asked.SourceVPC) {
		return Domain{}, refused("SDRS.0204", "The VPC %q does not exist.", asked.SourceVPC)
	}
	if exhausted(len(s.groups), 1, s.groupQuota) {
		return Domain{}, refused("SDRS.0305", "The quota of %d protection groups is exhausted.", s.groupQuota)
	}

	return domain, nil
}

// renameGroup serves PUT server-groups/{id}.
func (s *Simulator) renameGroup(in *incoming) (any, *Problem) {
	name, problem := in.newName("server_group")
	if problem != nil {
		return nil, problem
	}
	g, problem := s.groupAsked(in.PathValue("id"))
	if problem != nil {
		return nil, problem
	}
	g.Name, g.UpdatedAt = name, s.now

	return object{"server_group": g.wire()}, nil
}

// deleteGroupAsked serves DELETE server-groups/{id}. It is allowed from each status at rest, the failed ones too.
func (s *Simulator) deleteGroupAsked(in *incoming) (any, *Problem) {
	g, problem := s.groupAsked(in.PathValue("id"))
	if problem != nil {
		return nil, problem
	}
	switch {
	case moving(g.Status), g.Status == StatusProtected && s.protectedStays,
		s.recordsBlock && slices.ContainsFunc(s.failed, func(j *job) bool { return j.resource.group == g.ID }):
		return nil, refused("SDRS.1002", "The status %s of the protection group does not allow this operation.", g.Status)
	case len(g.Instances) > 0:
		return nil, refused("SDRS.1001", "The protection group %s contains a protected instance.", g.ID)
	case len(g.Drills) > 0:
		return nil, refused("SDRS.1003", "The protection group %s contains a DR drill.", g.ID)
	case g.pairCount() > 0:
		return nil, refused("SDRS.1010", "The protection group %s contains a replication pair.", g.ID)
	}
	if problem := s.busy(g.ID); problem != nil {
		return nil, problem
	}

	g.Status, g.UpdatedAt = StatusDeleting, s.now
	j := s.change(&job{
		part:     part{kind: "deleteProtectionGroupNoCG", entities: map[string]string{"server_group_id": g.ID}},
		resource: g.resource("deleteFail"),
	}, func(failure *failure, at time.Time) {
		if failure != nil {
			g.Status, g.UpdatedAt = StatusErrorDeleting, at

			return
		}
		s.deleteGroup(g.ID)
	})

	return j.accepted(), nil
}

// groupAsked returns the group of a request's path or body.
func (s *Simulator) groupAsked(id string) (*Group, *Problem) {
	if g := s.find(id); g != nil {
		return g, nil
	}
	if !names.MatchString(id) {
		return nil, refused("SDRS.0207", "The protection group id %q is invalid.", id)
	}

	return nil, s.unknownGroup(id)
}

// resource is how the list of failed jobs names the group.
func (g *Group) resource(failure string) resource {
	return resource{group: g.ID, id: g.ID, name: g.Name, kind: "server_groups", failure: failure}
}
