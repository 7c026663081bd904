package diagnostic_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
)

func TestCodes(t *testing.T) {
	t.Parallel()
	for _, code := range diagnostic.Codes {
		if diagnostic.Remedy(code.Code, "") != code.Remedy || !strings.HasSuffix(code.Meaning, ".") || !strings.HasSuffix(code.Remedy, ".") {
			t.Errorf("%s is there twice, or not complete", code.Code)
		}
	}
	if text := diagnostic.Remedy("SDRS.9999", "Look."); text != "Look." {
		t.Errorf("the remedy of an unknown code is %q", text)
	}
}
