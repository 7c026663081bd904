package provider_test

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const failover = "sdrs_protection_group_failover"

// simulate returns a simulator that must not be asked for any action: these tests are about logging in.
func simulate(t *testing.T) *tftest.Cloud {
	t.Helper()
	c := tftest.Simulate(t)
	t.Cleanup(func() {
		if n := c.Count(simulator.RouteAction); n != 0 {
			t.Errorf("%d actions sent", n)
		}
	})
	return c
}

func with(a, b tftest.Attributes) tftest.Attributes {
	joined := tftest.Attributes{}
	for _, source := range []tftest.Attributes{a, b} {
		for name, value := range source {
			joined[name] = value
		}
	}
	return joined
}

// login configures a provider, and reads the group with it.
func login(t *testing.T, c *tftest.Cloud, arguments tftest.Attributes) string {
	t.Helper()
	resource, diagnostics := c.NewResource(t, failover, arguments)
	if len(diagnostics) > 0 {
		return tftest.Text(diagnostics)
	}
	imported := resource.Import(t, c.GroupID)
	tftest.Want(t, imported.Attributes, tftest.Attributes{"active_site": "source"})
	return tftest.Text(imported.Diagnostics)
}

// The environment is the process's, since clouds.yaml is read with it: this test can't run beside others.
func TestCloudsYAMLAndEnvironment(t *testing.T) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "OS_") || strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	c := simulate(t).InEnvironment(os.Getenv)
	a := simulator.DefaultAccount()
	file := filepath.Join(t.TempDir(), "clouds.yaml")
	t.Setenv("OS_CLIENT_CONFIG_FILE", file)
	t.Setenv("AWS_ACCESS_KEY_ID", "of-the-state's-backend")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "of-the-state's-backend")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(fmt.Sprintf(`
clouds:
  shop:
    auth: {auth_url: %[1]q, username: %[2]q, password: %[3]q, user_domain_name: %[4]q, project_name: %[5]q}
  key:
    region_name: eu-de
    auth: {auth_url: %[1]q, ak: %[6]q, sk: %[7]q, project_id: %[8]q}
  agency:
    auth: {auth_url: %[1]q, username: %[2]q, password: %[3]q, domain_name: %[4]q, target_agency_name: %[9]q,
           target_domain_id: %[10]q, target_project_name: %[11]q}
`, c.URL(), a.UserName, a.Password, a.DomainName, a.ProjectName, a.AccessKey, a.SecretKey, a.ProjectID,
		a.AgencyName, a.AgencyDomainName, a.DelegatedProject))
	logsIn := func(arguments tftest.Attributes, parts ...string) {
		t.Helper()
		text := login(t, c, arguments)
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%v: %q is not in %q", arguments, part, text)
			}
		}
		if len(parts) == 0 && text != "" {
			t.Errorf("%v: %s", arguments, text)
		}
	}

	logsIn(tftest.Attributes{"cloud": "shop"})
	logsIn(tftest.Attributes{"cloud": "key"})
	logsIn(tftest.Attributes{"cloud": "agency"})
	logsIn(tftest.Attributes{"cloud": "none"}, `clouds.yaml has no entry "none"`)
	logsIn(tftest.Attributes{"cloud": "shop", "password": "wrong"}, "Login Failed", "401", "auth_url: "+c.URL(),
		"User: "+a.UserName, "Domain: "+a.DomainName, "Project: "+a.ProjectName, "Check the user, the password, the domain")
	logsIn(tftest.Attributes{"auth_url": c.URL(), "token": "old", "tenant_name": a.ProjectName}, "It may have expired")
	t.Setenv("OS_CLOUD", "shop")
	logsIn(tftest.Attributes{})
	t.Setenv("OS_PASSWORD", "wrong")
	logsIn(tftest.Attributes{}, "Login Failed")
	logsIn(tftest.Attributes{"password": a.Password})
	t.Setenv("OS_PASSWORD", "")
	write("clouds: [")
	logsIn(tftest.Attributes{}, "not valid YAML")

	t.Setenv("OS_CLOUD", "")
	logsIn(tftest.Attributes{}, "Missing Credentials")
	for name, value := range map[string]string{
		"OS_AUTH_URL": c.URL() + "/v3", "OS_USERNAME": a.UserName, "OS_PASSWORD": a.Password,
		"OS_DOMAIN_NAME": a.DomainName, "OS_PROJECT_NAME": a.ProjectName,
	} {
		t.Setenv(name, value)
	}
	logsIn(tftest.Attributes{})
	t.Setenv("OS_DOMAIN_NAME", "")
	logsIn(tftest.Attributes{"domain_id": a.DomainID})
	t.Setenv("OS_INSECURE", "perhaps")
	logsIn(tftest.Attributes{}, `OS_INSECURE is "perhaps"`)
}

// A provider may need what its configuration has yet to create.
func TestAccProvider_unknownArguments(t *testing.T) {
	t.Parallel()
	c := simulate(t)
	config := fmt.Sprintf(`
resource "terraform_data" "url" {
  input = %q
}
resource %q "test" {
  protection_group_id = %q
  priority_station    = "source"
}
`, c.URL(), failover, c.GroupID) + strings.Replace(c.ProviderBlock(), fmt.Sprintf("%q", c.URL()+"/v3"), "terraform_data.url.output", 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{{
			Config: config, Check: resource.TestCheckResourceAttr(failover+".test", "active_site", "source"),
		}},
	})
}

func TestBadArguments(t *testing.T) {
	t.Parallel()
	c := simulate(t)
	for _, test := range []struct {
		name  string
		value any
		parts []string
	}{
		{"auth_url", "iam", []string{"Invalid URL", `auth_url is "iam"`}},
		{"password", nil, []string{"Missing Provider Configuration", "password"}},
		{"token", "x", []string{"Contradictory Credentials", "Remove one of the two"}},
		{"max_retries", int64(-1), []string{"max_retries", "between 0 and 20"}},
		{"max_retries", int64(21), []string{"max_retries", "between 0 and 20"}},
		{"max_retries", int64(4294967297), []string{"max_retries", "between 0 and 20"}},
		{"endpoints", tftest.Attributes{"sdrs": "sdrs"}, []string{"Invalid URL", `endpoints.sdrs is "sdrs"`}},
		{"cacert_file", "/no/such/file", []string{"Login Failed", "cacert_file is neither a PEM text", "no such file"}},
	} {
		arguments := with(c.Arguments(), tftest.Attributes{test.name: test.value})
		text := tftest.Text(c.ValidateProvider(t, arguments))
		if text == "" {
			text = login(t, c, arguments)
		}
		for _, part := range test.parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q is not in %s", test.name, part, text)
			}
		}
	}
	if n := len(c.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

func TestServerCertificates(t *testing.T) {
	t.Parallel()
	c := simulate(t)
	server := httptest.NewUnstartedServer(c)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	for want, argument := range map[string]tftest.Attributes{
		"certificate signed by unknown authority": nil,
		"": {"cacert_file": authority},
		`WARNING on AttributeName("insecure"): Server Certificates Not Verified`: {"insecure": true},
	} {
		secure := with(c.Arguments(), tftest.Attributes{"auth_url": server.URL + "/v3", "max_retries": int64(0)})
		_, diagnostics := c.NewResource(t, failover, with(secure, argument))
		text := tftest.Text(diagnostics)
		if !strings.Contains(text, want) || want == "" && text != "" || argument != nil && tftest.Failed(diagnostics) {
			t.Errorf("%v: got %s", argument, text)
		}
	}
}

// A catalog that IAM sends over https, or loopback, may name endpoints that are not encrypted.
func TestUnencryptedCatalogWarns(t *testing.T) {
	t.Parallel()
	c := simulate(t)
	c.Inject(simulator.Fault{Route: simulator.RouteAuth, Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(c.URL()+"/sdrs"), []byte("http://sdrs.example.com"))
	}})
	_, diagnostics := c.NewResource(t, failover, nil)
	want := `WARNING on AttributeName("endpoints"): Connection Not Encrypted: endpoints.sdrs` +
		"\n\nThe catalog names http://sdrs.example.com for SDRS."
	if text := tftest.Text(diagnostics); !strings.HasPrefix(text, want) || len(diagnostics) != 1 {
		t.Errorf("got %s, want %s", text, want)
	}
	override := tftest.Attributes{"sdrs": c.URL() + "/sdrs"}
	_, diagnostics = c.NewResource(t, failover, with(c.Arguments(), tftest.Attributes{"endpoints": override}))
	if len(diagnostics) > 0 {
		t.Errorf("got %s", tftest.Text(diagnostics))
	}
}

func TestUnknownArgumentsKeepTheState(t *testing.T) {
	t.Parallel()
	c := simulate(t)
	for name := range c.Arguments() {
		unconfigured, diagnostics := c.NewResource(t, failover, with(c.Arguments(), tftest.Attributes{name: tftest.Unknown}))
		if len(diagnostics) > 0 {
			t.Error(tftest.Text(diagnostics))
		}
		state := tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": "source", "active_site": "target"}
		read := unconfigured.Read(t, state)
		if read.Attributes["active_site"] != "target" ||
			!strings.Contains(tftest.Text(read.Diagnostics), "WARNING: Protection Group Not Refreshed") {
			t.Errorf("%s: %v, %s", name, read.Attributes, tftest.Text(read.Diagnostics))
		}
	}
	if n := len(c.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	c := simulate(t)
	sdrs, _ := c.NewResource(t, failover, nil)
	sdrs.Import(t, c.GroupID)
	requests := c.Requests()
	if got := requests[len(requests)-1].UserAgent; !strings.HasPrefix(got,
		"terraform-provider-sdrs/test (+https://registry.terraform.io/terraform-sdrs/sdrs) Terraform/1.11.4") {
		t.Errorf("got %q", got)
	}
}
