package e2e_test

import (
	"archive/zip"
	"io"
	"path/filepath"
	"slices"
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

	w.wantNoSecret(t, output, append(w.Secrets(), wrong))
}

// TestAccSecretsOfEachLogin adopts a group and plans a switch at TRACE with each kind of credentials.
func TestAccSecretsOfEachLogin(t *testing.T) {
	t.Parallel()
	a := simulator.DefaultAccount()
	agency := []string{
		"OS_AGENCY_NAME=" + a.AgencyName, "OS_AGENCY_DOMAIN_NAME=" + a.AgencyDomainName,
		"OS_DELEGATED_PROJECT=" + a.DelegatedProject, "OS_PROJECT_NAME=",
	}
	accessKey := []string{
		"OS_USERNAME=", "OS_PASSWORD=", "OS_ACCESS_KEY=" + a.AccessKey, "OS_SECRET_KEY=" + a.SecretKey,
	}
	for name, test := range map[string]struct {
		login       func(*workspace) []string
		credentials string // As the request log tells them.
	}{
		"token": {
			login: func(w *workspace) []string {
				return []string{"OS_USERNAME=", "OS_PASSWORD=", "OS_TOKEN=" + w.IssueToken()}
			},
			credentials: "token",
		},
		"access key": {
			login:       func(*workspace) []string { return accessKey },
			credentials: "aksk",
		},
		"temporary access key": {
			login: func(w *workspace) []string {
				key, secret, token := w.IssueTemporaryKeys()
				return []string{
					"OS_USERNAME=", "OS_PASSWORD=", "OS_ACCESS_KEY=" + key, "OS_SECRET_KEY=" + secret,
					"OS_SECURITY_TOKEN=" + token, "OS_PROJECT_NAME=", "OS_PROJECT_ID=" + a.DelegatedProjectID, "OS_REGION_NAME=" + a.Region,
				}
			},
			credentials: "temporary aksk",
		},
		"agency with password": {login: func(*workspace) []string { return agency }, credentials: "token"},
		"agency with access key": {
			login:       func(*workspace) []string { return slices.Concat(accessKey, agency) },
			credentials: "temporary aksk",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.Trace()
			login := test.login(w)
			w.Environment = append(w.Environment, login...)
			output := w.Run(t, "apply", "-auto-approve", "-var=priority_station=source")
			output += w.Run(t, "plan", "-out=saved.tfplan", "-var=priority_station=target")
			requests := w.Requests()
			if last := requests[len(requests)-1]; last.AuthKind != test.credentials {
				t.Errorf("authenticated by %q, want %q", last.AuthKind, test.credentials)
			}
			secrets := w.Secrets()
			for _, variable := range login {
				// Its id is no secret, but nobody else's business either.
				if key, found := strings.CutPrefix(variable, "OS_ACCESS_KEY="); found {
					secrets = append(secrets, key)
				}
			}
			w.wantNoSecret(t, output, secrets)
		})
	}
}

// wantNoSecret searches all that runs of Terraform left behind: what they printed, the log, the state, and the plan.
func (w *workspace) wantNoSecret(t *testing.T, output string, secrets []string) {
	t.Helper()
	left := map[string]string{"what was printed": output}
	for _, name := range []string{"trace.log", "terraform.tfstate"} {
		left[name] = w.Read(t, name)
	}
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
	if !strings.Contains(left["trace.log"], "Cloud API request") {
		t.Error("the log lacks the provider's lines")
	}
	for _, secret := range secrets {
		for name, content := range left {
			if strings.Contains(content, secret) {
				t.Errorf("%s has a secret: %.8s...", name, secret)
			}
		}
	}
}
