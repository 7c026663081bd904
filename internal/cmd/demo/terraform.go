package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const (
	module   = "github.com/terraform-sdrs/terraform-provider-sdrs"
	planFile = "switch.tfplan"
	// farewell is how long a process that was asked to end may take before it is killed.
	farewell = 10 * time.Second
)

// terraform runs Terraform, or OpenTofu, in the folder of the configuration, and shows what a user would see.
type terraform struct {
	cli *tfexec.Terraform
	out io.Writer
	// command is the program's name, version that and more for people.
	command, version string
}

// plan is what Terraform intends.
type plan struct {
	// text is what the user sees.
	text string
	// changes is set where there is anything to apply, be it an output.
	changes bool
	// action is what is planned for the resource: create, update, delete, or no-op.
	action string
}

// outputs are the values of the configuration's outputs that the story is about.
type outputs struct {
	activeSite string
	// lastFailover says from where to where, or none.
	lastFailover string
}

// buildProvider builds the provider into a folder.
func buildProvider(ctx context.Context, folder string) error {
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", folder, module) //nolint:gosec // The demo's own folder.
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "TMPDIR="+folder)
	build.WaitDelay = farewell
	endWithFamily(build)
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, text)
	}
	return nil
}

// newTerraform finds Terraform and points it at the provider in folder, the configuration in work, and the cloud.
func newTerraform(ctx context.Context, out io.Writer, folder, work, cloud string) (*terraform, error) {
	binary, err := findTerraform()
	if errors.Is(err, exec.ErrNotFound) {
		_, _ = fmt.Fprintln(out, "Found neither terraform nor tofu: installing Terraform into the temporary folder.")
		binary, err = installTerraform(ctx, folder)
	}
	if err != nil {
		return nil, fmt.Errorf("no Terraform: %w", err)
	}
	settings := filepath.Join(folder, "terraform.tfrc")
	if err := os.WriteFile(settings, []byte(overrides(folder)), 0o600); err != nil {
		return nil, err
	}
	cli, err := tfexec.NewTerraform(work, binary)
	if err != nil {
		return nil, err
	}
	if err := cli.SetEnv(environment(folder, settings, cloud)); err != nil {
		return nil, err
	}
	_ = cli.SetWaitDelay(farewell) // Windows knows no farewell: there it is killed at once.
	version, _, err := cli.Version(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", binary, err)
	}
	command := strings.TrimSuffix(filepath.Base(binary), ".exe")
	return &terraform{cli: cli, out: out, command: command, version: fmt.Sprintf("%s, version %s", binary, version)}, nil
}

// overrides is the CLI configuration that takes the provider from a folder. It needs no `terraform init` then.
func overrides(folder string) string {
	return fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/terraform-sdrs/sdrs" = %[1]q
    "registry.opentofu.org/terraform-sdrs/sdrs" = %[1]q
  }
}
`, filepath.ToSlash(folder))
}

// environment is that of Terraform: the user's, without what would lead it to another cloud or to other settings.
func environment(folder, settings, cloud string) map[string]string {
	env := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if name != "" && !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "OS_") {
			env[name] = value
		}
	}
	account := simulator.DefaultAccount()
	env["OS_AUTH_URL"] = cloud + "/v3"
	env["OS_REGION_NAME"] = account.Region
	env["OS_DOMAIN_NAME"] = account.DomainName
	env["OS_TENANT_NAME"] = account.ProjectName
	env["OS_USERNAME"] = account.UserName
	env["OS_PASSWORD"] = account.Password
	env["TF_CLI_CONFIG_FILE"] = settings
	env["CHECKPOINT_DISABLE"] = "1" // No calls home, and no cache of their answers.
	env["TMPDIR"] = folder
	return env
}

// plan shows and saves the plan for the configuration with values of its variables, such as priority_station=target.
func (t *terraform) plan(ctx context.Context, vars ...string) (plan, error) {
	return t.save(ctx, "", vars)
}

// planDestroy shows and saves the plan to destroy everything.
func (t *terraform) planDestroy(ctx context.Context, vars ...string) (plan, error) {
	return t.save(ctx, " -destroy", vars, tfexec.Destroy(true))
}

func (t *terraform) save(ctx context.Context, mode string, vars []string, options ...tfexec.PlanOption) (plan, error) {
	line := "plan" + mode + " -out=" + planFile
	options = append(options, tfexec.Out(planFile))
	for _, assignment := range vars {
		line += " -var " + assignment
		options = append(options, tfexec.Var(assignment))
	}
	var changes bool
	text, err := t.show(line, func() (err error) {
		changes, err = t.cli.Plan(ctx, options...)
		return err
	})
	if err != nil {
		return plan{}, err
	}
	saved, err := t.cli.ShowPlanFile(ctx, planFile)
	if err != nil {
		return plan{}, err
	}
	var actions []string
	for _, change := range saved.ResourceChanges {
		for _, action := range change.Change.Actions {
			actions = append(actions, string(action))
		}
	}
	return plan{text: text, changes: changes, action: strings.Join(actions, ", ")}, nil
}

// apply applies the saved plan, and returns what Terraform says.
func (t *terraform) apply(ctx context.Context) (string, error) {
	return t.show("apply "+planFile, func() error { return t.cli.Apply(ctx, tfexec.DirOrPlan(planFile)) })
}

// show prints a command line as a user would type it, and what Terraform says while run runs it. It returns the latter.
func (t *terraform) show(line string, run func() error) (string, error) {
	_, _ = fmt.Fprintf(t.out, "\n$ %s %s\n", t.command, line)
	screen := &screen{out: t.out}
	t.cli.SetStdout(screen)
	defer t.cli.SetStdout(io.Discard)
	err := run()
	return screen.text.String(), errors.Join(err, screen.flush())
}

// outputs returns the outputs as of the last apply.
func (t *terraform) outputs(ctx context.Context) (outputs, error) {
	values, err := t.cli.Output(ctx)
	if err != nil {
		return outputs{}, err
	}
	found := outputs{lastFailover: "none"}
	if err := json.Unmarshal(values["active_site"].Value, &found.activeSite); err != nil {
		return outputs{}, fmt.Errorf("output active_site: %w", err)
	}
	value, ok := values["last_failover"]
	if !ok { // Terraform leaves out what is null.
		return found, nil
	}
	var last struct{ From, To string }
	if err := json.Unmarshal(value.Value, &last); err != nil {
		return outputs{}, fmt.Errorf("output last_failover: %w", err)
	}
	found.lastFailover = last.From + " to " + last.To
	return found, nil
}

// resources counts the resources in Terraform's state.
func (t *terraform) resources(ctx context.Context) (int, error) {
	state, err := t.cli.Show(ctx)
	if err != nil || state.Values == nil {
		return 0, err
	}
	return len(state.Values.RootModule.Resources), nil
}
