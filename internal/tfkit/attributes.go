package tfkit

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/helpers/validatordiag"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
)

// How long operations and reads take at most where the configuration does not say.
const (
	DefaultOperationTimeout = 60 * time.Minute
	DefaultReadTimeout      = 5 * time.Minute
)

// Resumes continues the description of a timeout of an operation.
const Resumes = ", a duration such as `30s` or `2h45m`. When it is over, the job goes on in the cloud, and a new " +
	"plan and apply resume the wait." + Queue + " Default "

// Queue says of a timeout what does not count.
const Queue = " Waiting behind other changes of the group in the same apply does not count."

// RequireAllChecks describes require_all_checks where the default is false.
const RequireAllChecks = "Whether to refuse, before anything moves, where a readiness check is not possible: for " +
	"lack of permissions, or since an API does not answer. By default that is said, and does not block. Default `false`."

// RecoveryTimeObjective describes recovery_time_objective; missed is how that is told.
func RecoveryTimeObjective(missed string) string {
	return "How long the recovery of the infrastructure may take, a duration such as `15m`: from the first stop of a " +
		"server to the last one `ACTIVE` where the servers are started, otherwise from the request to its verification. " +
		missed + " By default nothing is said. It is no timeout."
}

// GroupIDHint says what the id of a protection group is.
var GroupIDHint = idHint(ProtectionGroup)

// idHint says what the id of something is.
func idHint(of diagnostic.Subject) string {
	return fmt.Sprintf("must be the id of a %s, a UUID such as 40df180b-9fe2-471a-8c64-1b758dc84189", of.Name)
}

var (
	// uuid is with or without dashes.
	uuid        = regexp.MustCompile(`^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$`)
	notNegative = regexp.MustCompile(`^[^-]`)
)

// IsUUID reports whether a text is an id as SDRS has them.
func IsUUID(text string) bool { return uuid.MatchString(text) }

// UUID takes ids as SDRS has them, and says hint of others.
func UUID(hint string) validator.String { return stringvalidator.RegexMatches(uuid, hint) }

// GroupID takes ids of protection groups.
func GroupID() validator.String { return UUID(GroupIDHint) }

// ProtectionGroupID returns the attribute of a resource that names its group. Another group is another resource; the id
// of the same one, written otherwise, is no change.
func ProtectionGroupID(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Required:            true,
		PlanModifiers:       []planmodifier.String{AnotherIDReplaces()},
		Validators:          []validator.String{GroupID()},
	}
}

// AnotherIDReplaces replaces a resource for another id, and not for the same one, written otherwise.
func AnotherIDReplaces() planmodifier.String { return replaceForAnotherID{} }

// replaceForAnotherID replaces a resource whose id becomes that of something else. Semantic equality of a type of its
// own would not do: the framework asks for that only after a read or an apply, and not in a plan.
type replaceForAnotherID struct{}

// Description says what the modifier does.
func (replaceForAnotherID) Description(context.Context) string {
	return "Another id replaces the resource. The same id without dashes or in another case does not."
}

// MarkdownDescription says what the modifier does.
func (m replaceForAnotherID) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifyString keeps the id in the state where the configuration has the same.
func (replaceForAnotherID) PlanModifyString(
	_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse,
) {
	switch {
	case req.State.Raw.IsNull() || req.Plan.Raw.IsNull(): // A creation or a destruction.
	case req.PlanValue.IsUnknown() || !cloud.SameID(req.PlanValue.ValueString(), req.StateValue.ValueString()):
		resp.RequiresReplace = true
	default:
		resp.PlanValue = req.StateValue
	}
}

// NotNegative takes durations that are not negative.
func NotNegative() validator.String {
	return stringvalidator.RegexMatches(notNegative, "must not be negative")
}

// Timeouts returns the block of a resource's timeouts. None may be zero: a refresh goes by the state, so that with
// read = "0s" in it each plan would fail, also that which mends it.
func Timeouts(ctx context.Context, limits timeouts.Opts) schema.Block {
	block := timeouts.Block(ctx, limits)
	if nested, ok := block.(schema.SingleNestedBlock); ok {
		for name, attribute := range nested.Attributes {
			if limit, ok := attribute.(schema.StringAttribute); ok {
				limit.Validators = append(limit.Validators, longerThanNothing{})
				nested.Attributes[name] = limit
			}
		}
	}
	return block
}

// longerThanNothing refuses durations that are not. What is no duration, another validator says.
type longerThanNothing struct{}

// Description says what is validated.
func (longerThanNothing) Description(context.Context) string { return "must be longer than 0s" }

// MarkdownDescription is Description.
func (v longerThanNothing) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString looks at the value; null and what is not known yet are no durations.
func (v longerThanNothing) ValidateString(
	ctx context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	value := req.ConfigValue.ValueString()
	if limit, err := time.ParseDuration(value); err == nil && limit <= 0 {
		resp.Diagnostics.Append(validatordiag.InvalidAttributeValueMatchDiagnostic(req.Path, v.Description(ctx), value))
	}
}

const (
	nameHint        = "must be of at most 64 letters, digits, dots, underscores, and hyphens"
	descriptionHint = "must have no < and no >"
)

var (
	names        = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	descriptions = regexp.MustCompile(`^[^<>]*$`)
)

// Called returns the attribute for the name of what is created.
func Called(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Required:            true,
		Validators:          []validator.String{stringvalidator.RegexMatches(names, nameHint)},
	}
}

// Described returns the attribute for the description of a noun, which nothing changes: see
// [Resource.DescriptionStays].
func Described(noun string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "The description of the " + noun + ", at most 64 bytes without `<` and `>`. It is set at " +
			"creation only: the API can't change it.",
		Optional: true,
		Validators: []validator.String{
			stringvalidator.LengthBetween(1, 64), stringvalidator.RegexMatches(descriptions, descriptionHint),
		},
	}
}

// Lasting is an attribute that keeps what is known of it.
func Lasting(attribute schema.StringAttribute) schema.StringAttribute {
	attribute.PlanModifiers = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return attribute
}

// Observed returns the attribute of a resource for something that the API reports.
func Observed(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

// Keep puts what a plan promised in place of what there is.
func Keep(value *types.String, promised types.String) {
	if !promised.IsUnknown() {
		*value = promised
	}
}

// SameID returns the id in the form that is known where it is the reported one, or none is reported, and the reported
// one otherwise.
func SameID(known, reported types.String) types.String {
	if cloud.SameID(known.ValueString(), reported.ValueString()) && !known.IsUnknown() && !known.IsNull() {
		return known
	}
	return OrKnown(reported, known)
}

// OrKnown returns what is reported, and what is known where an answer leaves that out: for what never changes that is
// no change, and must not replace anything.
func OrKnown(reported, known types.String) types.String {
	if reported.IsNull() && !known.IsUnknown() {
		return known
	}
	return reported
}
