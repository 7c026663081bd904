// Package e2e_test tests the whole program: the provider as it is built for a release, run by a real Terraform against
// the simulator.
package e2e_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestMain(m *testing.M) { tftest.Main(m) }

// workspace is one with a configuration that declares the intent for the demo group.
type workspace struct{ *tftest.Workspace }

const required = `
terraform {
  required_providers {
    sdrs = { source = "terraform-sdrs/sdrs" }
  }
}
`

const configuration = required + `
variable "priority_station" {}

variable "with_servers" {
  type    = bool
  default = false
}

variable "switch_on_create" {
  type    = bool
  default = false
}

resource "sdrs_protection_group_failover" "test" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  priority_station    = var.priority_station
  switch_on_create    = var.switch_on_create
  stop_servers        = var.with_servers
  start_servers       = var.with_servers
}
`

func newWorkspace(t *testing.T, options ...simulator.Option) *workspace {
	t.Helper()
	w := &workspace{tftest.NewWorkspace(t, options...)}
	w.Write(t, "main.tf", configuration)
	return w
}

// try runs Terraform, which may fail.
func (w *workspace) try(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	var output bytes.Buffer
	err := w.Execute(t.Context(), &output, arguments...)
	return output.String(), err
}

// unwrapped undoes Terraform's wrapping and aligning.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }

// state returns the attributes of the resource; nil where the state has none.
func (w *workspace) state(t *testing.T) map[string]any {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes map[string]any `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(w.Read(t, "terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Resources) == 0 || len(state.Resources[0].Instances) == 0 {
		return nil
	}
	return state.Resources[0].Instances[0].Attributes
}

// wantState checks the intent and the observation in the state.
func (w *workspace) wantState(t *testing.T, intent, status, site string) {
	t.Helper()
	state := w.state(t)
	if state["priority_station"] != intent || state["status"] != status || state["active_site"] != site {
		t.Errorf("the state has intent %v, and a group that is %v at %v, want %s, %s, and %s",
			state["priority_station"], state["status"], state["active_site"], intent, status, site)
	}
}

// transcript prints a step's output where the guide's transcript is to be written anew: SDRS_TRANSCRIPT=1 go test -v.
func transcript(t *testing.T, name, output string) {
	t.Helper()
	if os.Getenv("SDRS_TRANSCRIPT") != "" {
		t.Logf("=== %s\n%s", name, output)
	}
}
