package provider

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// choice is a list of alternatives of which one is used, the first that is set. Once a source has set an argument of
// one alternative, sources behind it can complete that one, but not bring in another.
type choice [][]string

var (
	credentials = choice{{"token"}, {"access_key", "secret_key", "security_token"}, {"password", "user_name", "user_id"}}
	choices     = []choice{
		credentials,
		{{"user_id"}, {"user_name"}},
		{{"domain_id"}, {"domain_name"}},
		{{"tenant_id"}, {"tenant_name"}},
	}
)

// made returns the indices of the alternatives that s has arguments of.
func (c choice) made(s settings) []int {
	var found []int
	for i, alternative := range c {
		if slices.ContainsFunc(alternative, s.has) {
			found = append(found, i)
		}
	}
	return found
}

func (s settings) has(name string) bool { return s[name] != "" }

// merge joins sources, of which the first goes first, and leaves one alternative of each choice.
func merge(sources ...settings) settings {
	merged := settings{}
	for _, source := range sources {
		ahead := merged.clone()
		for name, value := range source {
			if value != "" && !ahead.has(name) && !ahead.excludes(name) {
				merged[name] = value
			}
		}
	}
	// A security token belongs to the access key of its own source, and must not go to IAM with another one.
	ofKey := slices.IndexFunc(sources, func(s settings) bool { return s.has("access_key") })
	if ofKey >= 0 && merged.has("access_key") {
		delete(merged, "security_token")
		if token := sources[ofKey]["security_token"]; token != "" {
			merged["security_token"] = token
		}
	}
	for _, choice := range choices {
		if made := choice.made(merged); len(made) > 1 {
			for _, i := range made[1:] {
				for _, name := range choice[i] {
					delete(merged, name)
				}
			}
		}
	}
	return merged
}

func (s settings) clone() settings {
	copied := settings{}
	for name, value := range s {
		copied[name] = value
	}
	return copied
}

// excludes reports whether s has made a choice that name belongs to another alternative of.
func (s settings) excludes(name string) bool {
	for _, choice := range choices {
		of := slices.IndexFunc(choice, func(alternative []string) bool { return slices.Contains(alternative, name) })
		if made := choice.made(s); of >= 0 && len(made) > 0 && !slices.Contains(made, of) {
			return true
		}
	}
	return false
}

// contradictions reports arguments of the provider block that can't be meant together. Environments are not checked:
// there, one set of credentials for several providers is common, and the order of the alternatives decides.
func contradictions(explicit settings) diag.Diagnostics {
	var diags diag.Diagnostics
	if made := credentials.made(explicit); len(made) > 1 {
		first := firstSet(explicit, credentials[made[0]])
		for _, i := range made[1:] {
			second := firstSet(explicit, credentials[i])
			diags.Append(contradictoryCredentials.On(path.Root(second), fmt.Sprintf(
				"%s and %s belong to different ways to log in. Remove one of the two.", first, second)))
		}
	}
	if explicit.has("security_token") && !explicit.has("access_key") {
		diags.Append(contradictoryCredentials.On(path.Root("security_token"),
			"security_token belongs to an access_key, which the provider block does not set, and is not used with one from "+
				"elsewhere. Set access_key and secret_key beside it, or remove it."))
	}
	return diags
}

func firstSet(s settings, names []string) string {
	return names[slices.IndexFunc(names, s.has)]
}

// missing reports what the merged settings lack, on the attribute that would mend it.
func missing(s settings, iamOverride bool) diag.Diagnostics {
	var diags diag.Diagnostics
	lacks := func(name, why string) {
		diags.Append(missingConfiguration.On(path.Root(name),
			fmt.Sprintf("%s: set %s, or %s in the environment.", why, name, variables(name))))
	}
	needs := func(name, because string) {
		if s.has(because) && !s.has(name) {
			lacks(name, because+" needs "+name)
		}
	}

	if !s.has("auth_url") && !iamOverride {
		lacks("auth_url", "The URL of IAM is not known")
	}
	if len(credentials.made(s)) == 0 {
		diags.Append(missingCredentials.On(path.Root("password"),
			"There is nothing to log in with. Set user_name and password (OS_USERNAME, OS_PASSWORD), or access_key and "+
				"secret_key (OS_ACCESS_KEY, OS_SECRET_KEY), or token (OS_TOKEN), or cloud (OS_CLOUD) for an entry of clouds.yaml."))
		return diags
	}
	needs("secret_key", "access_key")
	needs("access_key", "secret_key")
	if !s.has("access_key") && !s.has("secret_key") {
		needs("access_key", "security_token")
	}
	needs("password", "user_name")
	needs("password", "user_id")
	if s.has("password") && !s.has("user_id") {
		needs("user_name", "password")
	}
	domain := s.has("domain_name") || s.has("domain_id")
	if s.has("user_name") && !domain {
		needs("domain_name", "user_name")
	}
	needs("agency_domain_name", "agency_name")
	needs("delegated_project", "agency_name")
	needs("agency_name", "agency_domain_name")
	needs("agency_name", "delegated_project")
	if s.has("agency_name") {
		if s.has("access_key") && !domain {
			lacks("domain_name", "An agency used with an access_key needs the domain of the key")
		}
	} else if !s.has("token") && !s.has("tenant_name") && !s.has("tenant_id") {
		lacks("tenant_name", "Protection groups live in a project")
	}
	if s.has("user_id") && s.has("tenant_name") && !domain {
		lacks("domain_name", "A tenant_name is only unique in its domain")
	}
	needs("key", "cert")
	needs("cert", "key")
	return diags
}

// variables names the environment variables of an argument.
func variables(name string) string {
	i := slices.IndexFunc(arguments, func(a argument) bool { return a.name == name })
	return strings.Join(arguments[i].environment, " or ")
}

// checkURL reports a value that is not the URL of a service, and warns of one that is not encrypted. A URL with more
// than a host and a path in it is not printed, since that more is often a password.
func checkURL(at path.Path, value string) diag.Diagnostics {
	var diags diag.Diagnostics
	if value == "" {
		return diags
	}
	const form = "It must be a URL with scheme and host, such as https://iam.eu-de.otc.t-systems.com/v3."
	if strings.ContainsAny(value, "@?#") {
		// Not on the attribute: Terraform would show the line of the configuration that has the value.
		diags.Append(invalidURL.New(fmt.Sprintf(
			"%s has a user, a query, or a fragment in it. Its value is not shown, since it may have a password. %s", at, form)))
		return diags
	}
	parsed, err := url.Parse(value)
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		diags.Append(invalidURL.On(at, fmt.Sprintf("%s is %q. %s", at, value, form)))
		return diags
	}
	if !encrypted(parsed) {
		diags.Append(connectionNotEncrypted.About(at.String()).On(at, fmt.Sprintf("%s is %q. %s", at, value, readable)))
	}
	return diags
}

const readable = "Without https anybody on the network path can read the credentials and answer in the cloud's name. " +
	"Use https, unless the whole path is yours."

// encrypted reports whether nobody on a network can read what is sent to a URL: it is https, or does not leave the
// machine.
func encrypted(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Hostname() == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// catalogEncrypted warns of services whose endpoints in the catalog are not encrypted.
func catalogEncrypted(session *cloud.Session, overrides map[cloud.Service]string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, service := range []cloud.Service{cloud.SDRS, cloud.ECS, cloud.EVS} {
		endpoint, err := session.Endpoint(service)
		if err != nil || overrides[service] != "" {
			continue
		}
		if parsed, err := url.Parse(endpoint); err == nil && !encrypted(parsed) {
			diags.Append(connectionNotEncrypted.About("endpoints."+string(service)).On(path.Root("endpoints"), fmt.Sprintf(
				"The catalog names http://%s for %s. %s With endpoints.%s you can name another one.",
				cloud.Printable(parsed.Host), strings.ToUpper(string(service)), readable, service)))
		}
	}
	return diags
}
