package tftest_test

import (
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestLacks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, found, want string }{
		{"", "1.14.0", ""},
		{"/usr/bin/terraform", "1.15.8", ""},
		{"/usr/bin/terraform", "1.14.0-beta1", ""},
		{"/usr/bin/terraform", "1.13.9", "actions: new in Terraform 1.14.0, and this is 1.13.9"},
		{"/usr/bin/tofu", "1.12.6", "OpenTofu 1.12.6 has no actions"},
		{"/opt/tofu.exe", "1.15.0", "OpenTofu 1.15.0 has no actions"},
		{"/opt/tofu/terraform", "1.15.0", ""},
	} {
		got := tftest.Lacks(test.path, version.Must(version.NewVersion(test.found)), "actions",
			version.Must(version.NewVersion("1.14.0")))
		if got != test.want {
			t.Errorf("%s %s: %q, want %q", test.path, test.found, got, test.want)
		}
	}
}
