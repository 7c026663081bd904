// Package provider is the Terraform provider: its schema, its configuration, and the list of what it offers.
package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/report"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/activedomain"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/attachment"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/drill"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/failurejob"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/groupfailover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/groupprotection"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/protectedinstance"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/protectiongroup"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/quota"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/service/replicationpair"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Address is the provider's address in the registry.
const Address = "registry.terraform.io/terraform-sdrs/sdrs"

// typeName begins the names of the resources.
const typeName = "sdrs"

var _ provider.ProviderWithListResources = (*Provider)(nil)

// Provider is the sdrs provider.
type Provider struct {
	version   string
	getenv    func(string) string
	retryWait time.Duration
	workflow  []failover.Option
}

// Option changes the surroundings of a provider, for tests.
type Option func(*Provider)

// WithEnvironment replaces the environment that arguments come from.
func WithEnvironment(getenv func(string) string) Option {
	return func(p *Provider) { p.getenv = getenv }
}

// WithRetryWait sets the wait before the first repetition of a failed request, 500 ms by default.
func WithRetryWait(wait time.Duration) Option { return func(p *Provider) { p.retryWait = wait } }

// WithWorkflow sets how switches are waited for.
func WithWorkflow(options ...failover.Option) Option {
	return func(p *Provider) { p.workflow = options }
}

// New returns the provider; version is that of its release.
func New(version string, options ...Option) *Provider {
	p := &Provider{version: version, getenv: os.Getenv}
	for _, option := range options {
		option(p)
	}
	return p
}

// Metadata names the provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// Configure logs in. Where an argument is not known yet, in a plan, it does nothing.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	block, known := readBlock(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !known {
		return
	}
	config := p.resolve(block, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserAgent = fmt.Sprintf("terraform-provider-sdrs/%s (+https://%s) Terraform/%s",
		p.version, Address, req.TerraformVersion)
	config.RetryWait = p.retryWait
	session, err := cloud.NewSession(ctx, config)
	if err != nil {
		resp.Diagnostics.Append(wordLogin(config, err))
		return
	}
	resp.Diagnostics.Append(catalogEncrypted(session, config.Endpoints)...)
	client, servers := sdrs.NewClient(session), ecs.NewClient(session)
	workflow := failover.New(client, servers, p.workflow...)
	services := &tfkit.Services{
		SDRS:     client.Gathering(min(sdrs.DefaultWindow, workflow.Waiter().Shortest)),
		ECS:      servers,
		EVS:      evs.NewClient(session),
		Workflow: workflow,
		Region:   session.Region(),
		Origin: report.Origin{
			ProviderVersion: p.version, Region: session.Region(), ProjectID: session.ProjectID(),
		},
	}
	resp.ResourceData = services
	resp.DataSourceData = services
	resp.ListResourceData = services
	resp.ActionData = services
}

// Resources lists the resources.
func (p *Provider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		protectiongroup.NewResource,
		protectedinstance.NewResource,
		replicationpair.NewResource,
		attachment.NewResource,
		groupfailover.NewResource,
		groupprotection.NewResource,
		drill.NewResource,
	}
}

// Actions lists the actions.
func (p *Provider) Actions(context.Context) []func() action.Action {
	return append(slices.Concat(
		groupfailover.Actions(), groupprotection.Actions(), protectedinstance.Actions(), failurejob.Actions(),
	), evacuation.New)
}

// DataSources lists the data sources.
func (p *Provider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		protectiongroup.NewDataSource,
		protectiongroup.NewDataSources,
		protectedinstance.NewDataSource,
		protectedinstance.NewDataSources,
		replicationpair.NewDataSource,
		replicationpair.NewDataSources,
		failurejob.NewDataSources,
		groupfailover.NewDataSource,
		activedomain.NewDataSources,
		quota.NewDataSources,
		drill.NewDataSource,
		drill.NewDataSources,
	}
}

// ListResources lists the resources that terraform query can find.
func (p *Provider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		protectiongroup.NewListResource,
		protectedinstance.NewListResource,
		replicationpair.NewListResource,
		attachment.NewListResource,
		groupfailover.NewListResource,
		groupprotection.NewListResource,
		drill.NewListResource,
	}
}

// block is the provider block of a configuration.
type block struct {
	settings   settings
	insecure   types.Bool
	maxRetries types.Int64
	endpoints  map[cloud.Service]string
}

// readBlock returns the provider block, and whether all of it is known.
func readBlock(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (block, bool) {
	read := block{settings: settings{}, endpoints: map[cloud.Service]string{}}
	known := true
	text := func(at path.Path) string {
		var value types.String
		diags.Append(config.GetAttribute(ctx, at, &value)...)
		known = known && !value.IsUnknown()
		return value.ValueString()
	}
	for _, argument := range arguments {
		read.settings[argument.name] = text(path.Root(argument.name))
	}
	var endpoints types.Object
	diags.Append(config.GetAttribute(ctx, path.Root("endpoints"), &endpoints)...)
	known = known && !endpoints.IsUnknown()
	if !endpoints.IsNull() && !endpoints.IsUnknown() {
		for _, service := range []cloud.Service{cloud.IAM, cloud.SDRS, cloud.ECS, cloud.EVS} {
			read.endpoints[service] = text(path.Root("endpoints").AtName(string(service)))
		}
	}
	diags.Append(config.GetAttribute(ctx, path.Root("insecure"), &read.insecure)...)
	diags.Append(config.GetAttribute(ctx, path.Root("max_retries"), &read.maxRetries)...)
	return read, known && !read.insecure.IsUnknown() && !read.maxRetries.IsUnknown()
}

// resolve completes the provider block from the environment and clouds.yaml, and checks the outcome.
func (p *Provider) resolve(b block, diags *diag.Diagnostics) cloud.Config {
	environment := fromEnvironment(p.getenv)
	var entry cloudEntry
	if name := merge(b.settings, environment)["cloud"]; name != "" {
		var err error
		if entry, err = loadCloud(name); err != nil {
			diags.Append(cloudNotFound.On(path.Root("cloud"), fmt.Sprintf(
				"cloud is %q: %s. Check the name, and that the file is in the working folder, in ~/.config/openstack, in "+
					"/etc/openstack, or at OS_CLIENT_CONFIG_FILE.", name, err)))
			return cloud.Config{}
		}
	}
	s := merge(b.settings, environment, entry.settings)
	diags.Append(contradictions(b.settings)...)
	diags.Append(missing(s, b.endpoints[cloud.IAM] != "")...)
	diags.Append(checkURL(path.Root("auth_url"), s["auth_url"])...)
	for service, override := range b.endpoints {
		diags.Append(checkURL(path.Root("endpoints").AtName(string(service)), override)...)
	}

	config := cloud.Config{
		AuthURL: s["auth_url"], Region: s["region"],
		Token:     s["token"],
		AccessKey: s["access_key"], SecretKey: s["secret_key"], SecurityToken: s["security_token"],
		UserName: s["user_name"], UserID: s["user_id"], Password: s["password"],
		DomainName: s["domain_name"], DomainID: s["domain_id"],
		ProjectName: s["tenant_name"], ProjectID: s["tenant_id"],
		AgencyName: s["agency_name"], AgencyDomainName: s["agency_domain_name"], DelegatedProject: s["delegated_project"],
		CACert: s["cacert_file"], ClientCert: s["cert"], ClientKey: s["key"],
		Insecure:   p.insecure(b, entry, diags),
		Endpoints:  b.endpoints,
		MaxRetries: defaultMaxRetries,
	}
	if !b.maxRetries.IsNull() {
		config.MaxRetries = int(b.maxRetries.ValueInt64())
	}
	return config
}

// ConfigFromEnvironment returns who logs in where with a provider block that has no arguments, and what is wrong with
// that.
func ConfigFromEnvironment(getenv func(string) string) (cloud.Config, diag.Diagnostics) {
	var diags diag.Diagnostics
	config := New("", WithEnvironment(getenv)).resolve(block{settings: settings{}}, &diags)
	return config, diags
}

// insecure resolves the argument of that name.
func (p *Provider) insecure(b block, entry cloudEntry, diags *diag.Diagnostics) bool {
	insecure := entry.insecure
	if value := p.getenv("OS_INSECURE"); value != "" {
		parsed, err := strconv.ParseBool(value)
		if err != nil {
			diags.Append(invalidEnvironmentVariable.On(path.Root("insecure"),
				fmt.Sprintf("OS_INSECURE is %q. It must be true or false.", value)))
		}
		insecure = parsed
	}
	if !b.insecure.IsNull() {
		insecure = b.insecure.ValueBool()
	}
	if insecure {
		diags.Append(certificatesNotVerified.On(path.Root("insecure"),
			"insecure is set, so anybody on the network path can read the credentials and answer in the cloud's name. "+
				"Set cacert_file to trust a private certificate authority instead."))
	}
	return insecure
}

// wordLogin words a failed login: as whom, to what, and where. What is left of another shell or project shows there.
func wordLogin(c cloud.Config, err error) diag.Diagnostic {
	refusal, answered := errors.AsType[*cloud.APIError](err)
	m := &diagnostic.Message{
		Happened: "Logging in to the cloud failed. Nothing was changed.",
		Next:     "Check auth_url, the network, and the arguments of the provider.",
	}
	m.Fact("Error", err.Error())
	m.Fact("auth_url", c.AuthURL)
	refused := answered && refusal.Status == http.StatusUnauthorized
	switch {
	case c.Token != "":
		m.Fact("Credentials", "a token")
		if refused {
			m.Next = "It may have expired: get a new one, which is of the project. Otherwise check auth_url."
		}
	case c.AccessKey != "":
		m.Fact("Credentials", "an access key")
		if refused {
			m.Next = "Check both keys, the project, auth_url, and the clock of this machine."
		}
	default:
		m.Fact("User", cmp.Or(c.UserName, c.UserID))
		m.Fact("Domain", cmp.Or(c.DomainName, c.DomainID))
		if refused {
			m.Next = "Check the user, the password, the domain, the project, and auth_url."
		}
	}
	m.Fact("Project", cmp.Or(c.ProjectName, c.ProjectID))
	return m.New(loginFailed)
}
