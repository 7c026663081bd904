package failover

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Verdict is the outcome of a check.
type Verdict string

// The outcomes of a check.
const (
	Pass Verdict = "pass"
	// Warn does not block, but is worth a look.
	Warn Verdict = "warn"
	// Fail blocks: the cloud would refuse the switch, or the switch would fail.
	Fail Verdict = "fail"
	// Unknown could not be checked. It never blocks.
	Unknown Verdict = "unknown"
)

// The names of the checks.
const (
	CheckGroupStatus             = "group_status"
	CheckReplicationPairs        = "replication_pairs"
	CheckReplicationHealth       = "replication_health"
	CheckReplicationSynchronized = "replication_synchronized"
	CheckProtectedInstances      = "protected_instances"
	CheckServersStopped          = "servers_stopped"
	CheckPermissions             = "permissions"
)

// Check is one condition of a planned failover.
type Check struct {
	Name    string
	Verdict Verdict
	// Detail says what was found, Remedy what to do about it; empty where there is nothing to do.
	Detail, Remedy string
}

// Ready reports whether no check failed.
func Ready(checks []Check) bool {
	return !slices.ContainsFunc(checks, func(c Check) bool { return c.Verdict == Fail })
}

// Readiness is what the checks of a group found.
type Readiness struct {
	Group   sdrs.Group
	Station sdrs.Station
	Checks  []Check
}

// Ready reports whether the operation could start now: it is one that would do something to the group at rest, or that
// has nothing to do and nothing to warn of, and no check failed.
func (r Readiness) Ready() bool {
	decision, advice := PlannedFailover(r.Station).Decide(r.Group)
	return decision != Wait && (decision == Act || advice.Reason == "") && Ready(r.Checks)
}

// Readiness checks whether a planned failover of a group to station, or to the site that is not active where station is
// empty, could start now. It changes nothing. Servers that policy stops need not be stopped.
//
// It makes one request for the group, one each for its instances and pairs (or one for each thousand), and one for each
// server. The error is that of reading the group; whatever else can't be read is an unknown check.
func (w *Workflow) Readiness(ctx context.Context, groupID string, station sdrs.Station, policy ServerPolicy) (Readiness, error) {
	group, err := w.sdrs.Group(ctx, groupID)
	if err != nil {
		return Readiness{}, err
	}
	if station == "" {
		station = group.PriorityStation.Other()
	}
	return Readiness{Group: group, Station: station, Checks: w.ReadinessOf(ctx, group, PlannedFailover(station), policy)}, nil
}

// ReadinessOf is [Workflow.Readiness] for any operation, on a group that was read just now.
func (w *Workflow) ReadinessOf(ctx context.Context, group sdrs.Group, operation Operation, policy ServerPolicy) []Check {
	checks := []Check{checkGroupStatus(group, operation)}
	decision, _ := operation.Decide(group)
	if decision == NoAction {
		return checks // Nothing would be done.
	}
	wanted := operation.checks
	found := w.inspect(ctx, group, policy, wanted)
	for _, each := range wanted {
		checks = append(checks, each.check(found))
	}
	return checks
}

// checkFunc makes a check of what was found.
type checkFunc func(*inspection) Check

// readinessCheck is a check, and what it looks at.
type readinessCheck struct {
	pairs bool
	// active and standby are set for a check that looks at the instances' servers at these sites.
	instances, active, standby bool
	check                      checkFunc
}

var (
	checkPairs        = readinessCheck{pairs: true, check: (*inspection).checkPairs}
	checkHealth       = readinessCheck{pairs: true, check: (*inspection).checkHealth}
	checkLink         = readinessCheck{pairs: true, check: (*inspection).checkLink}
	checkSynchronized = readinessCheck{pairs: true, check: (*inspection).checkSynchronized}
	checkInstances    = readinessCheck{instances: true, check: (*inspection).checkInstances}
	checkServers      = readinessCheck{instances: true, active: true, standby: true, check: (*inspection).checkServers}
	// checkStandbyServers is checkServers where those of the active site may run.
	checkStandbyServers = readinessCheck{instances: true, standby: true, check: (*inspection).checkServers}
	checkPermissions    = readinessCheck{check: (*inspection).checkPermissions}
)

// finding is one way for a check to fail: the culprits, and what to say about them.
type finding struct {
	culprits       []string
	prefix, remedy string
}

// mostNamed is how many culprits are named one by one.
const mostNamed = 20

// verdict is a check that fails where any of its findings has culprits.
func verdict(name, good string, findings ...finding) Check {
	check := Check{Name: name, Verdict: Pass, Detail: good}
	var details, remedies []string
	for _, finding := range findings {
		if len(finding.culprits) > 0 {
			details = append(details, finding.prefix+enumerate(finding.culprits)+".")
			remedies = append(remedies, finding.remedy)
		}
	}
	if len(details) > 0 {
		check.Verdict, check.Detail, check.Remedy = Fail, strings.Join(details, " "), strings.Join(remedies, " ")
	}
	return check
}

func enumerate(names []string) string {
	if len(names) > mostNamed {
		return fmt.Sprintf("%s, and %d more", strings.Join(names[:mostNamed], ", "), len(names)-mostNamed)
	}
	return strings.Join(names, ", ")
}

func unread(name, what string, err error) Check {
	return Check{
		Name: name, Verdict: Unknown,
		Detail: fmt.Sprintf("The %s could not be read: %s.", what, err),
		Remedy: "Check this yourself before switching.",
	}
}
