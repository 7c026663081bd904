package activedomain

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"

// subject is what diagnostics are about.
var subject = diagnostic.Subject{Name: "active-active domains", Title: "Active-Active Domains"}
