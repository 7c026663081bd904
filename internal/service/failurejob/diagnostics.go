package failurejob

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"

// subject is what diagnostics are about.
var subject = diagnostic.Subject{Name: "failed jobs", Title: "Failed Jobs"}

// Section is what can be said of failed jobs, which are left by what failed to be made.
func Section() diagnostic.Section {
	return diagnostic.Section{Title: "Creating and deleting", Kinds: []diagnostic.Kind{notCleared}}
}

// notCleared is a list of failed jobs that was to be cleared.
var notCleared = diagnostic.Error(
	"Failed Jobs Not Cleared",
	"The list of failed jobs could not be read, the cloud refused to clear it, or records are still on it.",
	"Look at the lines of progress, and at sdrs_failure_jobs. Invoke the action again: what is cleared already needs "+
		"nothing.",
)
