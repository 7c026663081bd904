package groupprotection

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Section is what can be said of the protection of a protection group.
func Section() diagnostic.Section {
	return diagnostic.Section{
		Title: "Protection groups, and their protection",
		Kinds: []diagnostic.Kind{
			reprotectionMayOverwrite, reprotectionOverwrites, protectionWillBeDisabled, protectionStaysEnabled,
		},
	}
}

var (
	// reprotectionMayOverwrite is a reprotection that depends on what becomes of the group until apply.
	reprotectionMayOverwrite = diagnostic.Warning(
		"Reprotection May Overwrite Disks",
		"If the group has failed over by the time this is applied, the disks of the site that is not active then are "+
			"overwritten.",
		"Ask for a reprotection only once the group has failed over: the plan names that site then.",
	)
	// reprotectionOverwrites is a reprotection.
	reprotectionOverwrites = diagnostic.Warning("Reprotection Overwrites Disks",
		"The disks of the site that is not active are overwritten with those of the active one.",
		"First save what you still need from the site that the message names.")
	// protectionWillBeDisabled is the end of replication.
	protectionWillBeDisabled = diagnostic.Warning("Protection Will Be Disabled",
		"Apply disables protection: nothing is replicated any longer, and there is no site to switch to.",
		"To destroy the resource and keep the protection, remove it from the state instead, with a `removed` block or "+
			"`terraform state rm`.")
	// protectionStaysEnabled is a destruction that leaves the protection to another resource.
	protectionStaysEnabled = diagnostic.Warning(
		"Protection Stays Enabled",
		"Destroying the resource did not disable protection, since the same apply has created or updated another one for "+
			"the group: `create_before_destroy` does that, and so does a new address without a `moved` block.",
		"Have one `sdrs_protection_group_protection` for a group, without `create_before_destroy`: if an apply ends "+
			"between the two, the next one disables protection, and only the one after it enables it again.",
	)
)

// warnMayOverwrite warns of a reprotection that depends on what becomes of the group until apply.
func warnMayOverwrite(group sdrs.Group) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: "If the group has failed over by the time this is applied, it is reprotected, which overwrites the disks " +
			"of the site that is not active then.",
		Next: reprotectionMayOverwrite.Remedy,
	}}
	if group.ID != "" {
		r.Group(group)
	}
	return r.New(reprotectionMayOverwrite)
}

// warnOverwrites warns of what a reprotection destroys.
func warnOverwrites(group sdrs.Group) diag.Diagnostic {
	lost, kept := group.PriorityStation.Other(), group.PriorityStation
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf(
			"A reprotection overwrites the disks at %s with those at %s.",
			tfkit.Site(group, lost),
			tfkit.Site(group, kept),
		),
		Next: fmt.Sprintf("Before applying, save what you still need from the disks at %s, such as by snapshots.",
			tfkit.Site(group, lost)),
	}}
	r.Group(group)
	return r.New(reprotectionOverwrites)
}

// warnUnprotected warns of a group that is not protected and that apply will leave so.
func warnUnprotected(group sdrs.Group) diag.Diagnostic {
	_, advice := failover.EnableProtection().Decide(group)
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: "The group is not protected, and applying does not change that. " + advice.Reason,
		Next:     advice.WayOut,
	}}
	r.Group(group)
	return r.New(tfkit.GroupNotProtected)
}

// refuses is the diagnostic for a plan to protect a group that only a reprotection protects again.
func refuses(group sdrs.Group) diag.Diagnostic {
	operation := failover.EnableProtection()
	_, advice := operation.Decide(group)
	return tfkit.OperationFailed(&failover.Error{
		Kind: failover.NotPossible, Advice: advice,
		Progress: failover.Progress{Operation: operation, GroupID: group.ID, Group: group},
	}, tfkit.Applying("create"))
}

// warnDisabling warns that destroying the resource ends replication.
func warnDisabling(group sdrs.Group) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: "Destroying this resource disables protection: nothing is replicated any longer, and there is no site to " +
			"switch to.",
		Next: "To keep the group protected, remove the resource from Terraform's state instead, with a removed block " +
			"or terraform state rm.",
	}}
	r.Group(group)
	return r.New(protectionWillBeDisabled)
}

// warnStaysEnabled warns that destroying the resource did not end replication.
func warnStaysEnabled(group sdrs.Group) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: "Protection was not disabled: this apply has created or updated another resource that protects the same " +
			"group.",
		Next: "Have one resource for the protection of a group, without create_before_destroy.",
	}}
	r.Group(group)
	return r.New(protectionStaysEnabled)
}

// warnEndsReplication warns of what disabling protection costs.
func warnEndsReplication(group sdrs.Group) diag.Diagnostic {
	r := tfkit.Say("Disabling protection ends replication: there is no site to switch to until it is enabled again.", "")
	r.Group(group)
	return r.New(protectionWillBeDisabled)
}
