package provider

// argument is a string argument of the provider. Names and environment variables are those of the opentelekomcloud
// provider, so that one set of credentials serves both.
type argument struct {
	name        string
	environment []string
	sensitive   bool
	description string
}

var arguments = []argument{
	{
		name: "auth_url", environment: []string{"OS_AUTH_URL"},
		description: "The URL of IAM, for example `https://iam.eu-de.otc.t-systems.com/v3`.",
	},
	{
		name: "region", environment: []string{"OS_REGION_NAME", "OS_REGION"},
		description: "The region, for example `eu-de`. Default: the prefix of the project's name.",
	},
	{
		name: "user_name", environment: []string{"OS_USERNAME"},
		description: "The name of the user. Needs `password`, and `domain_name` or `domain_id`.",
	},
	{
		name: "user_id", environment: []string{"OS_USER_ID"},
		description: "The id of the user, instead of `user_name`. Needs `password`.",
	},
	{
		name: "password", environment: []string{"OS_PASSWORD"}, sensitive: true,
		description: "The user's password.",
	},
	{
		name: "domain_name", environment: []string{
			"OS_USER_DOMAIN_NAME", "OS_PROJECT_DOMAIN_NAME", "OS_DOMAIN_NAME",
			"OS_DEFAULT_DOMAIN",
		},
		description: "The name of the domain (account) of the user and the project, for example `OTC00000000001000000001`.",
	},
	{
		name: "domain_id", environment: []string{"OS_USER_DOMAIN_ID", "OS_PROJECT_DOMAIN_ID", "OS_DOMAIN_ID"},
		description: "The id of the domain; takes precedence over `domain_name`.",
	},
	{
		name: "tenant_name", environment: []string{"OS_TENANT_NAME", "OS_PROJECT_NAME"},
		description: "The name of the project, for example `eu-de_shop`.",
	},
	{
		name: "tenant_id", environment: []string{"OS_TENANT_ID", "OS_PROJECT_ID"},
		description: "The id of the project; takes precedence over `tenant_name`.",
	},
	{
		name: "token", environment: []string{"OS_TOKEN", "OS_AUTH_TOKEN"}, sensitive: true,
		description: "A token of the project. It can't be renewed when it expires. It must be of the project and the " +
			"domain that are set, if any are.",
	},
	{
		name: "access_key", environment: []string{"OS_ACCESS_KEY"}, sensitive: true,
		description: "The access key (AK). Needs `secret_key`.",
	},
	{
		name: "secret_key", environment: []string{"OS_SECRET_KEY"}, sensitive: true,
		description: "The secret key (SK).",
	},
	{
		name: "security_token", environment: []string{"OS_SECURITY_TOKEN"}, sensitive: true,
		description: "The security token of a temporary access key.",
	},
	{
		name: "agency_name", environment: []string{"OS_AGENCY_NAME"},
		description: "The agency to act as. Needs `agency_domain_name` and `delegated_project`.",
	},
	{
		name: "agency_domain_name", environment: []string{"OS_AGENCY_DOMAIN_NAME"},
		description: "The name of the domain that created the agency.",
	},
	{
		name: "delegated_project", environment: []string{"OS_DELEGATED_PROJECT"},
		description: "The name of the agency's project to work in.",
	},
	{
		name: "cloud", environment: []string{"OS_CLOUD"},
		description: "The entry of `clouds.yaml` (in the working folder, `~/.config/openstack`, `/etc/openstack`, or " +
			"at `OS_CLIENT_CONFIG_FILE`) that fills in what neither arguments nor environment set.",
	},
	{
		name: "cacert_file", environment: []string{"OS_CACERT"},
		description: "The CA certificates to trust: a PEM text or the path of a file.",
	},
	{
		name: "cert", environment: []string{"OS_CERT"},
		description: "The client certificate: a PEM text or the path of a file. Needs `key`.",
	},
	{
		name: "key", environment: []string{"OS_KEY"}, sensitive: true,
		description: "The key of the client certificate: a PEM text or the path of a file.",
	},
}

// settings are the values of arguments by name; unset ones are missing or empty.
type settings map[string]string

// fromEnvironment returns the settings that environment variables make; of several variables the first set one counts.
func fromEnvironment(getenv func(string) string) settings {
	found := settings{}
	for _, argument := range arguments {
		for _, variable := range argument.environment {
			if value := getenv(variable); value != "" {
				found[argument.name] = value
				break
			}
		}
	}
	return found
}
