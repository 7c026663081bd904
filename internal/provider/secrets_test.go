package provider_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// left is what a provider leaves behind that is configured, adopts a group, and plans a switch of it.
func left(t *testing.T, c *tftest.Cloud, arguments tftest.Attributes) string {
	t.Helper()
	tb, log := tftest.Logged(t)
	resource, diagnostics := c.NewResource(tb, failover, arguments)
	text := tftest.Text(diagnostics)
	if !tftest.Failed(diagnostics) {
		config := tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": "source"}
		created := resource.Apply(tb.Context(), tb, resource.Plan(tb, nil, config))
		config["priority_station"] = "target"
		plan := resource.PlanAfter(tb, created, created.Attributes, config)
		text += fmt.Sprintf("%+v %+v %s %s", created, plan, tftest.Text(created.Diagnostics), tftest.Text(plan.Diagnostics))
	}
	return text + log.Take()
}

func wantNoSecret(t *testing.T, left string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(left, secret) {
			t.Errorf("a secret was left behind: %.8s...", secret)
		}
	}
}

// environment returns one of pairs.
func environment(pairs ...tftest.Attributes) func(string) string {
	return func(name string) string {
		for _, variables := range slices.Backward(pairs) {
			if value, found := variables[name].(string); found {
				return value
			}
		}
		return ""
	}
}

// password is a login of the environment.
func password(c *tftest.Cloud) tftest.Attributes {
	a := simulator.DefaultAccount()
	return tftest.Attributes{
		"OS_AUTH_URL": c.URL() + "/v3", "OS_REGION_NAME": a.Region, "OS_DOMAIN_NAME": a.DomainName,
		"OS_PROJECT_NAME": a.ProjectName, "OS_USERNAME": a.UserName, "OS_PASSWORD": a.Password,
	}
}

// No secret of any kind of credentials stands in log, message, plan, or state.
func TestSecretsOfEachLogin(t *testing.T) {
	t.Parallel()
	a := simulator.DefaultAccount()
	agency := tftest.Attributes{
		"OS_AGENCY_NAME": a.AgencyName, "OS_AGENCY_DOMAIN_NAME": a.AgencyDomainName,
		"OS_DELEGATED_PROJECT": a.DelegatedProject, "OS_PROJECT_NAME": "",
	}
	accessKey := tftest.Attributes{
		"OS_USERNAME": "", "OS_PASSWORD": "", "OS_ACCESS_KEY": a.AccessKey,
		"OS_SECRET_KEY": a.SecretKey,
	}
	certificate, key := clientCertificate(t)
	for name, test := range map[string]struct {
		login       func(*tftest.Cloud) tftest.Attributes
		credentials string // As the request log tells them.
	}{
		"client certificate": {
			login: func(*tftest.Cloud) tftest.Attributes {
				return tftest.Attributes{
					"OS_CERT": certificate,
					"OS_KEY":  key,
				}
			},
			credentials: "token",
		},
		"ids": {
			login: func(*tftest.Cloud) tftest.Attributes {
				return tftest.Attributes{
					"OS_USERNAME": "", "OS_USER_ID": a.UserID, "OS_DOMAIN_NAME": "", "OS_DOMAIN_ID": a.DomainID,
					"OS_PROJECT_NAME": "", "OS_PROJECT_ID": a.ProjectID,
				}
			},
			credentials: "token",
		},
		"token": {
			login: func(c *tftest.Cloud) tftest.Attributes {
				return tftest.Attributes{"OS_USERNAME": "", "OS_PASSWORD": "", "OS_TOKEN": c.IssueToken()}
			},
			credentials: "token",
		},
		"access key": {
			login:       func(*tftest.Cloud) tftest.Attributes { return accessKey },
			credentials: "aksk",
		},
		"temporary access key": {
			login: func(c *tftest.Cloud) tftest.Attributes {
				key, secret, token := c.IssueTemporaryKeys()
				return tftest.Attributes{
					"OS_USERNAME": "", "OS_PASSWORD": "", "OS_ACCESS_KEY": key, "OS_SECRET_KEY": secret, "OS_SECURITY_TOKEN": token,
					"OS_PROJECT_NAME": "", "OS_PROJECT_ID": a.DelegatedProjectID,
				}
			},
			credentials: "temporary aksk",
		},
		"agency with password": {login: func(*tftest.Cloud) tftest.Attributes { return agency }, credentials: "token"},
		"agency with access key": {
			login:       func(*tftest.Cloud) tftest.Attributes { return with(accessKey, agency) },
			credentials: "temporary aksk",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := simulate(t)
			login := test.login(c)
			text := left(t, c.InEnvironment(environment(password(c), login)), tftest.Attributes{})
			if strings.Contains(text, "ERROR: ") || !strings.Contains(text, "Cloud API request") {
				t.Errorf("got %s", text)
			}
			requests := c.Requests()
			if last := requests[len(requests)-1]; last.AuthKind != test.credentials {
				t.Errorf("authenticated by %q, want %q", last.AuthKind, test.credentials)
			}
			secrets := append(c.Secrets(), strings.Split(strings.TrimSpace(key), "\n")[1])
			// The id of a key is no secret, but nobody else's business either.
			if key, found := login["OS_ACCESS_KEY"].(string); found {
				secrets = append(secrets, key)
			}
			wantNoSecret(t, text, secrets...)
		})
	}
}

// A secret where none belongs, or a wrong one, is told in no way that an error is. The environment is the process's,
// since clouds.yaml is read with it: this test can't run beside others.
func TestSecretsOfBadConfigurations(t *testing.T) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "OS_") || strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	clouds := filepath.Join(t.TempDir(), "clouds.yaml")
	t.Setenv("OS_CLIENT_CONFIG_FILE", clouds)
	if err := os.WriteFile(clouds, []byte("clouds:\n"+
		"  shop: {auth: {auth_url: \"http://user:of-the-entry@iam.{region_name}.invalid\"}}\n"+
		"  query: {auth: {auth_url: \"http://iam.invalid/v3?x=of-the-query\"}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := simulate(t)
	certificate, key := clientCertificate(t)
	lines := strings.Split(strings.TrimSpace(key), "\n")
	keyLines := lines[1 : len(lines)-1]
	host := strings.TrimPrefix(c.URL(), "http://")
	none := tftest.Attributes{"OS_USERNAME": "", "OS_PASSWORD": ""}
	temporary, temporarySecret, _ := c.IssueTemporaryKeys()
	foreign := c.IssueToken()
	type attributes = tftest.Attributes
	for name, test := range map[string]struct {
		arguments, environment attributes
		needle, want           string // want is in the error.
	}{
		"key that lost its first line": {
			nil, attributes{"OS_KEY": strings.Join(keyLines, "\n")}, keyLines[0], "key is neither a PEM text",
		},
		"key in place of its certificate": {
			nil, attributes{"OS_CERT": strings.Join(keyLines, "")}, keyLines[0], "cert is neither a PEM text",
		},
		"key in place of the authorities": {
			nil, attributes{"OS_CACERT": strings.Join(keyLines, "")}, keyLines[0], "cacert_file is neither a PEM text",
		},
		"key of the block": {
			attributes{"key": "MIIEvgOfTheVariable"},
			nil, "MIIEvgOfTheVariable",
			"key is neither a PEM text",
		},
		"user of auth_url": {
			nil, attributes{"OS_AUTH_URL": "http://user:of-auth-url@" + host + "/v3"}, "of-auth-url", "Invalid URL",
		},
		"query of auth_url": {
			nil, attributes{"OS_AUTH_URL": c.URL() + "/v3?token=of-its-query"}, "of-its-query", "Invalid URL",
		},
		"auth_url that is none": {
			nil, attributes{"OS_AUTH_URL": "http://user:of%%zz-none@" + host}, "of%%zz-none", "Invalid URL",
		},
		"auth_url of the block": {
			attributes{"auth_url": "http://user:of-the-block@" + host + "/v3"}, nil, "of-the-block", "Invalid URL",
		},
		"user of an endpoint": {
			attributes{"endpoints": attributes{"sdrs": "http://user:of-endpoint@" + host}}, nil, "of-endpoint", "Invalid URL",
		},
		"user of an entry": {
			nil,
			attributes{"OS_CLOUD": "shop", "OS_AUTH_URL": "", "OS_REGION_NAME": "", "OS_PROJECT_NAME": ""},
			"of-the-entry", "Cloud Not Found",
		},
		"query of an entry": {nil, attributes{"OS_CLOUD": "query", "OS_AUTH_URL": ""}, "of-the-query", "Invalid URL"},
		"wrong token": {
			nil, with(none, attributes{"OS_TOKEN": "of-a-wrong-token"}), "of-a-wrong-token", "Login Failed",
		},
		"token of two lines": {
			attributes{"token": "two-lines\nof-a-token"}, none, //nolint:gosec // Of no real cloud.
			"of-a-token", "Login Failed",
		},
		"wrong secret key": {
			nil, with(none, attributes{
				"OS_ACCESS_KEY": simulator.DefaultAccount().AccessKey, "OS_SECRET_KEY": "of-a-wrong-key",
			}), "of-a-wrong-key", "Login Failed",
		},
		"wrong security token": {
			nil, with(none, attributes{
				"OS_ACCESS_KEY": temporary, "OS_SECRET_KEY": temporarySecret, "OS_SECURITY_TOKEN": "of-other-keys",
			}), "of-other-keys", "Login Failed",
		},
		"two kinds of credentials": {
			attributes{"token": "of-two-kinds", "password": "of-two-kinds"}, nil, "of-two-kinds", "Contradictory Credentials",
		},
		"project of another token": {
			nil, with(none, attributes{"OS_TOKEN": foreign, "OS_PROJECT_NAME": "eu-de_other"}), foreign, "tenant_name is",
		},
	} {
		good := with(password(c), tftest.Attributes{"OS_CERT": certificate, "OS_KEY": key})
		text := left(t, c.InEnvironment(environment(good, test.environment)),
			with(test.arguments, tftest.Attributes{"max_retries": int64(0)}))
		if !strings.Contains(text, test.want) {
			t.Errorf("%s: %q is not in %s", name, test.want, text)
		}
		wantNoSecret(t, text, append(append(c.Secrets(), keyLines...), test.needle)...)
	}
}

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
