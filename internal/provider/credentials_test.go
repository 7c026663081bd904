package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments, environment, cloud, want string
	}{
		"the first source goes first": {
			"region=a", "region=b auth_url=b", "auth_url=c token=c", "region=a auth_url=b token=c",
		},
		"empty is unset":                       {"region=", "region=b", "", "region=b"},
		"a later source completes credentials": {"user_name=a", "password=b", "", "user_name=a password=b"},
		"but brings in no others": {
			"user_name=a password=a", "token=b access_key=b secret_key=b", "", "user_name=a password=a",
		},
		"a token goes first": {
			"", "token=b access_key=b secret_key=b user_name=b password=b security_token=b", "", "token=b",
		},
		"then an access key": {
			"", "access_key=b secret_key=b user_name=b password=b", "", "access_key=b secret_key=b",
		},
		"a security token belongs to its access key": {
			"access_key=a secret_key=a", "security_token=b", "", "access_key=a secret_key=a",
		},
		"and is not completed by a later one": {
			"region=a", "security_token=b", "access_key=c secret_key=c", "region=a access_key=c secret_key=c",
		},
		"that of the key, where both have one": {
			"", "security_token=b", "access_key=c secret_key=c security_token=c",
			"access_key=c secret_key=c security_token=c",
		},
		"a token without any key stays, and is reported": {"", "security_token=b", "", "security_token=b"},
		"both from one source": {
			"", "access_key=b secret_key=b security_token=b", "", "access_key=b secret_key=b security_token=b",
		},
		"an argument's name goes before the environment's id": {
			"tenant_name=a domain_name=a", "tenant_id=b domain_id=b", "", "tenant_name=a domain_name=a",
		},
		"an id goes before a name of the same source": {
			"", "tenant_id=b tenant_name=b user_id=b user_name=b password=b", "", "tenant_id=b user_id=b password=b",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, want := merge(parsed(test.arguments), parsed(test.environment), parsed(test.cloud)), parsed(test.want)
			if !maps.Equal(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

// parsed returns the settings of a text such as "region=a token=b".
func parsed(text string) settings {
	s := settings{}
	for _, field := range strings.Fields(text) {
		name, value, _ := strings.Cut(field, "=")
		s[name] = value
	}
	return s
}

func TestFromEnvironment(t *testing.T) {
	t.Parallel()
	environment := settings{
		"OS_AUTH_URL": "u", "OS_REGION": "r2", "OS_REGION_NAME": "r1", "OS_PROJECT_NAME": "p", "OS_PROJECT_ID": "pid",
		"OS_USERNAME": "n", "OS_USER_ID": "nid", "OS_PASSWORD": "w", "OS_DOMAIN_NAME": "d", "OS_DOMAIN_ID": "did",
		"OS_AUTH_TOKEN": "t",
		"OS_ACCESS_KEY": "a", "OS_SECRET_KEY": "s", "OS_SECURITY_TOKEN": "st", "OS_AGENCY_NAME": "ag",
		"OS_AGENCY_DOMAIN_NAME": "agd",
		"OS_DELEGATED_PROJECT":  "dp", "OS_CLOUD": "c", "OS_CACERT": "ca", "OS_CERT": "ce", "OS_KEY": "k",
	}
	want := settings{
		"auth_url": "u", "region": "r1", "tenant_name": "p", "tenant_id": "pid", "user_name": "n", "user_id": "nid",
		"password":    "w",
		"domain_name": "d", "domain_id": "did", "token": "t", "access_key": "a", "secret_key": "s", "security_token": "st",
		"agency_name": "ag", "agency_domain_name": "agd", "delegated_project": "dp", "cloud": "c", "cacert_file": "ca",
		"cert": "ce", "key": "k",
	}
	if got := fromEnvironment(func(name string) string { return environment[name] }); !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// attributes returns the attributes that diagnostics are on.
func attributes(diags diag.Diagnostics) string {
	var names []string
	for _, d := range diags {
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			names = append(names, at.Path().String())
		}
	}
	return strings.Join(names, " ")
}

func TestMissing(t *testing.T) {
	t.Parallel()
	password := settings{"auth_url": "u", "user_name": "u", "password": "p", "domain_name": "d", "tenant_name": "t"}
	key := settings{"auth_url": "u", "access_key": "a", "secret_key": "s", "tenant_id": "t"}
	agency := settings{
		"auth_url": "u", "access_key": "a", "secret_key": "s", "domain_id": "d",
		"agency_name": "n", "agency_domain_name": "d", "delegated_project": "p",
	}
	for name, test := range map[string]struct {
		base          settings
		without, with string
		want          string
	}{
		"password":      {base: password},
		"key":           {base: key},
		"agency":        {base: agency},
		"token":         {base: settings{"auth_url": "u", "token": "t"}},
		"nothing":       {base: settings{}, want: "auth_url password"},
		"no auth_url":   {base: password, without: "auth_url", want: "auth_url"},
		"no password":   {base: password, without: "password", want: "password"},
		"no user":       {base: password, without: "user_name", want: "user_name"},
		"no domain":     {base: password, without: "domain_name", want: "domain_name"},
		"no project":    {base: password, without: "tenant_name", want: "tenant_name"},
		"no secret key": {base: key, without: "secret_key", want: "secret_key"},
		"no access key": {base: key, without: "access_key", want: "access_key"},
		"only a security token": {
			base: settings{"auth_url": "u", "security_token": "s", "tenant_id": "t"}, want: "access_key",
		},
		"no agency":            {base: agency, without: "agency_name", want: "agency_name agency_name tenant_name"},
		"no agency domain":     {base: agency, without: "agency_domain_name", want: "agency_domain_name"},
		"no delegated project": {base: agency, without: "delegated_project", want: "delegated_project"},
		"no domain of the key": {base: agency, without: "domain_id", want: "domain_name"},
		"certificate alone":    {base: password, with: "cert", want: "key"},
		"key alone":            {base: password, with: "key", want: "cert"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := test.base.clone()
			delete(s, test.without)
			if test.with != "" {
				s[test.with] = "x"
			}
			diags := missing(s, false)
			if got := attributes(diags); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			for _, d := range diags {
				if !strings.Contains(d.Detail(), "OS_") {
					t.Errorf("%q names no variable", d.Detail())
				}
			}
		})
	}
	if diags := missing(settings{"token": "t"}, true); len(diags) > 0 {
		t.Errorf("with endpoints.iam: %v", diags)
	}
}

func TestContradictions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		explicit settings
		want     string
	}{
		"one":                {explicit: settings{"token": "t", "tenant_name": "p"}},
		"token and password": {explicit: settings{"token": "t", "password": "p"}, want: "password"},
		"token and user":     {explicit: settings{"token": "t", "user_name": "p"}, want: "user_name"},
		"key and password":   {explicit: settings{"access_key": "t", "password": "p"}, want: "password"},
		"all": {
			explicit: settings{"token": "t", "secret_key": "s", "user_id": "p"}, want: "secret_key user_id",
		},
		"no key of its own":   {explicit: settings{"security_token": "t"}, want: "security_token"},
		"temporary key alone": {explicit: settings{"access_key": "a", "secret_key": "s", "security_token": "t"}},
	} {
		if got := attributes(contradictions(test.explicit)); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	const invalid, open = "Invalid URL", "Connection Not Encrypted: auth_url"
	for value, want := range map[string]string{
		"":                                       "",
		"https://iam.eu-de.otc.t-systems.com/v3": "",
		"http://127.0.0.1:9080/v3":               "",
		"http://127.1.2.3/v3":                    "",
		"http://[::1]:9080/v3":                   "",
		"http://localhost:9080/v3":               "",
		"http://iam.eu-de.otc.t-systems.com/v3":  open,
		"http://localhost.example.com":           open,
		"http://10.0.0.1:9080/v3":                open,
		"iam.eu-de.otc.t-systems.com":            invalid,
		"ftp://iam":                              invalid,
		"https://":                               invalid,
		"://":                                    invalid,
		"https://u:hunter2@iam":                  invalid,
		"https://u:hun%%ter2@iam":                invalid, // It can't even be parsed.
		"https://u:hunter2@iam:port":             invalid,
		"u:hunter2@iam":                          invalid,
		"https://hunter2@iam":                    invalid,
		"https://iam?token=hunter2":              invalid,
		"https://iam?":                           invalid,
		"https://iam#hunter2":                    invalid,
		"https://iam/v3?x=\x00hunter2":           invalid,
	} {
		diags := checkURL(path.Root("auth_url"), value)
		got := ""
		for _, d := range diags {
			got += d.Summary()
			for _, secret := range []string{"hunter2", "hun%%ter2"} {
				if strings.Contains(d.Detail(), secret) {
					t.Errorf("%q: the password is in %q", value, d.Detail())
				}
			}
			if !strings.Contains(d.Detail(), "auth_url") {
				t.Errorf("%q names no argument", d.Detail())
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}

// A warning comes before the credentials are sent, wherever the URL stands.
func TestUnencryptedURLsWarn(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	New("test", WithEnvironment(func(string) string { return "" })).resolve(block{
		settings: settings{"auth_url": "http://iam.example.com/v3", "token": "t"},
		endpoints: map[cloud.Service]string{
			cloud.IAM: "http://iam.example.com", cloud.SDRS: "http://sdrs.example.com", cloud.ECS: "https://ecs.example.com",
		},
	}, &diags)
	for _, d := range diags {
		if !strings.HasPrefix(d.Summary(), "Connection Not Encrypted: ") || d.Severity() != diag.SeverityWarning {
			t.Errorf("%s: %s", d.Summary(), d.Detail())
		}
	}
	got := strings.Fields(attributes(diags))
	slices.Sort(got)
	if want := []string{"auth_url", "endpoints.iam", "endpoints.sdrs"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
