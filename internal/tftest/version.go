package tftest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// Needs skips a test of something that Terraform has since a version only, and OpenTofu not at all.
func Needs(what string, since *version.Version) []tfversion.TerraformVersionCheck {
	return []tfversion.TerraformVersionCheck{need{what, since}}
}

type need struct {
	what  string
	since *version.Version
}

// CheckTerraformVersion implements [tfversion.TerraformVersionCheck].
func (n need) CheckTerraformVersion(_ context.Context, req tfversion.CheckTerraformVersionRequest,
	resp *tfversion.CheckTerraformVersionResponse,
) {
	resp.Skip = Lacks(os.Getenv("TF_ACC_TERRAFORM_PATH"), req.TerraformVersion, n.what, n.since)
}

// Lacks tells why the program at path, of the version found, does not have what Terraform has since a version. It is
// empty where the program has it. OpenTofu counts its versions apart from Terraform's: 1.14 of the one is not that of
// the other.
func Lacks(path string, found *version.Version, what string, since *version.Version) string {
	switch {
	case strings.HasPrefix(filepath.Base(path), "tofu"):
		return fmt.Sprintf("OpenTofu %s has no %s", found, what)
	case found.Core().LessThan(since): // A beta has it, too.
		return fmt.Sprintf("%s: new in Terraform %s, and this is %s", what, since, found)
	}
	return ""
}
