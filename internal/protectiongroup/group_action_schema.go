package protectiongroup

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// actionKind is what makes an action different from the others.
type actionKind struct {
	name        string
	description string
	operation   func(station sdrs.Station) failover.Operation
	// sited is set where the action is about a site, stops and starts where it can do that to servers.
	sited, stops, starts bool
	// station describes priority_station.
	station string
	// overwrites is set where the action overwrites the disks of the site that is not active.
	overwrites bool
	// warning is what a plan says of what the action costs; nil where it costs nothing.
	warning func(sdrs.Group) diag.Diagnostic
}

// actionKinds are all actions.
var actionKinds = []actionKind{
	{
		name: "planned_failover",
		description: "Switches a protection group to one of its sites by a planned failover (`reverse-server-group`), waits for it, " +
			"and verifies it. A group that is active there already is not switched.",
		operation: failover.PlannedFailover,
		sited:     true, stops: true, starts: true,
		station: "The site that is to be in production, `source` or `target`. A `sdrs_protection_group_failover` for the group " +
			"whose configuration names the other one warns then, and with `correct_drift = true` plans to switch back.",
	},
	{
		name: "failover",
		description: "Fails a protection group over to one of its sites after a disaster at the other one (`failover-server-group`). " +
			"The servers at the site that is left are stopped by force, replication stops, and data that was not replicated is lost. " +
			"The group ends `failed-over`: `sdrs_reprotect` replicates it again.",
		operation: failover.UnplannedFailover,
		sited:     true, starts: true,
		station: "The site that is to become active, `source` or `target`. Where it already is, nothing is requested, so a " +
			"second run can't fail back.",
		warning: losesData,
	},
	{
		name: "enable_protection",
		description: "Enables protection of a protection group (`start-server-group`). It refuses a group that has failed over: " +
			"that would be a reprotection.",
		operation: func(sdrs.Station) failover.Operation { return failover.EnableProtection() },
	},
	{
		name: "reprotect",
		description: "Replicates a protection group again after a failover (`start-server-group`), from the site that is active to the " +
			"other one. **The disks of the site that is not active are overwritten.** Its servers must be stopped.",
		operation:  func(sdrs.Station) failover.Operation { return failover.Reprotect() },
		overwrites: true, warning: overwrites,
	},
	{
		name:        "disable_protection",
		description: "Disables protection of a protection group (`stop-server-group`): nothing is replicated any longer.",
		operation:   func(sdrs.Station) failover.Operation { return failover.DisableProtection() },
		warning:     endsReplication,
	},
}

// Schema returns the schema of the action.
func (a *GroupAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"protection_group_id": schema.StringAttribute{
			MarkdownDescription: "The id of the protection group, a UUID.",
			Required:            true,
			Validators:          []validator.String{stringvalidator.RegexMatches(groupID, groupIDHint)},
		},
		"timeout": duration("How long to wait, a duration such as `30m`. When it is over, the job goes on in the cloud, and invoking " +
			"the action again resumes the wait. Default `60m`."),
	}
	if a.kind.sited {
		attributes["priority_station"] = schema.StringAttribute{
			MarkdownDescription: a.kind.station,
			Required:            true,
			Validators:          []validator.String{stringvalidator.OneOf(string(sdrs.Source), string(sdrs.Target))},
		}
	}
	if a.kind.stops {
		attributes["stop_servers"] = schema.BoolAttribute{
			MarkdownDescription: "Whether to stop the servers at the old site before the switch. Default `false`.",
			Optional:            true,
		}
		attributes["force_stop_after"] = duration("How long `stop_servers` waits before it stops hard what still runs, a duration such "+
			"as `5m`. By default it never does.", stringvalidator.AlsoRequires(path.MatchRoot("stop_servers")))
	}
	if a.kind.starts {
		attributes["start_servers"] = schema.BoolAttribute{
			MarkdownDescription: "Whether to start the servers at the new site afterwards, and wait until they are in service. Default `false`.",
			Optional:            true,
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("%s\n\nNeeds Terraform 1.14 or newer. Run it with `terraform apply -invoke=action.sdrs_%s.NAME`, or "+
			"from the `action_trigger` of a resource.", a.kind.description, a.kind.name),
		Attributes: attributes,
	}
}

func duration(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		CustomType:          timetypes.GoDurationType{},
		MarkdownDescription: description,
		Optional:            true,
		Validators:          append(validators, stringvalidator.RegexMatches(notNegative, "must not be negative")),
	}
}
