package simulator

import (
	"slices"
	"time"
)

// attachPair serves POST protected-instances/{id}/attachreplication: both disks go to the instance's servers.
func (s *Simulator) attachPair(in *incoming) (any, *Problem) {
	asked, problem := parameters[struct {
		PairID string `json:"replication_id"`
		Device string `json:"device"`
	}](in, "replicationAttachment")
	if problem != nil {
		return nil, problem
	}
	g, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.0208")
	if problem != nil {
		return nil, problem
	}
	of, keeper, p, problem := s.pairAsked(asked.PairID, "SDRS.0213")
	if problem != nil {
		return nil, problem
	}
	device, known := i.at(i.PriorityStation).device(asked.Device)
	rests := []string{StatusAvailable, StatusProtected}
	switch {
	case of != g:
		return nil, refused("SDRS.1611", "The replication pair %s is not in the protection group %s.", p.ID, g.ID)
	case !known:
		return nil, refused("SDRS.0201", "The device %q is invalid.", asked.Device)
	case !slices.Contains(rests, i.Status):
		return nil, refused("SDRS.1314", "The protected instance %s is %s.", i.ID, i.Status)
	case !slices.Contains(rests, p.Status):
		return nil, refused("SDRS.1601", "The status %s of the replication pair %s does not allow this.", p.Status, p.ID)
	case p.deviceAt(keeper, i.ID) != "" || s.deviceUsed(i, device):
		return nil, refused("SDRS.1603", "The replication pair %s is attached, or %s is in use.", p.ID, device)
	case keeper != nil && !p.Shared:
		return nil, refused("SDRS.1605", "The replication pair %s is attached.", p.ID)
	}
	if problem := s.allows(g); problem != nil {
		return nil, problem
	}

	before := p.Status
	p.Status, p.UpdatedAt, p.wantedBy = StatusAttaching, s.now, i.ID
	attach := func(i *Instance, p *Pair, failed bool) {
		p.Status = before
		if failed {
			p.Status = StatusErrorAttaching

			return
		}
		s.attachDisk(p.SourceVolume, i.SourceServer.ID, device)
		s.attachDisk(p.TargetVolume, i.TargetServer.ID, device)
		if slices.ContainsFunc(g.Pairs, func(other Pair) bool { return other.ID == p.ID }) {
			attached := g.take(p.ID)
			attached.Device = device
			if s.looseStopped && attached.Status == StatusProtected {
				s.copy(&attached, s.now)
			}
			i.Pairs = append(i.Pairs, attached)

			return
		}
		p.Further = append(p.Further, Attachment{InstanceID: i.ID, Device: device})
	}

	return s.changeAttachment(g, p, i.ID, "attachReplicationPairNew", "attachFail", attach).accepted(), nil
}

// deviceUsed tells whether one of an instance's servers has a disk there.
func (s *Simulator) deviceUsed(i *Instance, device string) bool {
	for _, server := range []Server{i.SourceServer, i.TargetServer} {
		if slices.ContainsFunc(s.disksOf(server.ID), func(d *Disk) bool { return d.at(server.ID) == device }) {
			return true
		}
	}

	return false
}

// detachable are the statuses of a group whose pairs can be detached.
var detachable = []string{
	StatusAvailable, StatusProtected, StatusFailedOver, StatusErrorStarting, StatusErrorStopping, StatusErrorReversing,
	StatusErrorFailingOver,
}

// detachPair serves DELETE protected-instances/{id}/detachreplication/{pair}. The pair stays one.
func (s *Simulator) detachPair(in *incoming) (any, *Problem) {
	g, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.0208")
	if problem != nil {
		return nil, problem
	}
	_, keeper, p, problem := s.pairAsked(in.PathValue("pair"), "SDRS.0213")
	if problem != nil {
		return nil, problem
	}
	device := p.deviceAt(keeper, i.ID)
	switch {
	case device == "" && (p.Status != StatusErrorAttaching || p.wantedBy != i.ID || s.failedAttachmentsStay):
		return nil, refused("SDRS.1604", "The replication pair %s is not attached to the instance %s.", p.ID, i.ID)
	case !slices.Contains(detachable, g.Status):
		return nil, refused("SDRS.1002", "The status %s of the protection group does not allow this operation.", g.Status)
	case i.Status == StatusError || !slices.Contains(removable, i.Status):
		return nil, refused("SDRS.1314", "The protected instance %s is %s.", i.ID, i.Status)
	case p.Status == StatusError || !slices.Contains(removable, p.Status) && !slices.Contains([]string{
		StatusErrorAttaching, StatusErrorDetaching, StatusErrorExtending,
	}, p.Status):
		return nil, refused("SDRS.1601", "The status %s of the replication pair %s does not allow this.", p.Status, p.ID)
	case isSystemDisk(device) && i.at(i.PriorityStation).Status != ServerStopped:
		return nil, refused("SDRS.1316", "The server %s is not stopped.", i.at(i.PriorityStation).ID)
	}
	if problem := s.busy(g.ID); problem != nil {
		return nil, problem
	}

	before := p.Status
	if before == StatusErrorDetaching || before == StatusErrorAttaching {
		before = g.restOfMembers()
	}
	p.Status, p.UpdatedAt = StatusDetaching, s.now
	detach := func(i *Instance, p *Pair, failed bool) {
		p.Status = before
		if failed {
			p.Status = StatusErrorDetaching

			return
		}
		s.detachDisk(p.SourceVolume, i.SourceServer.ID)
		s.detachDisk(p.TargetVolume, i.TargetServer.ID)
		further := len(p.Further)
		p.Further = slices.DeleteFunc(p.Further, func(a Attachment) bool { return a.InstanceID == i.ID })
		if len(p.Further) == further {
			g.keep(g.take(p.ID))
			s.pauseLoose(g)
		}
	}

	return s.changeAttachment(g, p, i.ID, "detachReplicationPairNew", "detachFail", detach).accepted(), nil
}

// changeAttachment starts a job on a pair at an instance. Its entities are texts alone, without sub-jobs.
func (s *Simulator) changeAttachment(
	g *Group, p *Pair, instanceID, kind, failed string, settle func(i *Instance, p *Pair, failed bool),
) *job {
	pairID := p.ID

	return s.change(&job{
		part: part{kind: kind, entities: map[string]string{
			"protected_instance_id": instanceID, "replication_pair_id": pairID,
		}},
		resource: p.resource(g, failed),
	}, func(failure *failure, at time.Time) {
		i := g.instance(instanceID)
		_, _, p, problem := s.pairAsked(pairID, "")
		if i != nil && problem == nil {
			p.UpdatedAt, i.UpdatedAt = at, at
			settle(i, p, failure != nil)
		}
	})
}

// take removes a pair from where it is kept, and returns it.
func (g *Group) take(id string) Pair {
	same := func(p Pair) bool { return p.ID == id }
	for n := range g.Instances {
		i := &g.Instances[n]
		if at := slices.IndexFunc(i.Pairs, same); at >= 0 {
			p := i.Pairs[at]
			i.Pairs = slices.Delete(i.Pairs, at, at+1)

			return p
		}
	}
	at := slices.IndexFunc(g.Pairs, same)
	p := g.Pairs[at]
	g.Pairs = slices.Delete(g.Pairs, at, at+1)

	return p
}
