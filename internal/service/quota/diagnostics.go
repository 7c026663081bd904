package quota

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"

// subject is what diagnostics are about.
var subject = diagnostic.Subject{Name: "quotas", Title: "Quotas"}
