package failover

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// inspection is what the checks look at.
type inspection struct {
	group       sdrs.Group
	policy      ServerPolicy
	instances   []sdrs.ProtectedInstance
	instanceErr error
	pairs       []sdrs.ReplicationPair
	pairErr     error
	// stations are those whose servers are looked at, the active one first.
	stations []sdrs.Station
	// servers and serverErrs are by id; of each server one of the two is there.
	servers    map[string]ecs.Server
	serverErrs map[string]error
}

// inspect reads what checks look at: pairs and instances at the same time, then the servers, some at a time.
func (w *Workflow) inspect(
	ctx context.Context,
	group sdrs.Group,
	policy ServerPolicy,
	wanted []readinessCheck,
) *inspection {
	found := &inspection{group: group, policy: policy}
	some := func(needs func(readinessCheck) bool) bool { return slices.ContainsFunc(wanted, needs) }
	var reads sync.WaitGroup
	if some(func(c readinessCheck) bool { return c.pairs }) {
		reads.Go(func() {
			found.pairs, found.pairErr = w.sdrs.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{GroupID: group.ID})
		})
	}
	if some(func(c readinessCheck) bool { return c.instances }) {
		found.instances, found.instanceErr = w.sdrs.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{GroupID: group.ID})
	}
	if some(func(c readinessCheck) bool { return c.active }) {
		found.stations = append(found.stations, group.PriorityStation)
	}
	if some(func(c readinessCheck) bool { return c.standby }) {
		found.stations = append(found.stations, group.PriorityStation.Other())
	}
	reads.Wait()

	found.servers, found.serverErrs = w.readServers(ctx, serversAt(found.instances, found.stations...))
	return found
}

func checkGroupStatus(group sdrs.Group, operation Operation) Check {
	decision, advice := operation.Decide(group)
	check := Check{
		Name: CheckGroupStatus, Verdict: Pass,
		Detail: fmt.Sprintf("The group is %s, active at %s.", group.Status, cmp.Or(group.PriorityStation, "neither site")),
	}
	if advice.Reason != "" {
		check.findings = []string{advice.Reason}
	}
	switch decision {
	case Refuse:
		check.Verdict, check.Remedy = Fail, advice.WayOut
		check.Detail += " " + advice.Reason
	case Wait:
		check.Verdict, check.Remedy = Warn, "Wait until the group rests. The operation waits for it, too."
	case NoAction, Act:
	}
	return check
}

func (i *inspection) checkPairs() Check {
	check := Check{
		Name:    CheckReplicationPairs,
		Verdict: Pass,
		Detail:  "The group has " + Counted(len(i.pairs), "replication pair") + ".",
	}
	if i.pairErr != nil {
		return unread(check.Name, "replication pairs", i.pairErr)
	}
	if len(i.pairs) == 0 {
		check.Verdict = Fail
		check.Detail = "The group has no replication pairs, so there is nothing to replicate."
		check.Remedy = "Create replication pairs for the disks of the group's servers, and enable protection."
	}
	return check
}

// Counted returns a number with what it counts: 1 group, 2 groups.
func Counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// halfway reports whether a status is what a failed reversal leaves behind in a group that it can be repeated from.
func (i *inspection) halfway(status sdrs.Status) bool {
	return i.group.Status == sdrs.StatusErrorReversing && status == sdrs.StatusErrorReversing
}

func (i *inspection) checkHealth() Check {
	if i.pairErr != nil {
		return unread(CheckReplicationHealth, "replication pairs", i.pairErr)
	}
	var linkDown, diskDown, faulty []string
	for _, pair := range i.pairs {
		name := fmt.Sprintf("%s (%s)", pair.Name, pair.ID)
		switch {
		case pair.FaultLevel == "5":
			linkDown = append(linkDown, name)
		case pair.FaultLevel == "2":
			diskDown = append(diskDown, name)
		case pair.Status == sdrs.StatusInvalid, pair.Status == sdrs.StatusFault,
			strings.HasPrefix(string(pair.Status), "error") && !i.halfway(pair.Status):
			faulty = append(faulty, name+" is "+string(pair.Status))
		}
	}
	useFailover := "Use an unplanned failover: a planned one can't work."
	if i.group.Status == sdrs.StatusErrorReversing { // It may be refused, too, and say: a planned one.
		useFailover += " If that is refused, open a service ticket with the ids of these pairs."
	}
	return verdict(
		CheckReplicationHealth,
		"All replication pairs are healthy.",
		finding{
			linkDown,
			"The replication link of these pairs is down (fault level 5): ",
			callSupport + " Neither a planned failover nor a failover is allowed until the link is repaired.",
		},
		finding{diskDown, "The production disks of these pairs can't be read or written (fault level 2): ", useFailover},
		finding{faulty, "These pairs are faulty: ", "Repair or delete the pairs in the console."},
	)
}

// checkLink is what of checkHealth an unplanned failover needs, and that it is known which site it would leave: it has
// no direction, and what counts as the active site of a group that was reversed half-way is not documented.
func (i *inspection) checkLink() Check {
	if i.pairErr != nil {
		check := unread(CheckReplicationHealth, "replication pairs", i.pairErr)
		if i.group.Status == sdrs.StatusErrorReversing {
			check.Verdict, check.Remedy = Fail, "Of a group that was reversed half-way only they tell which site a failover "+
				"would leave. Try again when they can be read, or finish the planned failover, which has a direction."
		}
		return check
	}
	var linkDown, apart []string
	for _, pair := range i.pairs {
		name := fmt.Sprintf("%s (%s)", pair.Name, pair.ID)
		switch {
		case pair.FaultLevel == "5":
			linkDown = append(linkDown, name)
		case i.group.Status == sdrs.StatusErrorReversing && pair.PriorityStation != i.group.PriorityStation:
			apart = append(apart, name+" at "+string(pair.PriorityStation))
		}
	}
	return verdict(
		CheckReplicationHealth,
		"No replication pair forbids a failover.",
		finding{
			linkDown,
			"The replication link of these pairs is down (fault level 5): ",
			callSupport + " A failover is not allowed until the link is repaired.",
		},
		finding{
			apart,
			"These pairs are active at another site than the group, so that a failover could leave the wrong one: ",
			outOfStep,
		},
	)
}

func (i *inspection) checkSynchronized() Check {
	if i.pairErr != nil {
		return unread(CheckReplicationSynchronized, "replication pairs", i.pairErr)
	}
	var copying, apart []string
	for _, pair := range i.pairs {
		name := fmt.Sprintf("%s (%s)", pair.Name, pair.ID)
		// Pairs in sync are seen with progress 100, and with 0, as in the API reference's example of an active one.
		unfinished := pair.Progress < 100 && (pair.Progress > 0 || pair.ReplicationStatus != "active")
		switch {
		case pair.ReplicationStatus == "copying" || unfinished && !i.halfway(pair.Status):
			copying = append(copying, fmt.Sprintf("%s at %d %%", name, pair.Progress))
		case pair.PriorityStation != i.group.PriorityStation:
			apart = append(apart, name+" at "+string(pair.PriorityStation))
		}
	}
	check := verdict(CheckReplicationSynchronized, "All replication pairs are synchronized.",
		finding{copying, "These pairs are still synchronizing: ", "Wait until they are synchronized."},
		finding{apart, "These pairs are active at another site than the group: ", outOfStep},
	)
	return i.tolerate(check, copying)
}

func (i *inspection) checkInstances() Check {
	if i.instanceErr != nil {
		return unread(CheckProtectedInstances, "protected instances", i.instanceErr)
	}
	var broken, frozen, apart []string
	for _, instance := range i.instances {
		name := fmt.Sprintf("%s (%s)", instance.Name, instance.ID)
		switch {
		case instance.Status == sdrs.StatusInvalid, instance.Status == sdrs.StatusFault:
			broken = append(broken, name+" is "+string(instance.Status))
		case instance.Frozen():
			frozen = append(frozen, name)
		case instance.PriorityStation != i.group.PriorityStation:
			apart = append(apart, name+" at "+string(instance.PriorityStation))
		}
	}
	check := verdict(
		CheckProtectedInstances,
		fmt.Sprintf("All %d protected instances are fit to switch.", len(i.instances)),
		finding{
			broken,
			"These protected instances are broken: ",
			"Invalid: a server was deleted outside of SDRS; delete the instance. Fault: repair its replication pairs.",
		},
		finding{
			frozen,
			"These protected instances are frozen: ",
			"Have their servers unfrozen, for example by settling what is owed.",
		},
		finding{apart, "These protected instances are active at another site than the group: ", outOfStep},
	)
	return i.tolerate(check, append(broken, frozen...))
}

// callSupport is the remedy for what only the cloud's operators can repair.
const callSupport = "Call the support of Open Telekom Cloud: open a service ticket with the ids of these pairs."

const outOfStep = "Switch the group towards the site that it was being switched to, which finishes what was left " +
	"half-way; if that is refused, open a service ticket."

// tolerate turns a failure into a warning where all there is to it is a group that a failed reversal left half-way: to
// reverse it again is the documented way on.
func (i *inspection) tolerate(check Check, hard []string) Check {
	if check.Verdict == Fail && len(hard) == 0 && i.group.Status == sdrs.StatusErrorReversing {
		check.Verdict = Warn
	}
	return check
}

func (i *inspection) checkServers() Check {
	if i.instanceErr != nil {
		return unread(CheckServersStopped, "protected instances", i.instanceErr)
	}
	var active, standby, gone []string
	var stops []ecs.Server
	var unknown error
	unknowns := 0
	for _, instance := range i.instances {
		for _, station := range i.stations {
			id := instance.Server(station)
			if err := i.serverErrs[id]; err != nil {
				if ecs.IsNotFound(err) {
					gone = append(gone, fmt.Sprintf("%s of %s", id, instance.Name))
				} else {
					unknown = err
					unknowns++
				}
				continue
			}
			server := i.servers[id]
			if server.Status == ecs.Stopped {
				continue
			}
			if i.policy.Stop && (station == i.group.PriorityStation || i.group.Status == sdrs.StatusErrorReversing) {
				stops = append(stops, server)
			}
			if station == i.group.PriorityStation {
				active = append(active, server.String())
			} else {
				standby = append(standby, server.String())
			}
		}
	}
	standbyRemedy := "Stop them, and find out who started them: nothing may run there while the group is active here."
	if i.group.Status == sdrs.StatusErrorReversing { // Which site they belong to is not certain then.
		standbyRemedy = "Stop them, or set stop_servers = true."
		if i.policy.Stop {
			active, standby = append(active, standby...), nil
		}
	}
	good := "All servers of the group are stopped."
	if len(i.stations) == 1 {
		good = fmt.Sprintf("All servers at %s are stopped.", i.stations[0])
	}
	if i.policy.Stop && len(active) > 0 {
		good = "These servers will be stopped: " + strings.Join(active, ", ") + "."
		active = nil
	}
	check := verdict(
		CheckServersStopped,
		good,
		finding{
			gone,
			"These servers do not exist any longer: ",
			"Delete their protected instances: a switch would fail, and leave the group unusable.",
		},
		finding{active, "These servers run at the active site: ", "Stop them, or set stop_servers = true."},
		finding{standby, "These servers run at the other site: ", standbyRemedy},
	)
	if check.Verdict == Pass && unknowns > 0 {
		check = unread(check.Name, "states of "+Counted(unknowns, "server"), unknown)
	}
	check.Stops = stops
	return check
}

func (i *inspection) checkPermissions() Check {
	var denied []string
	if sdrs.IsForbidden(i.pairErr) {
		denied = append(denied, "replication pairs (SDRS)")
	}
	if sdrs.IsForbidden(i.instanceErr) {
		denied = append(denied, "protected instances (SDRS)")
	}
	for _, err := range i.serverErrs {
		if sdrs.IsForbidden(err) {
			denied = append(denied, "servers (ECS)")
			break
		}
	}
	if len(denied) == 0 {
		return Check{Name: CheckPermissions, Verdict: Pass, Detail: "The user may read all that the checks look at."}
	}
	return Check{
		Name: CheckPermissions, Verdict: Unknown,
		Detail: "The user may not read: " + strings.Join(denied, ", ") + ".",
		Remedy: "Give the user read permissions for SDRS and ECS in this project.",
	}
}
