package evacuation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Request says which groups leave an availability zone, in which order, and how.
type Request struct {
	// Zone is the availability zone to leave.
	Zone string
	// Planned moves groups by planned failovers; otherwise it is by unplanned ones.
	Planned bool
	// Groups are the ids or exact names of those that leave; nil: all whose active site is in the zone, those that a switch
	// is moving or has left half-way, see [switching] and [stuck], and those whose servers an earlier run may not have
	// started, see [Request.hasFled].
	Groups []string
	// Waves are ids or exact names. Groups in no wave go last.
	Waves [][]string
	// MaxParallel is how many groups move at the same time, at least 1.
	MaxParallel int
	// Halt begins with no further group once one has failed.
	Halt bool
	// Policy is about the servers of each group. Servers are stopped for planned failovers only.
	Policy failover.ServerPolicy
	// StopAllFirst stops the servers of all groups, the last wave's first, before any group moves.
	StopAllFirst bool
	// DryRun checks all, and moves nothing.
	DryRun bool
}

// operation is what moves a group to a site.
func (r Request) operation(station sdrs.Station) failover.Operation {
	if r.Planned {
		return failover.PlannedFailover(station)
	}
	return failover.UnplannedFailover(station)
}

// hasFled reports whether a group has left the zone by an unplanned failover, as an earlier run of the same request makes
// it, which may have ended before it had started the servers. After a planned one nothing tells.
func (r Request) hasFled(group sdrs.Group) bool {
	station, unique := group.StationIn(r.Zone)
	return r.Policy.Start && !r.Planned && unique && group.PriorityStation == station.Other() &&
		group.Status == sdrs.StatusFailedOver
}

// switching reports whether a group with a site in a zone is on its way from one site to the other. Which of the two it
// shows as the active one meanwhile is not documented: it is waited for, and leaves if it runs in the zone then.
func switching(group sdrs.Group, zone string) bool {
	_, unique := group.StationIn(zone)
	return unique && (group.Status == sdrs.StatusReversing || group.Status == sdrs.StatusFailingOver)
}

// stuck reports whether a switch of a group with a site in a zone has failed half-way. Production may be at either site
// then, whichever counts as active: where nothing can be sent, the error says so.
func stuck(group sdrs.Group, zone string) bool {
	_, unique := group.StationIn(zone)
	return unique && (group.Status == sdrs.StatusErrorReversing || group.Status == sdrs.StatusErrorFailingOver)
}

// Member is a group that is to leave.
type Member struct {
	Group sdrs.Group
	// Operation moves it to its other site.
	Operation failover.Operation
}

// From and To are the availability zones that the group leaves and enters.
func (m Member) From() string { return m.Group.AvailabilityZone(m.Operation.Station.Other()) }

// To is the availability zone that the group enters.
func (m Member) To() string { return m.Group.AvailabilityZone(m.Operation.Station) }

// HasLeft reports whether the group is where it is to go already, so that at most its servers are to be started.
func (m Member) HasLeft() bool {
	decision, _ := m.Operation.Decide(m.Group)
	return decision == failover.NoAction
}

// Names are the names of groups, separated by commas.
func Names(members []Member) string {
	names := make([]string, 0, len(members))
	for _, member := range members {
		names = append(names, member.Group.Name)
	}
	return strings.Join(names, ", ")
}

// Selection is what a request means for the groups that there are.
type Selection struct {
	// Waves are the groups that are to leave, each wave by name, and with Policy.Start those that have left: an earlier run
	// may have been interrupted before it started their servers. None is empty.
	Waves [][]Member
	// Away are groups that were asked for by name, and run in their other zone already.
	Away []Member
	// Problems are sentences on what was asked for and can't be done.
	Problems []string
	// Notes are sentences on what of the waves has no effect.
	Notes []string
	// Staying are groups that run in the zone, and were not asked for.
	Staying []sdrs.Group
}

// Members are all groups of the waves, in order.
func (s Selection) Members() []Member { return slices.Concat(s.Waves...) }

// Leaving are those of the waves that run in the zone, and Left the others.
func (s Selection) Leaving() []Member { return slices.DeleteFunc(s.Members(), Member.HasLeft) }

// Left are those of the waves that have left the zone.
func (s Selection) Left() []Member {
	return slices.DeleteFunc(s.Members(), func(m Member) bool { return !m.HasLeft() })
}

// activeIn reports whether the active site of a group is in a zone. A group without one is nowhere.
func activeIn(group sdrs.Group, zone string) bool {
	return group.PriorityStation.Valid() && group.AvailabilityZone(group.PriorityStation) == zone
}

// find returns the one group with an id or an exact name; a problem where there is none, or more.
func find(groups []sdrs.Group, text string) (found sdrs.Group, problem string) {
	count := 0
	for _, group := range groups {
		if cloud.SameID(group.ID, text) {
			return group, ""
		}
		if group.Name == text {
			found = group
			count++
		}
	}
	switch count {
	case 0:
		return found, fmt.Sprintf("There is no protection group %q.", text)
	case 1:
		return found, ""
	}
	return found, fmt.Sprintf("%d protection groups have the name %q: give the id in its place.", count, text)
}

// Zones are the availability zones that groups and active-active domains are in, sorted.
func Zones(groups []sdrs.Group, domains []sdrs.ActiveDomain) []string {
	var zones []string
	for _, group := range groups {
		zones = append(zones, group.AvailabilityZone(sdrs.Source), group.AvailabilityZone(sdrs.Target))
	}
	for _, domain := range domains {
		zones = append(zones, domain.Local.AvailabilityZone, domain.Remote.AvailabilityZone)
	}
	slices.Sort(zones)
	return slices.DeleteFunc(slices.Compact(zones), func(zone string) bool { return zone == "" })
}

// Select finds the groups that a request is about, among all groups of the project.
func Select(groups []sdrs.Group, request Request) Selection {
	var s Selection
	var chosen []sdrs.Group
	if request.Groups == nil {
		chosen = slices.DeleteFunc(slices.Clone(groups), func(g sdrs.Group) bool {
			return !activeIn(g, request.Zone) && !switching(g, request.Zone) && !stuck(g, request.Zone) &&
				!request.hasFled(g)
		})
	}
	for _, text := range request.Groups {
		group, problem := find(groups, text)
		switch {
		case problem != "":
			s.Problems = append(s.Problems, problem)
		case !has(chosen, group):
			chosen = append(chosen, group)
		}
	}
	for _, group := range groups {
		if activeIn(group, request.Zone) && !has(chosen, group) {
			s.Staying = append(s.Staying, group)
		}
	}
	waiting := map[string]Member{}
	for _, group := range chosen {
		station, unique := group.StationIn(request.Zone)
		if !unique {
			s.Problems = append(
				s.Problems,
				fmt.Sprintf("%s has not exactly one site in %s: it can't leave it.", group.Name, request.Zone),
			)
			continue
		}
		member := Member{Group: group, Operation: request.operation(station.Other())}
		decision, _ := member.Operation.DecideConfirmation(group)
		if decision == failover.NoAction && (!request.Policy.Start || !member.HasLeft()) && !stuck(group, request.Zone) {
			s.Away = append(s.Away, member)
			continue
		}
		waiting[group.ID] = member
	}
	placed := map[string]int{}
	for n, wave := range request.Waves {
		var members []Member
		for _, text := range wave {
			group, problem := find(groups, text)
			member, waits := waiting[group.ID]
			switch {
			case problem != "":
				s.Notes = append(s.Notes, fmt.Sprintf("Wave %d: %s", n+1, problem))
			case waits:
				members, placed[group.ID] = append(members, member), n+1
				delete(waiting, group.ID)
			case placed[group.ID] > 0:
				s.Notes = append(s.Notes, fmt.Sprintf("Wave %d: %s is in wave %d already.", n+1, group.Name, placed[group.ID]))
			case !has(chosen, group):
				s.Notes = append(s.Notes, fmt.Sprintf("Wave %d: %s does not run in %s, or is not to leave it: it stays.",
					n+1, group.Name, request.Zone))
			}
		}
		s.add(members)
	}
	var last []Member
	for _, member := range waiting {
		last = append(last, member)
	}
	s.add(last)
	slices.SortFunc(s.Away, byName)
	return s
}

// add adds a wave that has any members.
func (s *Selection) add(wave []Member) {
	if len(wave) > 0 {
		slices.SortFunc(wave, byName)
		s.Waves = append(s.Waves, wave)
	}
}

func byName(a, b Member) int {
	return cmp.Or(cmp.Compare(a.Group.Name, b.Group.Name), cmp.Compare(a.Group.ID, b.Group.ID))
}

func has(groups []sdrs.Group, group sdrs.Group) bool {
	return slices.ContainsFunc(groups, func(other sdrs.Group) bool { return other.ID == group.ID })
}
