package e2e_test

import (
	"archive/zip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
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

// TestAccSecretsOfBadConfigurations gives the provider a secret where none belongs, or a wrong one, in each way that
// ends in an error, and searches what that leaves behind.
func TestAccSecretsOfBadConfigurations(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Trace()
	certificate, key := clientCertificate(t)
	lines := strings.Split(strings.TrimSpace(key), "\n")
	keyLines := lines[1 : len(lines)-1]
	good := with(w.Environment, "OS_CERT="+certificate, "OS_KEY="+key)
	block := func(arguments string) string {
		return required + "variable \"secret\" {\n  sensitive = true\n  default   = \"\"\n}\n" +
			"provider \"sdrs\" {\n  max_retries = 0\n" + arguments + "\n}\n" + strings.TrimPrefix(configuration, required)
	}
	w.Write(t, "main.tf", block(""))
	w.Environment = good
	output := w.Run(t, "apply", "-auto-approve", "-var=priority_station=source")
	output += w.Run(t, "plan", "-out=saved.tfplan", "-var=priority_station=target")
	w.Write(t, "clouds.yaml", "clouds:\n"+
		"  shop: {auth: {auth_url: \"http://user:of-the-entry@iam.{region_name}.invalid\"}}\n"+
		"  query: {auth: {auth_url: \"http://iam.invalid/v3?x=of-the-query\"}}\n")

	host := strings.TrimPrefix(w.URL(), "http://")
	none := []string{"OS_USERNAME=", "OS_PASSWORD="}
	temporary, temporarySecret, _ := w.IssueTemporaryKeys()
	foreign := w.IssueToken()
	secrets := append(w.Secrets(), keyLines...)
	for name, test := range map[string]struct {
		arguments   string
		environment []string
		needle      string
		want        string // In the output.
	}{
		"key that lost its first line": {
			environment: []string{"OS_KEY=" + strings.Join(keyLines, "\n")},
			needle:      keyLines[0], want: "key is neither a PEM text",
		},
		"key in place of its certificate": {
			environment: []string{"OS_CERT=" + strings.Join(keyLines, "")},
			needle:      keyLines[0], want: "cert is neither a PEM text",
		},
		"key in place of the authorities": {
			environment: []string{"OS_CACERT=" + strings.Join(keyLines, "")},
			needle:      keyLines[0], want: "cacert_file is neither a PEM text",
		},
		"key of a sensitive variable": {
			arguments:   "key = var.secret",
			environment: []string{"TF_VAR_secret=MIIEvgOfTheVariable"},
			needle:      "MIIEvgOfTheVariable",
			want:        "key is neither a PEM text",
		},
		"user of auth_url": {
			environment: []string{"OS_AUTH_URL=http://user:of-auth-url@" + host + "/v3"},
			needle:      "of-auth-url", want: "Invalid URL",
		},
		"query of auth_url": {
			environment: []string{"OS_AUTH_URL=" + w.URL() + "/v3?token=of-its-query"},
			needle:      "of-its-query", want: "Invalid URL",
		},
		"auth_url that is none": {
			environment: []string{"OS_AUTH_URL=http://user:of%%zz-none@" + host}, needle: "of%%zz-none", want: "Invalid URL",
		},
		"auth_url of the block": {
			arguments: `auth_url = "http://user:of-the-block@` + host + `/v3"`, needle: "of-the-block", want: "Invalid URL",
		},
		"user of an endpoint": {
			arguments: `endpoints = { sdrs = "http://user:of-endpoint@` + host + `" }`,
			needle:    "of-endpoint", want: "Invalid URL",
		},
		"user of an entry": {
			environment: []string{"OS_CLOUD=shop", "OS_AUTH_URL=", "OS_REGION_NAME=", "OS_PROJECT_NAME="},
			needle:      "of-the-entry",
			want:        "Cloud Not Found",
		},
		"query of an entry": {
			environment: []string{"OS_CLOUD=query", "OS_AUTH_URL="}, needle: "of-the-query", want: "Invalid URL",
		},
		"proxy's password": {
			environment: []string{"OS_AUTH_URL=http://iam.invalid/v3", "HTTP_PROXY=http://user:of-the-proxy@127.0.0.1:1"},
			needle:      "of-the-proxy", want: "proxyconnect",
		},
		"wrong token": {
			environment: with(none, "OS_TOKEN=of-a-wrong-token"),
			needle:      "of-a-wrong-token", want: "Login Failed",
		},
		"token of two lines": {
			arguments:   "token = var.secret",
			environment: with(none, "TF_VAR_secret=two-lines\nof-a-token"),
			needle:      "of-a-token",
			want:        "Login Failed",
		},
		"wrong secret key": {
			environment: with(none, "OS_ACCESS_KEY="+simulator.DefaultAccount().AccessKey, "OS_SECRET_KEY=of-a-wrong-key"),
			needle:      "of-a-wrong-key", want: "Login Failed",
		},
		"wrong security token": {
			environment: with(none, "OS_ACCESS_KEY="+temporary, "OS_SECRET_KEY="+temporarySecret,
				"OS_SECURITY_TOKEN=of-other-keys"),
			needle: "of-other-keys", want: "Login Failed",
		},
		"two kinds of credentials": {
			arguments:   "token = var.secret\n  password = var.secret",
			environment: []string{"TF_VAR_secret=of-two-kinds"},
			needle:      "of-two-kinds",
			want:        "Contradictory Credentials",
		},
		"project of another token": {
			environment: with(none, "OS_TOKEN="+foreign, "OS_PROJECT_NAME=eu-de_other"),
			needle:      foreign, want: "tenant_name is",
		},
	} {
		w.Write(t, "main.tf", block(test.arguments))
		w.Environment = with(with(good, "OS_CLIENT_CONFIG_FILE="+filepath.Join(w.Dir, "clouds.yaml")), test.environment...)
		failed, err := w.try(t, "plan", "-var=priority_station=target")
		if err == nil || !strings.Contains(unwrapped(failed), test.want) {
			t.Errorf("%s: %q is not in %s", name, test.want, failed)
		}
		output += failed
		secrets = append(secrets, test.needle)
	}
	w.wantNoSecret(t, output, append(secrets, w.Secrets()...))
}

// with returns an environment with more variables.
func with(environment []string, more ...string) []string { return slices.Concat(environment, more) }

// clientCertificate returns a certificate and its key as PEM texts.
func clientCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	public, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: public})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
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
