package tftest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Instance is a resource as Terraform keeps it from one apply to the next.
type Instance struct {
	State

	// Tainted is set where a creation failed, and left something: Terraform replaces it.
	Tainted bool
	// Forced has the next apply replace it all the same, as -replace does.
	Forced bool
}

// Step is what one `terraform apply` came to.
type Step struct {
	Diagnostics []*tfprotov6.Diagnostic
	// Deletions is how often the plan deletes the resource, to destroy or to replace it; Empty is set where it changes
	// nothing.
	Deletions int
	Empty     bool
}

func (s *Step) say(diagnostics []*tfprotov6.Diagnostic) (failed bool) {
	s.Diagnostics = append(s.Diagnostics, diagnostics...)
	return Failed(diagnostics)
}

// Run refreshes the instance, and applies a configuration to it, nil to destroy it, as one `terraform apply` does: it
// taints what a failed creation left. Of a tainted object it plans a creation, and deletes it with the private state of
// that plan.
func (r *Resource) Run(ctx context.Context, t testing.TB, instance *Instance, config Attributes) (step Step) {
	t.Helper()
	if instance.Attributes != nil {
		refreshed := r.Refresh(t, instance.State)
		if step.say(refreshed.Diagnostics) {
			return step
		}
		instance.State = refreshed
	}
	if instance.Attributes == nil {
		if step.Empty = config == nil; !step.Empty {
			r.create(ctx, t, instance, &step, r.Plan(t, nil, config))
		}
		return step
	}
	replaces := instance.Tainted && config != nil
	plan := Planned{}
	if !replaces {
		plan = r.PlanAfter(t, instance.State, instance.Attributes, config)
		if step.say(plan.Diagnostics) {
			return step
		}
		replaces = plan.Replaces || instance.Forced && config != nil
	}
	switch {
	case replaces:
		r.replace(ctx, t, instance, &step, plan.plannedPrivate, config)
	case config == nil:
		r.delete(ctx, t, instance, &step, plan.plannedPrivate)
	default:
		if step.Empty = Equal(plan.Attributes, instance.Attributes); step.Empty {
			return step
		}
		applied := r.Apply(ctx, t, plan)
		step.say(applied.Diagnostics)
		if applied.Identity == nil {
			applied.Identity = instance.Identity
		}
		instance.State = applied
	}
	return step
}

// Replace replaces an instance that was not refreshed, as `terraform apply -refresh=false` does with what is tainted.
func (r *Resource) Replace(ctx context.Context, t testing.TB, instance *Instance, config Attributes) (step Step) {
	t.Helper()
	r.replace(ctx, t, instance, &step, nil, config)
	return step
}

// replace deletes the instance and creates it anew. The creation is planned with what the plan before it has kept, if
// there was one.
func (r *Resource) replace(
	ctx context.Context, t testing.TB, instance *Instance, step *Step, private []byte, config Attributes,
) {
	t.Helper()
	creation := r.PlanAfter(t, State{private: private}, nil, config)
	if instance.Tainted && step.say(creation.Diagnostics) || Failed(creation.Diagnostics) {
		return
	}
	if r.delete(ctx, t, instance, step, creation.plannedPrivate) {
		r.create(ctx, t, instance, step, creation)
	}
}

func (r *Resource) create(ctx context.Context, t testing.TB, instance *Instance, step *Step, plan Planned) {
	t.Helper()
	if step.say(plan.Diagnostics) {
		return
	}
	created := r.Apply(ctx, t, plan)
	failed := step.say(created.Diagnostics)
	*instance = Instance{State: created, Tainted: failed && created.Attributes != nil}
}

// delete reports whether the instance is gone.
func (r *Resource) delete(ctx context.Context, t testing.TB, instance *Instance, step *Step, private []byte) bool {
	t.Helper()
	step.Deletions++
	deleted := r.ApplyFinal(ctx, t, Planned{prior: instance.Attributes, plannedPrivate: private})
	if step.say(deleted.Diagnostics) {
		return false
	}
	*instance = Instance{}
	return true
}
