package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/helpers/validatordiag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// OnlyWith refuses a value where the flag of that name is not true: it would have no effect.
func OnlyWith(flag string) validator.String { return onlyWith(flag) }

type onlyWith string

// Description says what is validated.
func (v onlyWith) Description(context.Context) string {
	return fmt.Sprintf("needs %s = true", string(v))
}

// MarkdownDescription is Description.
func (v onlyWith) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString looks at the flag. What is not known yet is looked at when it is.
func (v onlyWith) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var flag types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(string(v)), &flag)...)
	if resp.Diagnostics.HasError() || flag.IsUnknown() || flag.ValueBool() {
		return
	}
	resp.Diagnostics.Append(validatordiag.InvalidAttributeCombinationDiagnostic(req.Path, fmt.Sprintf(
		"%[1]s has no effect without %[2]s = true: nothing would be stopped. Set %[2]s = true, or remove %[1]s.",
		req.Path,
		string(v),
	)))
}
