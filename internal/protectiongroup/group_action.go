package protectiongroup

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// GroupAction is one of the actions on a protection group, as [actionKinds] describes them.
type GroupAction struct {
	kind     actionKind
	services *Services
}

var (
	_ action.ActionWithConfigure  = (*GroupAction)(nil)
	_ action.ActionWithModifyPlan = (*GroupAction)(nil)
)

// NewGroupActions returns a constructor for each action.
func NewGroupActions() []func() action.Action {
	constructors := make([]func() action.Action, 0, len(actionKinds))
	for _, kind := range actionKinds {
		constructors = append(constructors, func() action.Action { return &GroupAction{kind: kind} })
	}
	return constructors
}

// Metadata names the action.
func (a *GroupAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.kind.name
}

// Configure takes the provider's services.
func (a *GroupAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.services = servicesFrom(req.ProviderData, &resp.Diagnostics)
}

// invocation is the configuration of an action. Arguments that an action lacks are at their defaults.
type invocation struct {
	groupID string
	station sdrs.Station
	policy  failover.ServerPolicy
	timeout time.Duration
	// known is set where all of it is, which it is not always in a plan.
	known bool
}

// decode reads the configuration of an action.
func (a *GroupAction) decode(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) invocation {
	read := invocation{known: true, timeout: defaultSwitchTimeout}
	text := func(name string) string {
		var value types.String
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		read.known = read.known && !value.IsUnknown()
		return value.ValueString()
	}
	flag := func(name string) bool {
		var value types.Bool
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		read.known = read.known && !value.IsUnknown()
		return value.ValueBool()
	}
	duration := func(name string) (time.Duration, bool) {
		var value timetypes.GoDuration
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		read.known = read.known && !value.IsUnknown()
		d, invalid := value.ValueGoDuration()
		return d, !invalid.HasError()
	}

	read.groupID = text("protection_group_id")
	if a.kind.sited {
		read.station = sdrs.Station(text("priority_station"))
	}
	if a.kind.stops {
		read.policy.Stop = flag("stop_servers")
		if after, set := duration("force_stop_after"); set {
			read.policy.ForceStopAfter = &after
		}
	}
	if a.kind.starts {
		read.policy.Start = flag("start_servers")
	}
	if timeout, set := duration("timeout"); set {
		read.timeout = timeout
	}
	return read
}

// ModifyPlan looks at the group, and warns of what would stop the action, and of what it destroys.
func (a *GroupAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	config := a.decode(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !config.known || a.services == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
	defer cancel()
	group, err := a.services.SDRS.Group(ctx, config.groupID)
	if err != nil {
		resp.Diagnostics.Append(unreadable(config.groupID, err))
		return
	}
	operation := a.kind.operation(config.station)
	decision, _ := operation.Decide(group)
	switch {
	case decision == failover.Wait && a.kind.overwrites:
		resp.Diagnostics.Append(mayOverwrite(group))
	case decision == failover.Act && a.kind.warning != nil:
		resp.Diagnostics.Append(a.kind.warning(group))
	}
	resp.Diagnostics.Append(a.services.warnUnready(ctx, group, operation, config.policy, path.Root("protection_group_id"))...)
}

// Invoke runs the operation, and reports its progress.
func (a *GroupAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config := a.decode(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if a.services == nil {
		resp.Diagnostics.Append(notConfigured())
		return
	}
	bounded, cancel := context.WithTimeout(ctx, config.timeout)
	defer cancel()
	say := func(text string) { resp.SendProgress(action.InvokeProgressEvent{Message: cloud.Printable(text)}) }
	workflow := a.services.Workflow.WithNotify(func(progress failover.Progress) { say(progressText(progress)) })
	operation := a.kind.operation(config.station)
	if a.kind.overwrites {
		if group, err := a.services.SDRS.Group(bounded, config.groupID); err == nil {
			if decision, _ := operation.Decide(group); decision == failover.Act {
				say(fmt.Sprintf("%s: once this begins, the disks of %s are overwritten", group.Name, site(group, group.PriorityStation.Other())))
			}
		}
	}

	result, err := workflow.Run(bounded, config.groupID, operation, config.policy)
	if err != nil {
		resp.Diagnostics.Append(operationFailed(err, retry{again: "Invoke the action again", longer: "timeout"}))
		return
	}
	if result.Warning != nil {
		resp.Diagnostics.Append(notProtected(result.Group, *result.Warning))
	}
	say(resultText(result))
}

// progressText is one line on how far an operation got.
func progressText(progress failover.Progress) string {
	text := fmt.Sprintf("%s: %s", progress.Group.Name, progress.Group.Status)
	if progress.Group.Status.Phase() == sdrs.Moving {
		text += fmt.Sprintf(" (%d %%)", progress.Group.Progress)
	}
	if progress.JobID != "" {
		text += ", job " + progress.JobID
	}
	if len(progress.Awaited) > 0 {
		text += fmt.Sprintf(", %d servers not %s yet", len(progress.Awaited), progress.AwaitedStatus)
	}
	return fmt.Sprintf("%s, %s elapsed", text, progress.Waited.Round(time.Second))
}

// resultText is one line on the end of an operation.
func resultText(result failover.Result) string {
	text := fmt.Sprintf("%s: %s, active at %s", result.Group.Name, result.Group.Status, site(result.Group, result.Group.PriorityStation))
	if len(result.Started) > 0 {
		text += fmt.Sprintf(", %d servers started", len(result.Started))
	}
	if result.Acted() {
		return fmt.Sprintf("%s, after %s", text, result.FinishedAt.Sub(result.StartedAt).Round(time.Second))
	}
	if len(result.Started) > 0 {
		return text
	}
	return text + ", nothing had to be requested"
}
