package failover

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
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
	// Stops are the servers that run, and that the operation is to stop first.
	Stops []ecs.Server
	// findings are the sentences of Detail where they are several.
	findings []string
}

// Unknowns are the checks that were not possible.
func Unknowns(checks []Check) []Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c Check) bool { return c.Verdict != Unknown })
}

// UnreadGroup is the check of a group that can't be read again: what was found of its parts may be about another
// status.
func UnreadGroup(err error) Check { return unread(CheckGroupStatus, "group", err) }

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

// Ready reports whether the operation could start now, as far as can be known: there are no problems.
func (r Readiness) Ready() bool { return len(r.Problems()) == 0 }

// FullyChecked reports whether all checks were possible.
func (r Readiness) FullyChecked() bool { return len(Unknowns(r.Checks)) == 0 }

// Obstacles are the checks that stand in the way: those that failed, those that were not possible, and that of a group
// that moves.
func (r Readiness) Obstacles() []Check {
	return slices.DeleteFunc(slices.Clone(r.Checks), func(check Check) bool {
		return check.Verdict == Pass || check.Verdict == Warn && check.Name != CheckGroupStatus
	})
}

// Problems are the obstacles, one sentence each.
func (r Readiness) Problems() []string {
	problems := []string{}
	for _, check := range r.Obstacles() {
		if len(check.findings) > 0 {
			problems = append(problems, check.findings...)
		} else {
			problems = append(problems, check.Detail)
		}
	}
	return problems
}

// Readiness checks whether a planned failover of a group to station, or to the site that is not active where station is
// empty, could start now. It changes nothing. Servers that policy stops need not be stopped.
//
// It makes one request for the group, one each for its instances and pairs (or one for each thousand), and one for each
// server. The error is that of reading the group; whatever else can't be read is an unknown check.
func (w *Workflow) Readiness(
	ctx context.Context,
	groupID string,
	station sdrs.Station,
	policy ServerPolicy,
) (Readiness, error) {
	group, err := w.sdrs.Group(ctx, groupID)
	if err != nil {
		return Readiness{}, err
	}
	if station == "" {
		station = group.PriorityStation.Other()
	}
	return Readiness{
		Group:   group,
		Station: station,
		Checks:  w.ReadinessOf(ctx, group, PlannedFailover(station), policy),
	}, nil
}

// ReadinessOf is [Workflow.Readiness] for any operation, on a group that was read just now.
func (w *Workflow) ReadinessOf(
	ctx context.Context,
	group sdrs.Group,
	operation Operation,
	policy ServerPolicy,
) []Check {
	checks, _ := w.readiness(ctx, group, operation, policy)
	return checks
}

// readiness is ReadinessOf with the protected instances that the checks looked at; nil where none did.
func (w *Workflow) readiness(
	ctx context.Context,
	group sdrs.Group,
	operation Operation,
	policy ServerPolicy,
) ([]Check, []sdrs.ProtectedInstance) {
	checks := []Check{checkGroupStatus(group, operation)}
	decision, _ := operation.Decide(group)
	if decision == NoAction {
		return checks, nil // Nothing would be done.
	}
	wanted := operation.checks
	found := w.inspect(ctx, group, policy, wanted)
	for _, each := range wanted {
		checks = append(checks, each.check(found))
	}
	return checks, found.instances
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
		check.findings = details
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
