package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/hashicorp/go-version"
	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"
)

// findTerraform returns the path of the Terraform at hand: TF_ACC_TERRAFORM_PATH, or terraform or tofu from PATH. Its
// error is exec.ErrNotFound where there is none.
func findTerraform() (string, error) {
	candidates := []string{"terraform", "tofu"}
	if chosen := os.Getenv("TF_ACC_TERRAFORM_PATH"); chosen != "" {
		candidates = []string{chosen} // Another one is not what the user asked for.
	}
	for _, candidate := range candidates {
		found, err := exec.LookPath(candidate)
		if err == nil {
			return filepath.Abs(found) // It runs in another folder than the demo.
		}
		if !errors.Is(err, exec.ErrNotFound) {
			return "", err
		}
	}
	return "", exec.ErrNotFound
}

// installTerraform downloads the latest Terraform from HashiCorp into folder, and returns its path.
func installTerraform(ctx context.Context, folder string) (string, error) {
	wanted, err := version.NewConstraint(">= 1.11")
	if err != nil {
		return "", err
	}
	latest := &releases.LatestVersion{Product: product.Terraform, Constraints: wanted, InstallDir: folder}
	return install.NewInstaller().Install(ctx, []src.Installable{latest})
}
