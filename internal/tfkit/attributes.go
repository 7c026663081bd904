package tfkit

import (
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// How long operations and reads take at most where the configuration does not say.
const (
	DefaultOperationTimeout = 60 * time.Minute
	DefaultReadTimeout      = 5 * time.Minute
)

// Resumes continues the description of a timeout of an operation.
const Resumes = ", a duration such as `30s` or `2h45m`. When it is over, the job goes on in the cloud, and applying again " +
	"resumes the wait. Default "

// GroupIDHint says what the id of a protection group is.
const GroupIDHint = "must be the id of a protection group, a UUID such as 40df180b-9fe2-471a-8c64-1b758dc84189"

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

// NotNegative takes durations that are not negative.
func NotNegative() validator.String {
	return stringvalidator.RegexMatches(notNegative, "must not be negative")
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
