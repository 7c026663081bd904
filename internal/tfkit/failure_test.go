package tfkit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// TestRequestFailed words each way in which a request about a noun can end.
func TestRequestFailed(t *testing.T) {
	t.Parallel()
	noun := diagnostic.Subject{Name: "protected instance", Title: "Protected Instance"}
	refusal := func(status int, code string) error {
		return &cloud.APIError{Status: status, Code: code, Message: "No.", RequestID: "r-1"}
	}
	const goesOn = "The creation of the protected instance was accepted and goes on in the cloud."
	for _, test := range []struct {
		failure jobs.Error
		title   string
		parts   []string
	}{
		{jobs.Error{Kind: jobs.NotSent, Err: context.DeadlineExceeded}, "Creation Not Sent", []string{"could not be sent. " +
			"Nothing was changed."}},
		{jobs.Error{Kind: jobs.Refused, Err: refusal(400, "SDRS.1305")}, "Creation Refused", []string{
			"The cloud refused the creation of the protected instance. Nothing was changed.", "Error code: SDRS.1305", "Request ID: r-1",
		}},
		{
			jobs.Error{Kind: jobs.NotStarted, Reads: 30, Err: refusal(503, "")},
			"Creation Not Started",
			[]string{"no sign of it in 30 reads"},
		},
		{jobs.Error{Kind: jobs.Failed, JobID: "j-1", Code: "SDRS.1314", Reason: "Broken."}, "Creation Failed", []string{
			"Job ID: j-1", "Error code: SDRS.1314", "Reason: Broken.", "repair or remove that instance. Then plan again, and " +
				"apply.",
		}},
		{
			jobs.Error{Kind: jobs.TimedOut, JobID: "j-1", Waited: time.Hour},
			"Creation Timed Out",
			[]string{"after 1h0m0s. " + goesOn, "raise timeouts.create."},
		},
		{jobs.Error{Kind: jobs.Interrupted}, "Creation Interrupted", []string{"What was requested by then goes on in the " +
			"cloud."}},
		{jobs.Error{Kind: jobs.LostContact, JobID: "j-1", Err: refusal(503, "")}, "Lost Contact", []string{
			goesOn,
			"HTTP status: 503",
		}},
		{jobs.Error{Kind: jobs.LostContact, JobID: "j-1", Err: refusal(401, "")}, "Lost Contact", []string{
			"Log in anew: a token that is passed in can't be renewed when it expires. Plan again",
		}},
		{jobs.Error{Kind: jobs.LostContact, JobID: "j-1", Err: refusal(400, "SDRS.1608")}, "Not Found", []string{
			"does not exist any longer. It was deleted after the creation",
		}},
	} {
		got := tfkit.RequestFailed(&test.failure, noun, noun.Creation(), &tfkit.Report{}, tfkit.Applying("create"))
		if !strings.Contains(got.Summary(), test.title) || !strings.Contains(got.Summary(), "Protected Instance") {
			t.Errorf("%s: the title is %q", test.title, got.Summary())
		}
		for _, part := range test.parts {
			if !strings.Contains(got.Detail(), part) {
				t.Errorf("%s lacks %q:\n%s", test.title, part, got.Detail())
			}
		}
	}
}

// Where a step of an update fails, it is said whether one before has changed anything. To settle a creation does not.
func TestMake(t *testing.T) {
	t.Parallel()
	noun := tfkit.Resource{Subject: diagnostic.Subject{Name: "protected instance", Title: "Protected Instance"}}
	const stays, nothing = "What was changed before that stays so.", "Nothing was changed."
	for name, test := range map[string]struct {
		before  tfkit.Step
		changed bool // By what came before all.
		says    string
	}{
		"after a change":        {before: noun.Changing(true, nil), says: stays},
		"alone":                 {before: noun.Changing(false, nil), says: nothing},
		"after a creation":      {before: noun.Settling(true, "", nil), says: nothing},
		"after what came first": {before: noun.Changing(false, nil), changed: true, says: stays},
	} {
		test.before.Make = func(context.Context) error { return nil }
		problem := noun.Make(t.Context(), func() *tfkit.Report { return &tfkit.Report{Changed: test.changed} }, test.before,
			noun.Changing(true, func(context.Context) error {
				return &jobs.Error{Kind: jobs.Refused, Err: &cloud.APIError{Status: 403}}
			}))
		if said := problem.Detail(); !strings.Contains(said, test.says) {
			t.Errorf("%s: %q is not in %s", name, test.says, said)
		}
	}
}

// What was asked for, and may have changed, is never said not to be.
func TestOperationFailed(t *testing.T) {
	t.Parallel()
	planned, unplanned := failover.PlannedFailover(sdrs.Target), failover.UnplannedFailover(sdrs.Target)
	group := sdrs.Group{ID: "g-1", Status: sdrs.StatusProtected, PriorityStation: sdrs.Source}
	for want, failure := range map[string]failover.Error{
		"The planned failover was requested, and the answer is not known": {
			Kind:     failover.TimedOut,
			Progress: failover.Progress{Sent: failover.Unanswered, Stopped: []ecs.Server{{ID: "s-1"}}},
		},
		"The planned failover itself is done and verified.": { // By a switch that was in flight.
			Kind: failover.ServersFailed, Wanted: ecs.Active, Progress: failover.Progress{Verified: true, From: sdrs.Source},
		},
		"The wanted site was active already, so no planned failover was requested.": {
			Kind: failover.ServersFailed, Wanted: ecs.Active,
			Progress: failover.Progress{Verified: true, From: sdrs.Target, Station: sdrs.Target},
		},
		"The group was not changed, but servers were: see below.": {
			Kind: failover.Refused, Progress: failover.Progress{Awaited: []ecs.Server{{ID: "s-1"}}, AwaitedStatus: ecs.Stopped},
		},
		"Until the failover shows, ask for no planned one": {
			Kind: failover.NotStarted, Progress: failover.Progress{Operation: unplanned, Sent: failover.Unanswered},
		},
		"It was deleted before the planned failover was requested.": {
			Kind: failover.LostContact, Err: &cloud.APIError{Status: 400, Code: "SDRS.1013"},
			Progress: failover.Progress{Stopped: []ecs.Server{{ID: "s-1"}}},
		},
	} {
		failure.Station, failure.Group = sdrs.Target, group
		if failure.Operation.Name == "" {
			failure.Operation = planned
		}
		got := tfkit.OperationFailed(&failure, tfkit.Applying("update")).Detail()
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
		stay := failure.Sent == failover.NotSent && len(failure.Stopped) > 0
		if strings.Contains(got, "To stay at") != stay {
			t.Errorf("%q is followed by %s", want, got)
		}
	}
}

// A planned failover is warned of where it could follow on a failover that nobody has seen, and nowhere else.
func TestLateFailover(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*failover.Progress){
		"warned of": func(*failover.Progress) {},
		"planned":   func(p *failover.Progress) { p.Operation = failover.PlannedFailover(sdrs.Target) },
		"accepted":  func(p *failover.Progress) { p.Sent = failover.Accepted },
		"shows":     func(p *failover.Progress) { p.Group.Status = sdrs.StatusFailingOver },
		"is there":  func(p *failover.Progress) { p.Group.PriorityStation = sdrs.Target },
	} {
		progress := failover.Progress{
			Operation: failover.UnplannedFailover(sdrs.Target), Station: sdrs.Target, Sent: failover.Unanswered,
			Group: sdrs.Group{Status: sdrs.StatusProtected, PriorityStation: sdrs.Source},
		}
		change(&progress)
		if said := tfkit.LateFailover(progress); (said != "") != (name == "warned of") {
			t.Errorf("%s: %q", name, said)
		}
	}
}

// What an error of a creation leaves is tainted: to plan again would have Terraform replace it while it is being made.
func TestCreationFailed(t *testing.T) {
	t.Parallel()
	noun := tfkit.Resource{Subject: diagnostic.Subject{Name: "protected instance", Title: "Protected Instance"}}
	known := tfkit.Created{ID: "i-1", JobID: "j-1"}
	for name, test := range map[string]struct {
		created tfkit.Created
		kind    jobs.Kind
		untaint bool
	}{
		"timed out":              {known, jobs.TimedOut, true},
		"contact lost":           {known, jobs.LostContact, true},
		"interrupted without id": {tfkit.Created{JobID: "j-1"}, jobs.Interrupted, true},
		"interrupted":            {known, jobs.Interrupted, false}, // A warning, which taints nothing.
		"failed":                 {known, jobs.Failed, false},
		"nothing is left":        {tfkit.Created{}, jobs.Refused, false},
		"nothing is known":       {tfkit.Created{}, jobs.TimedOut, false},
	} {
		failure := &jobs.Error{Kind: test.kind, JobID: test.created.JobID, Err: context.DeadlineExceeded}
		got := noun.CreationFailed(test.created, failure, &tfkit.Report{Message: diagnostic.Message{Object: "web"}})
		if said := got.Detail(); strings.Contains(said, "un terraform untaint for this resource") != test.untaint {
			t.Errorf("%s: %s", name, said)
		}
		if said := got.Detail(); strings.Contains(said, "import it") != (name == "nothing is known") {
			t.Errorf("%s: %s", name, said)
		}
		if warns := name == "interrupted"; (got.Severity() == diag.SeverityWarning) != warns {
			t.Errorf("%s is of severity %s", name, got.Severity())
		}
		if !strings.HasSuffix(got.Summary(), ": web") { // Terraform folds warnings with one title.
			t.Errorf("%s has the title %q", name, got.Summary())
		}
	}
}
