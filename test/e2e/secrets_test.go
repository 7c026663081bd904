package e2e_test

import (
	"archive/zip"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccSecrets runs the provider at TRACE through logins that succeed and fail, a switch, and a failure, and searches
// all that it leaves behind for secrets.
func TestAccSecrets(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(time.Second))
	w.Trace()
	output := w.Run(t, "apply", "-auto-approve", "-var=priority_station=source")
	w.RevokeTokens()
	output += w.Run(t, "plan", "-out=saved.tfplan", "-var=priority_station=target")
	output += w.Run(t, "apply", "saved.tfplan")
	w.SetServerStatus(simulator.DemoGroup().Instances[0].TargetServer.ID, "ACTIVE")
	refused, err := w.try(t, "apply", "-auto-approve", "-var=priority_station=source")
	if err == nil || !strings.Contains(refused, "Planned Failover Not Ready") {
		t.Errorf("not refused: %s", refused)
	}
	output += refused

	const wrong = "not-the-passw0rd"
	w.Environment = append(w.Environment, "OS_PASSWORD="+wrong)
	failed, err := w.try(t, "plan", "-var=priority_station=source")
	if err == nil || !strings.Contains(failed, "Login Failed") {
		t.Errorf("logged in: %s", failed)
	}
	output += failed

	w.Write(t, "provider.tf", "provider \"sdrs\" {\n  max_retries = 0\n}\n")
	const proxy = "of-the-proxy" // Go reads a proxy once for the whole process.
	w.Environment = append(w.Environment, "OS_AUTH_URL=http://iam.invalid/v3",
		"HTTP_PROXY=http://user:"+proxy+"@127.0.0.1:1")
	failed, err = w.try(t, "plan", "-var=priority_station=source")
	if err == nil || !strings.Contains(failed, "proxyconnect") {
		t.Errorf("logged in: %s", failed)
	}
	output += failed

	w.wantNoSecret(t, output, append(w.Secrets(), wrong, proxy))
}

// wantNoSecret searches all that runs of Terraform left behind: what they printed, the log, the state, and the plan.
func (w *workspace) wantNoSecret(t *testing.T, output string, secrets []string) {
	t.Helper()
	left := map[string]string{"what was printed": output}
	for _, name := range []string{"trace.log", "terraform.tfstate"} {
		left[name] = w.Read(t, name)
	}
	if !strings.Contains(left["trace.log"], "Cloud API request") {
		t.Error("the log lacks the provider's lines")
	}
	w.wantNoSecretInPlan(t, left, secrets)
}

// wantNoSecretInPlan searches saved.tfplan, and what else is left, by name.
func (w *workspace) wantNoSecretInPlan(t *testing.T, left map[string]string, secrets []string) {
	t.Helper()
	plan, err := zip.OpenReader(filepath.Join(w.Dir, "saved.tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = plan.Close() }()
	for _, file := range plan.File {
		reader, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		left["saved.tfplan: "+file.Name] = string(content)
	}
	for _, secret := range secrets {
		for name, content := range left {
			if strings.Contains(content, secret) {
				t.Errorf("%s has a secret: %.8s...", name, secret)
			}
		}
	}
}
