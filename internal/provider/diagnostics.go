package provider

import (
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/attachment"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/drill"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/failurejob"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/groupfailover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/groupprotection"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/protectedinstance"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/protectiongroup"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/replicationpair"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Diagnostics are all that the provider can print, as the troubleshooting guide has them.
func Diagnostics() []diagnostic.Section {
	return []diagnostic.Section{
		section(), tfkit.Reading(), tfkit.Operations(), tfkit.Creations(),
		protectiongroup.Section(), protectedinstance.Section(), replicationpair.Section(), attachment.Section(),
		groupfailover.Section(), groupprotection.Section(), drill.Section(), evacuation.Section(), failurejob.Section(),
		diagnostic.Configuration(), diagnostic.Terraform(),
	}
}

// section is what can be said of the configuration of the provider, and of logging in.
func section() diagnostic.Section {
	return diagnostic.Section{
		Title: "Configuration and login",
		Kinds: []diagnostic.Kind{
			cloudNotFound, contradictoryCredentials, invalidEnvironmentVariable, invalidURL, loginFailed, missingCredentials,
			missingConfiguration, diagnostic.NotConfigured, certificatesNotVerified, connectionNotEncrypted,
			diagnostic.UnexpectedProviderData,
		},
	}
}

var (
	// cloudNotFound is an entry of clouds.yaml that can't be read.
	cloudNotFound = diagnostic.Error("Cloud Not Found",
		"The entry of `clouds.yaml` that `cloud` or `OS_CLOUD` names is not there, or the file can't be read.",
		"Check the name, and that the file is in the working folder, in `~/.config/openstack`, in `/etc/openstack`, or at "+
			"`OS_CLIENT_CONFIG_FILE`.")
	// contradictoryCredentials is a provider block with several ways to log in.
	contradictoryCredentials = diagnostic.Error("Contradictory Credentials",
		"The provider block sets arguments of different ways to log in, for example `token` and `password`.",
		"Keep one way, and remove the arguments of the others from the block.")
	// invalidEnvironmentVariable is an OS_INSECURE that is no boolean.
	invalidEnvironmentVariable = diagnostic.Error("Invalid Environment Variable",
		"`OS_INSECURE` is neither true nor false.",
		"Set it to `true` or `false`, or unset it.")
	// invalidURL is an auth_url or an endpoint that is none.
	invalidURL = diagnostic.Error(
		"Invalid URL",
		"`auth_url`, or one of `endpoints`, is not a URL with a scheme and a host, or has a user, a query, or a fragment "+
			"in it.",
		"Write it as in `https://iam.eu-de.otc.t-systems.com/v3`.",
	)
	// loginFailed is a login that IAM refused, or that did not get to it.
	loginFailed = diagnostic.Error(
		"Login Failed",
		"The provider could not log in: IAM refused the credentials or can't be reached, a certificate can't be read or is "+
			"not trusted, or the project, the region, or an endpoint is not known. Nothing was changed.",
		"After HTTP 401 check the user, the password or key, the domain, the project, and the clock of this machine. "+
			"Otherwise check `auth_url`, the network, `HTTPS_PROXY`, `cacert_file`, and `region`. Where the catalog has no "+
			"endpoint for SDRS, set `endpoints`.",
	)
	// missingCredentials is nothing to log in with.
	missingCredentials = diagnostic.Error("Missing Credentials",
		"There is nothing to log in with, neither in the provider block nor in the environment nor in `clouds.yaml`.",
		"Source your openrc file in this shell, set `OS_CLOUD`, or set `user_name` and `password`, or `access_key` and "+
			"`secret_key`, or `token`.")
	// missingConfiguration is an argument that others need.
	missingConfiguration = diagnostic.Error("Missing Provider Configuration",
		"An argument is not set that the others need, such as `domain_name` for `user_name`.",
		"Set the named argument, or one of the environment variables that the message names.")
	// certificatesNotVerified is insecure = true.
	certificatesNotVerified = diagnostic.Warning("Server Certificates Not Verified",
		"`insecure` is set: anybody on the network path can read the credentials, and answer in the cloud's name.",
		"Set `cacert_file` to the CA of your proxy or private cloud, and remove `insecure` and `OS_INSECURE`.")
	// connectionNotEncrypted is an endpoint with http.
	connectionNotEncrypted = diagnostic.Warning(
		"Connection Not Encrypted",
		"`auth_url`, one of `endpoints`, or an endpoint in the catalog begins with `http://`: anybody on the network path "+
			"can read the credentials, and answer in the cloud's name.",
		"Write it with `https://`. Where the catalog names the endpoint, set the one of `endpoints` for that service.",
	)
)
