package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
)

func TestDiagnosticsAreComplete(t *testing.T) {
	t.Parallel()
	type kind struct {
		title    string
		severity diag.Severity
	}
	seen := map[kind]bool{}
	for _, section := range provider.Diagnostics() {
		for _, listed := range section.Kinds {
			if listed.Title == "" || len(listed.Title) > 60 {
				t.Errorf("%q has %d characters, want 60 at most", listed.Title, len(listed.Title))
			}
			if seen[kind{listed.Title, listed.Severity}] {
				t.Errorf("%s is there twice", listed.Title)
			}
			seen[kind{listed.Title, listed.Severity}] = true
			if !strings.HasSuffix(listed.Meaning, ".") || !strings.HasSuffix(listed.Remedy, ".") {
				t.Errorf("%s is not complete", listed.Title)
			}
		}
	}
}
