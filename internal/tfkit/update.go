package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Step is a part of an update.
type Step struct {
	// Due is set where the plan has it; Operation is what it is a part of, for the words where it fails.
	Due       bool
	Operation diagnostic.Subject
	// Make makes it. Errors are [jobs.Error].
	Make func(context.Context) error
}

// Settling is the step that waits for the end of a creation that an earlier apply did not see.
func (r *Resource) Settling(due bool, id string, status func(context.Context, string) (sdrs.Status, error)) Step {
	return Step{Due: due, Operation: r.Subject.Creation(), Make: func(ctx context.Context) error {
		return r.Services.Settle(ctx, id, status)
	}}
}

// Changing is a step that changes something.
func (r *Resource) Changing(due bool, change func(context.Context) error) Step {
	return Step{Due: due, Operation: r.Subject.Change(), Make: change}
}

// Make makes what is due of an update, in its order, up to the first that fails: the diagnostic says how. The report,
// which is asked for then, has the facts about the object.
func (r *Resource) Make(ctx context.Context, report func() *Report, steps ...Step) diag.Diagnostic {
	changed := false
	for _, step := range steps {
		if !step.Due {
			continue
		}
		if err := step.Make(ctx); err != nil {
			about := report()
			about.Changed = about.Changed || changed
			return RequestFailed(err, r.Subject, step.Operation, about, Applying("update"))
		}
		changed = changed || step.Operation == r.Subject.Change()
	}
	return nil
}
