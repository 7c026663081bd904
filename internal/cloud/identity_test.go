package cloud_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

func TestCanonicalID(t *testing.T) {
	t.Parallel()
	const id = "40df180b-9fe2-471a-8c64-1b758dc84189"
	for text, want := range map[string]string{
		id: id, "40DF180B9FE2471A8C641B758DC84189": id, "40df180b9fe2-471a8c641b758dc84189": id,
		"": "", "ABC": "ABC", "ABCD": "ABCD", "40DF180B9FE2471A8C641B758DC8418X": "40DF180B9FE2471A8C641B758DC8418X",
		id + "AA": id + "AA",
	} {
		if got := cloud.CanonicalID(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
