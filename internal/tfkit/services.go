// Package tfkit is what the nouns of SDRS have in common in Terraform: services, base types, attributes, validators,
// and the words for what failed.
package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/report"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Services are what the provider, once configured, hands to its resources.
type Services struct {
	SDRS     *sdrs.Client
	ECS      *ecs.Client
	EVS      *evs.Client
	Workflow *failover.Workflow
	// Region is the region that the provider works in; empty where it has none, only endpoints.
	Region string
	// Origin stands in each report.
	Origin report.Origin

	runMemory
}

// WarnUnready warns, in a plan, on an attribute, of what would stop an operation, and of what could not be checked,
// which stops it where all checks are required; and it names the servers that the operation stops and starts. A group
// that moves is not looked at: what its parts are like meanwhile says nothing.
func (s *Services) WarnUnready(
	ctx context.Context,
	group sdrs.Group,
	operation failover.Operation,
	policy failover.ServerPolicy,
	requireAll bool,
	at path.Path,
) diag.Diagnostics {
	if decision, _ := operation.Decide(group); decision == failover.Wait || decision == failover.NoAction {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	checks := s.Workflow.ReadinessOf(ctx, group, operation, policy)
	// The group may be known from the state alone, of long ago: what its parts are like now must not be held against that.
	latest, err := s.SDRS.Group(ctx, group.ID)
	switch {
	case err != nil:
		checks = append([]failover.Check{failover.UnreadGroup(err)}, failover.Unknowns(checks)...)
	case latest.Status != group.Status || latest.PriorityStation != group.PriorityStation:
		return nil
	}
	diags := warnUnready(operation, group, checks, requireAll, at)
	if policy.Stop {
		diags.Append(warnStops(operation, group, checks, policy)...)
	}
	if policy.Start {
		servers, err := s.Workflow.OutOfService(ctx, group.ID, operation.Station)
		diags.Append(warnStarts(operation, group, servers, err)...)
	}
	return diags
}

// ServicesFrom returns the provider's data. It is nil while the provider is not configured: during validation, and
// during a plan in which the provider's own arguments are not known yet.
func ServicesFrom(data any, diags *diag.Diagnostics) *Services {
	if data == nil {
		return nil
	}
	services, ok := data.(*Services)
	if !ok {
		diags.Append(diagnostic.UnexpectedProviderData.New(
			fmt.Sprintf("Want %T, got %T. This is a bug in the provider.", services, data)))
	}
	return services
}
