package simulator

import "slices"

// An availability zone that is down: its servers can't be reached, so that jobs which stop or start them fail; the
// pairs whose production disks are there have fault level 2; and what needs both sites is refused with SDRS.1601: to
// protect, to reprotect, and a planned failover. An unplanned failover leaves the zone, and none enters it. The
// reference names the fault level and the code; that an outage of a zone shows this way is our reading, as is that the
// servers of groups which have left read as stopped.

// faultProduction is the fault level of a pair whose production disk is not readable or writable.
const faultProduction = "2"

// WithZoneDown lets an availability zone be down from the beginning.
func WithZoneDown(zone string) Option {
	return func(s *Simulator) { s.downZones = append(s.downZones, zone) }
}

// SetZoneDown takes an availability zone down, or brings it back.
func (s *Simulator) SetZoneDown(zone string, down bool) {
	defer s.enter().Unlock()

	s.downZones = slices.DeleteFunc(s.downZones, func(other string) bool { return other == zone })
	if down {
		s.downZones = append(s.downZones, zone)
	}
}

// Leaving returns the estate with the production of all its groups in one zone, running there: what an outage of that
// zone hits the hardest. Groups without a site there stay as they are.
func (e Estate) Leaving(zone string) Estate {
	groups := slices.Clone(e.Groups)
	for n := range groups {
		g := groups[n].clone()
		if g.zone(g.PriorityStation) != zone && g.zone(opposite(g.PriorityStation)) == zone {
			g.produceAt(opposite(g.PriorityStation))
		}
		groups[n] = g
	}
	e.Groups = groups

	return e
}

// produceAt moves the production of a group that has never been anywhere else.
func (g *Group) produceAt(station string) {
	g.PriorityStation = station
	for n := range g.Instances {
		i := &g.Instances[n]
		i.PriorityStation = station
		i.at(station).Status, i.at(opposite(station)).Status = i.at(opposite(station)).Status, i.at(station).Status
	}
	for _, p := range g.pairs() {
		p.PriorityStation = station
	}
}

func (s *Simulator) down(zone string) bool { return slices.Contains(s.downZones, zone) }

// zoneObstacle refuses what an outage does not allow on a group.
func (s *Simulator) zoneObstacle(g *Group, op operation) *Problem {
	production, other := g.zone(g.PriorityStation), g.zone(opposite(g.PriorityStation))
	switch {
	case op.name == "stop":
	case op.name == "failover" && !s.down(other):
	case s.down(production):
		return refused("SDRS.1601", "The disks of the protection group %s in %s can't be reached.", g.ID, production)
	case s.down(other):
		return refused("SDRS.1601", "The disks of the protection group %s in %s can't be reached.", g.ID, other)
	}

	return nil
}

// faultLevel is that of a pair as it is shown.
func (s *Simulator) faultLevel(g *Group, p *Pair) string {
	if p.FaultLevel == "0" && s.down(g.zone(p.PriorityStation)) {
		return faultProduction
	}

	return p.FaultLevel
}
