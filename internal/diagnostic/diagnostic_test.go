package diagnostic_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
)

func TestCodes(t *testing.T) {
	t.Parallel()
	for _, code := range diagnostic.Codes {
		if diagnostic.Remedy(code.Code, "") != code.Remedy || !strings.HasSuffix(code.Meaning, ".") ||
			!strings.HasSuffix(code.Remedy, ".") {
			t.Errorf("%s is there twice, or not complete", code.Code)
		}
	}
	if text := diagnostic.Remedy("SDRS.9999", "Look."); text != "Look." {
		t.Errorf("the remedy of an unknown code is %q", text)
	}
}

// TestTitles ends titles with their objects, and leads from each error to its entry.
func TestTitles(t *testing.T) {
	t.Parallel()
	subject := diagnostic.Subject{Name: "planned failover", Title: "Planned Failover"}
	message := diagnostic.Message{Happened: "It happened.", Object: "web\x1b[2J"}
	refused := message.New(diagnostic.Refused.Of(subject))
	if got, want := refused.Summary(), `Planned Failover Refused: web\x1b[2J`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	const link = "https://registry.terraform.io/providers/terraform-sdrs/sdrs/latest/docs/guides/troubleshooting#refused"
	if want := "It happened.\n\nSee " + link; refused.Detail() != want {
		t.Errorf("got %q, want %q", refused.Detail(), want)
	}
	if got := diagnostic.Warning("Look", "", "").New("It happened.").Detail(); got != "It happened." {
		t.Errorf("a warning says %q", got)
	}
}
