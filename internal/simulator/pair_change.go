package simulator

import (
	"slices"
	"time"
)

// pairParameters is the body of POST replications.
type pairParameters struct {
	GroupID     string `json:"server_group_id"`
	VolumeID    string `json:"volume_id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// createPair serves POST replications: it makes a disk like an unattached one in the other zone, and a pair of both.
func (s *Simulator) createPair(in *incoming) (any, *Problem) {
	asked, problem := parameters[pairParameters](in, "replication")
	if problem != nil {
		return nil, problem
	}
	g, problem := s.groupAsked(asked.GroupID)
	if problem != nil {
		return nil, problem
	}
	disk, problem := s.diskToPair(g, asked)
	if problem != nil {
		return nil, problem
	}
	atOnce, inJob := s.late(s.fitForPair(g, disk))
	if atOnce != nil {
		return nil, atOnce
	}

	replica := s.replica(disk, g.zone(opposite(g.PriorityStation)))
	p := s.newPair(g, disk, replica.ID)
	p.Name, p.Description, p.Separate = asked.Name, asked.Description, true
	p.seenFrom = s.now.Add(s.unseen)
	g.Pairs = append(g.Pairs, p)
	j := s.change(&job{
		part: part{
			kind: "createReplicationPairNoCG", entities: map[string]string{"server_group_id": g.ID},
			made: map[string]string{"replication_pair_id": p.ID, "volume_ids": p.SourceVolume + "," + p.TargetVolume},
		},
		resource: p.resource(g, "createFail"),
	}, func(failure *failure, at time.Time) {
		_, _, p, problem := s.pairAsked(p.ID, "")
		switch {
		case problem != nil: // somebody has deleted the group by hand
		case failure != nil:
			p.Status, p.UpdatedAt, p.FailureDetail = StatusError, at, failure.code
		default:
			s.addDisk(replica)
			s.join(g, p, at)
		}
	})
	j.fail(inJob)

	return j.accepted(), nil
}

// diskToPair finds the disk of a new pair. What it refuses is never found later than that.
func (s *Simulator) diskToPair(g *Group, asked pairParameters) (*Disk, *Problem) {
	if problem := validName(asked.Name); problem != nil {
		return nil, problem
	}
	if problem := validDescription(asked.Description); problem != nil {
		return nil, problem
	}
	if problem := s.allows(g); problem != nil {
		return nil, problem
	}
	disk := s.disks[asked.VolumeID]
	if disk == nil {
		if !names.MatchString(asked.VolumeID) {
			return nil, refused("SDRS.0211", "The disk id %q is invalid.", asked.VolumeID)
		}

		return nil, refused("SDRS.1803", "The disk %s does not exist.", asked.VolumeID)
	}
	if p := s.pairOfDisk(disk.ID); p != nil {
		return nil, refused("SDRS.1811", "The disk %s is used by the replication pair %s already.", disk.ID, p.ID)
	}
	if exhausted(s.pairsUsed(), 1, s.pairQuota) {
		return nil, refused("SDRS.0306", "The quota of %d replication pairs is exhausted.", s.pairQuota)
	}
	if s.looseLimit >= 0 && len(g.Pairs) >= s.looseLimit {
		return nil, refused("SDRS.1826", "The protection group %s has %d unattached pairs already.", g.ID, s.looseLimit)
	}

	return disk, nil
}

// fitForPair tells what about a disk forbids to pair it.
func (s *Simulator) fitForPair(g *Group, d *Disk) *Problem {
	switch {
	case g.PriorityStation == StationTarget && !s.newAfterSwitch:
		return refused("SDRS.1809", "The current production site of the group %s is the target site.", g.ID)
	case d.AZ != g.zone(g.PriorityStation):
		return refused("SDRS.1810", "The disk's AZ %s differs from the production site's, %s.",
			d.AZ, g.zone(g.PriorityStation))
	case s.ofDrill(d):
		return refused("SDRS.1825", "The disk %s is used in a DR drill.", d.ID)
	case d.status() != diskAvailable:
		return refused("SDRS.1801", "The disk %s is %s, not available.", d.ID, d.status())
	case d.Encrypted:
		return refused("SDRS.1802", "The disk %s is encrypted.", d.ID)
	case d.Frozen:
		return refused("SDRS.0225", "The disk %s is frozen.", d.ID)
	case d.Locked:
		return refused("SDRS.1831", "The disk %s is locked.", d.ID)
	case !slices.Contains([]string{"SSD", "SAS", "SATA", "co-p1", "uh-l1"}, d.Type):
		return refused("SDRS.1806", "The disk type %s does not support this.", d.Type)
	default:
		return nil
	}
}

// replica is a disk like d for another zone, with its name, which is not in the cloud yet.
func (s *Simulator) replica(d *Disk, zone string) Disk {
	replica := d.clone()
	replica.ID, replica.AZ, replica.Attachments = s.newID("disk"), zone, nil

	return replica
}

// newPair is a pair of a disk at the current production site and its replica, which is not in the cloud yet.
func (s *Simulator) newPair(g *Group, d *Disk, replicaID string) Pair {
	p := Pair{
		ID: s.newID("pair"), Status: StatusCreating, ReplicationStatus: ReplicationInactive, FaultLevel: "0",
		PriorityStation: g.PriorityStation, SourceVolume: d.ID, TargetVolume: replicaID, Shared: d.Shared,
		SizeGB: d.SizeGB, VolumeType: d.Type, CreatedAt: s.now, UpdatedAt: s.now, furnished: true,
	}
	if g.PriorityStation == StationTarget {
		p.SourceVolume, p.TargetVolume = p.TargetVolume, p.SourceVolume
	}

	return p
}

// join lets a new pair do as its group does: in a protected one it is synchronized. In another its replication_status
// reads active and its progress 0, which is what the reference shows.
func (s *Simulator) join(g *Group, p *Pair, at time.Time) {
	p.Status, p.ReplicationStatus, p.Progress, p.UpdatedAt = g.restOfMembers(), ReplicationActive, 0, at
	if p.Status == StatusProtected {
		s.copy(p, at)
	}
	s.pauseLoose(g)
}

// pauseLoose stops the unattached pairs of a group, if that is how it is.
func (s *Simulator) pauseLoose(g *Group) {
	for n := range g.Pairs {
		if p := &g.Pairs[n]; s.looseStopped && p.Status == StatusProtected {
			p.ReplicationStatus, p.copiedSince = ReplicationActiveStopped, time.Time{}
		}
	}
}

// renamePair serves PUT replications/{id}.
func (s *Simulator) renamePair(in *incoming) (any, *Problem) {
	name, problem := in.newName("replication")
	if problem != nil {
		return nil, problem
	}
	g, keeper, p, problem := s.pairAsked(in.PathValue("id"), "SDRS.1608")
	if problem != nil {
		return nil, problem
	}
	p.Name, p.UpdatedAt = name, s.now

	return object{"replication": s.pairWire(g, keeper, p)}, nil
}

// deletePair serves DELETE replications/{id}. The production disk is never deleted.
func (s *Simulator) deletePair(in *incoming) (any, *Problem) {
	asked, problem := parameters[struct {
		GroupID string `json:"server_group_id"`
		Volume  bool   `json:"delete_target_volume"`
	}](in, "replication")
	if problem != nil {
		return nil, problem
	}
	g, keeper, p, problem := s.pairAsked(in.PathValue("id"), "SDRS.1608")
	if problem != nil {
		return nil, problem
	}
	switch {
	case asked.GroupID != "" && asked.GroupID != g.ID:
		return nil, refused("SDRS.1611", "The replication pair %s is not in the protection group %s.", p.ID, asked.GroupID)
	case keeper != nil:
		return nil, refused("SDRS.1605", "The replication pair %s is attached.", p.ID)
	case g.Status == StatusError || !slices.Contains(removable, g.Status):
		return nil, refused("SDRS.1002", "The status %s of the protection group does not allow this operation.", g.Status)
	case !slices.Contains(removable, p.Status) && p.Status != StatusErrorAttaching && p.Status != StatusErrorExtending:
		return nil, refused("SDRS.1601", "The status %s of the replication pair %s does not allow this.", p.Status, p.ID)
	case asked.Volume && p.PriorityStation == StationTarget:
		return nil, refused("SDRS.1809", "The current production site of the pair %s is the target site.", p.ID)
	case asked.Volume && s.frozen(p.TargetVolume):
		return nil, refused("SDRS.1828", "The account is frozen.")
	}
	if problem := s.busy(g.ID); problem != nil {
		return nil, problem
	}

	p.Status, p.UpdatedAt = StatusDeleting, s.now
	j := s.changePair(g, p, "deleteReplicationPairNoCG", "deleteFail", func(p *Pair, failed bool) {
		if failed {
			p.Status = StatusErrorDeleting

			return
		}
		if asked.Volume {
			delete(s.disks, p.TargetVolume)
		}
		id := p.ID
		g.Pairs = slices.DeleteFunc(g.Pairs, func(other Pair) bool { return other.ID == id })
	})

	return j.accepted(), nil
}

func (s *Simulator) frozen(diskID string) bool {
	return s.disks[diskID] != nil && s.disks[diskID].Frozen
}

// actOnPair serves POST replications/{id}/action, which has one action: both disks grow.
func (s *Simulator) actOnPair(in *incoming) (any, *Problem) {
	asked, problem := parameters[struct {
		Size int `json:"new_size"`
	}](in, "extend-replication")
	if problem != nil {
		return nil, problem
	}
	g, _, p, problem := s.pairAsked(in.PathValue("id"), "SDRS.1608")
	if problem != nil {
		return nil, problem
	}
	source, target := s.disks[p.SourceVolume], s.disks[p.TargetVolume]
	switch {
	case asked.Size <= p.SizeGB:
		return nil, refused("SDRS.0201", "new_size must be above the current %d GB.", p.SizeGB)
	case p.Status != StatusAvailable && p.Status != StatusProtected && p.Status != StatusErrorExtending,
		source == nil || target == nil:
		return nil, refused("SDRS.1601", "The status %s of the replication pair %s does not allow this.", p.Status, p.ID)
	case source.SizeGB != target.SizeGB:
		return nil, refused("SDRS.1814", "The disks have %d GB and %d GB.", source.SizeGB, target.SizeGB)
	case source.Locked || target.Locked:
		return nil, refused("SDRS.1832", "A disk of the replication pair %s is locked.", p.ID)
	case !usable(source) || !usable(target):
		return nil, refused("SDRS.1817", "A disk of the replication pair %s is neither available nor in use.", p.ID)
	case p.Shared && (source.status() != diskAvailable || target.status() != diskAvailable):
		return nil, refused("SDRS.1818", "The shared disks of the replication pair %s are not available.", p.ID)
	}
	if problem := s.busy(g.ID); problem != nil {
		return nil, problem
	}

	before := p.Status
	if before == StatusErrorExtending {
		before = g.restOfMembers()
	}
	p.Status, p.UpdatedAt = StatusExtending, s.now
	j := s.changePair(g, p, "expandReplicationPairNew", "expandFail", func(p *Pair, failed bool) {
		if failed {
			p.Status = StatusErrorExtending

			return
		}
		p.SizeGB = asked.Size
		for _, station := range []string{StationSource, StationTarget} {
			if d := s.disks[p.volume(station)]; d != nil {
				d.SizeGB = asked.Size
			}
		}
		p.Status = before
	})

	return j.accepted(), nil
}

func usable(d *Disk) bool { return d.status() == diskAvailable || d.status() == diskInUse }

// changePair starts a job on a pair, whose entities name the pair and its disks.
func (s *Simulator) changePair(g *Group, p *Pair, kind, failed string, settle func(p *Pair, failed bool)) *job {
	id := p.ID

	return s.change(&job{
		part: part{kind: kind, entities: map[string]string{
			"replication_pair_id": p.ID, "volume_ids": p.SourceVolume + "," + p.TargetVolume,
		}},
		resource: p.resource(g, failed),
	}, func(failure *failure, at time.Time) {
		if _, _, p, problem := s.pairAsked(id, ""); problem == nil {
			p.UpdatedAt = at
			settle(p, failure != nil)
		}
	})
}

// resource is how the list of failed jobs names the pair.
func (p *Pair) resource(g *Group, failure string) resource {
	return resource{group: g.ID, id: p.ID, name: p.Name, kind: "replications", failure: failure}
}
