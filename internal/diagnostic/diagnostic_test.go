package diagnostic_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

func TestEntriesAreComplete(t *testing.T) {
	t.Parallel()
	type kind struct {
		title    string
		severity diag.Severity
	}
	seen := map[kind]bool{}
	for _, section := range diagnostic.Sections() {
		for _, entry := range section.Entries {
			for _, title := range entry.Titles {
				if title == "" || len(title) > 60 {
					t.Errorf("%q has %d characters, want 60 at most", title, len(title))
				}
				if seen[kind{title, entry.Severity}] {
					t.Errorf("%s is there twice", title)
				}
				seen[kind{title, entry.Severity}] = true
			}
			if len(entry.Titles) == 0 || !strings.HasSuffix(entry.Meaning, ".") || !strings.HasSuffix(entry.Remedy, ".") {
				t.Errorf("%s is not complete", entry.Heading)
			}
		}
	}
	for _, code := range diagnostic.Codes {
		if diagnostic.Remedy(code.Code, "") != code.Remedy || !strings.HasSuffix(code.Meaning, ".") || !strings.HasSuffix(code.Remedy, ".") {
			t.Errorf("%s is there twice, or not complete", code.Code)
		}
	}
	if text := diagnostic.Remedy("SDRS.9999", "Look."); text != "Look." {
		t.Errorf("the remedy of an unknown code is %q", text)
	}
}

func TestOperationsAreKnown(t *testing.T) {
	t.Parallel()
	for _, operation := range failover.Operations(sdrs.Target) {
		if diagnostic.Refused.Of(operation.Name).New("").Equal(diagnostic.OperationFailed.New("")) {
			t.Errorf("there is no title for a %s", operation.Name)
		}
	}
}
