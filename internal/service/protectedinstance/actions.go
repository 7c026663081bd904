package protectedinstance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Actions are the actions that change the network cards of a protected instance: a card has no id that lasts, and
// follows production at each switch, so it is no resource.
func Actions() []func() action.Action {
	return []func() action.Action{
		func() action.Action { return &nicAction{adds: true} }, func() action.Action { return &nicAction{} },
	}
}

// nicAction is sdrs_add_nic or sdrs_remove_nic.
type nicAction struct {
	adds     bool
	services *tfkit.Services
}

var (
	_ action.ActionWithConfigure  = (*nicAction)(nil)
	_ action.ActionWithModifyPlan = (*nicAction)(nil)
)

type removeNICModel struct {
	ProtectedInstanceID types.String         `tfsdk:"protected_instance_id"`
	SubnetID            types.String         `tfsdk:"subnet_id"`
	IPAddress           types.String         `tfsdk:"ip_address"`
	Timeout             timetypes.GoDuration `tfsdk:"timeout"`
}

type addNICModel struct {
	ProtectedInstanceID types.String         `tfsdk:"protected_instance_id"`
	SubnetID            types.String         `tfsdk:"subnet_id"`
	IPAddress           types.String         `tfsdk:"ip_address"`
	SecurityGroupIDs    types.Set            `tfsdk:"security_group_ids"`
	Timeout             timetypes.GoDuration `tfsdk:"timeout"`
}

// nicRequest is what an invocation asks for.
type nicRequest struct {
	removeNICModel
	securityGroups []sdrs.SecurityGroup
}

// configReader reads a configuration.
type configReader interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

func (a *nicAction) decode(ctx context.Context, config configReader, diags *diag.Diagnostics) nicRequest {
	if !a.adds {
		var model removeNICModel
		diags.Append(config.Get(ctx, &model)...)
		return nicRequest{removeNICModel: model}
	}
	var model addNICModel
	diags.Append(config.Get(ctx, &model)...)
	request := nicRequest{
		removeNICModel: removeNICModel{model.ProtectedInstanceID, model.SubnetID, model.IPAddress, model.Timeout},
	}
	for _, element := range model.SecurityGroupIDs.Elements() {
		if id, ok := element.(types.String); ok {
			request.securityGroups = append(request.securityGroups, sdrs.SecurityGroup{ID: id.ValueString()})
		}
	}
	return request
}

// Metadata names the action.
func (a *nicAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_remove_nic"
	if a.adds {
		resp.TypeName = req.ProviderTypeName + "_add_nic"
	}
}

// Configure takes the provider's services.
func (a *nicAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.services = tfkit.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

// ModifyPlan looks whether there is such an instance (GET protected-instances/{id}), and warns where its cards can't be
// changed now.
func (a *nicAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	request := a.decode(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || a.services == nil || request.ProtectedInstanceID.IsUnknown() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	id := request.ProtectedInstanceID.ValueString()
	instance, err := a.services.SDRS.ProtectedInstance(ctx, id)
	switch {
	case err != nil:
		resp.Diagnostics.Append(tfkit.UnreadableNoun(subject, "protected_instance_id", id, err))
	case !takesNICs(instance.Status):
		report := reportOf(instance)
		report.Happened = "The network cards of the protected instance can't be changed in this status."
		report.Next = nicsNotNow.Remedy
		resp.Diagnostics.Append(report.New(nicsNotNow))
	}
}

func takesNICs(status sdrs.Status) bool {
	return status == sdrs.StatusAvailable || status == sdrs.StatusProtected
}

// nicChange is the change of a network card under way.
type nicChange struct {
	*nicAction
	nicRequest

	instance sdrs.ProtectedInstance
	// before are the ports in the subnet when the action began; nil: not read yet.
	before map[string]bool
	// found is the card that the change is about, as last seen.
	found ecs.NIC
}

// Invoke changes the card, and waits for it.
func (a *nicAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	request := a.decode(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if a.services == nil {
		resp.Diagnostics.Append(tfkit.NotConfigured())
		return
	}
	timeout := tfkit.DefaultOperationTimeout
	if limit, unset := request.Timeout.ValueGoDuration(); !unset.HasError() {
		timeout = limit
	}
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	id, began := request.ProtectedInstanceID.ValueString(), time.Now()
	c := &nicChange{nicAction: a, nicRequest: request}
	if _, err := c.status(bounded); err != nil {
		resp.Diagnostics.Append(tfkit.UnreadableNoun(subject, "protected_instance_id", id, err))
		return
	}
	name := c.instance.Name
	tell := tfkit.Teller(ctx, resp)
	say := func(text string) { tell(name + ": " + text) }
	sent := false
	err := a.services.Modify(bounded, subject, tfkit.Modification{
		GroupID: c.instance.GroupID, Status: c.status, Check: c.check, Made: c.made,
		Already: func(error) bool { return false },
		Send: func(ctx context.Context) (string, error) {
			sent = true
			say(c.doing())
			return c.send(ctx)
		},
	})
	if err == nil && sent {
		err = c.verify(bounded)
	}
	switch {
	case err == nil && !sent:
		say(c.done() + ", nothing had to be requested")
	case err == nil:
		say(fmt.Sprintf("%s, after %s", c.done(), time.Since(began).Round(time.Second)))
	case errors.Is(err, errNICsNotNow):
		report := reportOf(c.instance)
		report.Happened = "The network cards of the protected instance can't be changed in this status. Nothing was " +
			"changed."
		report.Next = nicsNotNow.Remedy
		resp.Diagnostics.Append(report.New(nicsNotChanged))
	default:
		report := reportOf(c.instance)
		report.Fact("Subnet", request.SubnetID.ValueString())
		report.Fact("IP address", request.IPAddress.ValueString())
		resp.Diagnostics.Append(tfkit.RequestFailed(err, subject, c.operation(), report, tfkit.Invoking))
	}
}

var errNICsNotNow = errors.New("the network cards can't be changed in this status")

func (c *nicChange) operation() diagnostic.Subject {
	if c.adds {
		return addingNIC
	}
	return removingNIC
}

// status reads the instance (GET protected-instances/{id}).
func (c *nicChange) status(ctx context.Context) (_ sdrs.Status, err error) {
	instance, err := c.services.SDRS.ProtectedInstance(ctx, c.ProtectedInstanceID.ValueString())
	if err == nil {
		c.instance = instance
	}
	return instance.Status, err
}

func (c *nicChange) check() error {
	if !takesNICs(c.instance.Status) {
		return errNICsNotNow
	}
	return nil
}

func (c *nicChange) send(ctx context.Context) (string, error) {
	if c.adds {
		return c.services.SDRS.AddNIC(ctx, c.instance.ID, sdrs.NIC{
			SubnetID: c.SubnetID.ValueString(), IPAddress: c.IPAddress.ValueString(), SecurityGroups: c.securityGroups,
		})
	}
	return c.services.SDRS.DeleteNIC(ctx, c.instance.ID, c.found.PortID)
}

// made reports whether the production server has the card, or lacks it where it is to be removed (GET
// cloudservers/{id}/os-interface). One without an address is one that was not there when the action began.
func (c *nicChange) made(ctx context.Context) (bool, error) {
	nics, err := c.services.ECS.NICs(ctx, c.instance.Server(c.instance.PriorityStation))
	if err != nil {
		return false, err
	}
	first := c.before == nil
	if first {
		c.before = map[string]bool{}
	}
	there := false
	for _, nic := range nics {
		if !cloud.SameID(nic.SubnetID, c.SubnetID.ValueString()) {
			continue
		}
		if first {
			c.before[nic.PortID] = true
		}
		if ip := c.IPAddress.ValueString(); ip != "" && nic.Has(ip) || ip == "" && !c.before[nic.PortID] {
			c.found, there = nic, true
		}
	}
	return there == c.adds, nil
}

// verify waits until the change shows, which may be late.
func (c *nicChange) verify(ctx context.Context) error {
	reads, made := 0, false
	wait := c.services.Workflow.Waiter().Begin(nil)
	err := wait.Until(ctx, func(ctx context.Context) (_ bool, err error) {
		made, err = c.made(ctx)
		reads++
		return made || reads > jobs.StaleReads, err
	})
	if err == nil && !made {
		return &jobs.Error{
			Kind:   jobs.Failed,
			Waited: wait.Waited(),
			Reason: "nothing of it shows at the server in production",
		}
	}
	return err
}

func (c *nicChange) doing() string {
	at := ""
	if ip := c.IPAddress.ValueString(); ip != "" {
		at = " at " + ip
	}
	if c.adds {
		return fmt.Sprintf("adding a network card in subnet %s%s", c.SubnetID.ValueString(), at)
	}
	return fmt.Sprintf("removing the network card in subnet %s%s, port %s", c.SubnetID.ValueString(), at, c.found.PortID)
}

func (c *nicChange) done() string {
	server := c.instance.Server(c.instance.PriorityStation)
	if !c.adds {
		return fmt.Sprintf("no network card at %s of server %s", c.IPAddress.ValueString(), server)
	}
	ip := ""
	if len(c.found.FixedIPs) > 0 {
		ip = c.found.FixedIPs[0].IP
	}
	return fmt.Sprintf("network card at %s of server %s, port %s", ip, server, c.found.PortID)
}

func ipv4() validator.String {
	return stringvalidator.RegexMatches(addresses, "must be an IPv4 address")
}

// Schema returns the schema of the action.
func (a *nicAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"protected_instance_id": schema.StringAttribute{
			MarkdownDescription: "The id of the protected instance, a UUID.", Required: true,
			Validators: []validator.String{tfkit.UUID("must be the id of a protected instance, a UUID")},
		},
		"subnet_id": schema.StringAttribute{
			MarkdownDescription: "The id of the card's network, a UUID: what subnets call their network id.", Required: true,
			Validators: []validator.String{tfkit.UUID("must be the id of a network, a UUID")},
		},
		"timeout": tfkit.ActionTimeout(
			"How long to wait, a duration such as `30m`. When it is over, the job goes on in the cloud. Default `60m`.",
		),
	}
	const run = "\n\nNeeds Terraform 1.14 or newer. Run it with `terraform apply -invoke=action.sdrs_%s.NAME`, or from " +
		"the `action_trigger` of a resource. Network cards follow production: a switch moves them to the server at the " +
		"other site. Other providers may show the change as one of their server resource."
	if a.adds {
		attributes["ip_address"] = schema.StringAttribute{
			MarkdownDescription: "The private address of the card. By default the cloud chooses one, and **each invocation " +
				"adds a card**; with an address nothing is requested where the server has it already.",
			Optional: true, Validators: []validator.String{ipv4()},
		}
		attributes["security_group_ids"] = schema.SetAttribute{
			MarkdownDescription: "The ids of its security groups. By default the cloud chooses.",
			ElementType:         types.StringType, Optional: true,
			Validators: []validator.Set{
				setvalidator.NoNullValues(), setvalidator.ValueStringsAre(tfkit.UUID("must be the id of a security group, a UUID")),
			},
		}
		resp.Schema = schema.Schema{
			MarkdownDescription: "Adds a network card to the production server of a protected instance " +
				"(`protected-instances/{id}/nic`). The " +
				"instance must be `available` or `protected`, and has 12 cards at most." + fmt.Sprintf(
				run,
				"add_nic",
			),
			Attributes: attributes,
		}
		return
	}
	attributes["ip_address"] = schema.StringAttribute{
		MarkdownDescription: "The private address of the card. Where no card of the server in production has it, nothing " +
			"is requested.",
		Required:   true,
		Validators: []validator.String{ipv4()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Removes a network card, but not the primary one, from the production server of a protected " +
			"instance (`protected-instances/{id}/nic/delete`). The instance must be `available` or `protected`." + fmt.Sprintf(
			run,
			"remove_nic",
		),
		Attributes: attributes,
	}
}
