package cloud

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/go-retryablehttp"
	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack"
)

// identity is what a login results in. It does not change.
type identity struct {
	// Exactly one of token and keys is set.
	token string
	keys  *golangsdk.AKSKAuthOptions

	projectID, region string
	locate            golangsdk.EndpointLocator
	overrides         map[Service]string
	// renewable is set where logging in again gives a new token or new temporary keys.
	renewable bool

	// bases has the endpoints that were located so far, by service: each request asks for one.
	bases sync.Map
}

// authorize adds the token, or the signature as of now, to a request.
func (i *identity) authorize(req *http.Request) {
	if i.keys == nil {
		req.Header.Set("X-Auth-Token", i.token)
		return
	}
	golangsdk.Sign(req, golangsdk.SignOptions{AccessKey: i.keys.AccessKey, SecretKey: i.keys.SecretKey})
	req.Header.Set("X-Project-Id", i.projectID)
	if i.keys.SecurityToken != "" {
		req.Header.Set("X-Security-Token", i.keys.SecurityToken)
	}
}

// versioned splits an endpoint behind its API version: the catalog's entries carry different project ids and templates
// there, depending on how the catalog was asked for.
var versioned = regexp.MustCompile(`^(.*/v\d+(?:\.\d+)?)(?:/.*)?$`)

// endpoint returns the base URL of a service in the session's project, without a slash at the end.
func (i *identity) endpoint(service Service) (string, error) {
	if known, ok := i.bases.Load(service); ok {
		return known.(string), nil //nolint:forcetypeassert // Nothing else is stored.
	}
	base, err := i.located(service)
	if err == nil {
		i.bases.Store(service, base)
	}
	return base, err
}

func (i *identity) located(service Service) (string, error) {
	base := i.overrides[service]
	catalogType, version := service.catalogType()
	if base == "" {
		var err error
		base, err = i.locate(golangsdk.EndpointOpts{
			Type: catalogType, Region: i.region, Availability: golangsdk.AvailabilityPublic,
		})
		if err != nil {
			return "", fmt.Errorf("the catalog of region %q has no public endpoint of type %q: "+
				"check region, or set endpoints.%s", i.region, catalogType, service)
		}
	}
	base = strings.TrimRight(base, "/")
	if parts := versioned.FindStringSubmatch(base); parts != nil {
		base = parts[1]
	} else {
		base += "/" + version
	}
	return base + "/" + url.PathEscape(i.projectID), nil
}

// authenticate logs in to IAM (POST /v3/auth/tokens, or the signed reads that access keys need).
func (s *Session) authenticate(ctx context.Context) (*identity, error) {
	client, err := openstack.NewClient(identityURL(s.config))
	if err != nil {
		return nil, errors.New("auth_url is not a URL") // The error would have it, with a password that it may have.
	}
	exchange := &iamTransport{ctx: ctx, session: s, projects: map[string]project{}}
	client.HTTPClient = http.Client{Transport: exchange}
	client.UserAgent.Prepend(s.config.UserAgent)
	client.MaxBackoffRetries = new(int) // The library would sleep for a minute on each 429, unstoppably.

	options := s.config.authOptions()
	err = openstack.Authenticate(client, options)
	if err != nil && exchange.failure != nil {
		err = exchange.failure // The library's wrappings lose the status and the request id.
	}
	if err != nil {
		return nil, err
	}

	who := &identity{
		token:     client.Token(),
		projectID: client.ProjectID,
		region:    s.config.Region,
		locate:    client.EndpointLocator,
		overrides: s.config.Endpoints,
		renewable: s.config.Token == "",
	}
	if _, signed := options.(golangsdk.AKSKAuthOptions); signed {
		keys := client.AKSKOptions()
		who.keys, who.renewable = &keys, s.config.AgencyName != ""
	} else if who.token == "" {
		// The library reads a token's validation that got no answer, or had no token in its answer, as success.
		if exchange.failure != nil {
			return nil, exchange.failure
		}
		who.token = s.config.Token
	}
	if who.region == "" {
		// A project is named after its region, eu-de_shop. The library's guess knows the name that IAM gives to an id.
		name := cmp.Or(s.config.DelegatedProject, s.config.projectName(), client.RegionID)
		who.region, _, _ = strings.Cut(name, "_")
	}
	return who, s.check(who, exchange.projects[who.projectID])
}

// projectName returns the name of the project, unless its id makes that unnecessary.
func (c Config) projectName() string {
	if c.ProjectID != "" {
		return ""
	}
	return c.ProjectName
}

// project is what IAM says of the project that the session works in.
type project struct {
	ID, Name string
	Domain   struct{ ID, Name string }
}

// check refuses an identity that works elsewhere than the configuration says, or nowhere. A token brings its project
// along, and a list of IAM may have another one than it was asked for.
func (s *Session) check(who *identity, found project) error {
	c := s.config
	name, argument := c.projectName(), "tenant_name"
	if c.AgencyName != "" {
		name, argument = c.DelegatedProject, "delegated_project"
	}
	switch {
	case who.token == "" && who.keys == nil:
		return errors.New("IAM answered without a token")
	case who.projectID == "":
		return errors.New("the login is not scoped to a project: set tenant_name or tenant_id, or use a token of a project")
	case c.ProjectID != "" && c.AgencyName == "" && c.ProjectID != who.projectID:
		return fmt.Errorf("the token belongs to project %s, but tenant_id is %s", Printable(who.projectID), c.ProjectID)
	case name != "" && name != found.Name:
		return fmt.Errorf("the login is for project %q (%s), but %s is %q",
			found.Name, Printable(who.projectID), argument, name)
	case c.Token != "" && c.AgencyName == "" && !found.within(c):
		return fmt.Errorf("the token belongs to the domain %q (%s), but domain_name or domain_id is another one",
			found.Domain.Name, Printable(found.Domain.ID))
	case who.region == "" && (c.Endpoints[SDRS] == "" || c.Endpoints[ECS] == ""):
		return errors.New("the region is not known: set region (OS_REGION_NAME)")
	}
	return nil
}

// within reports whether the project belongs to the configured domain: a project eu-de is in each.
func (p project) within(c Config) bool {
	if c.DomainID != "" {
		return p.Domain.ID == c.DomainID
	}
	return c.DomainName == "" || p.Domain.Name == c.DomainName
}

// authOptions translates the configuration to the library's terms.
func (c Config) authOptions() golangsdk.AuthOptionsProvider {
	if c.DomainID != "" {
		c.DomainName = "" // IAM takes one of the two.
	}
	if c.Token == "" && c.AccessKey != "" {
		return golangsdk.AKSKAuthOptions{
			AccessKey:        c.AccessKey,
			SecretKey:        c.SecretKey,
			SecurityToken:    c.SecurityToken,
			Domain:           c.DomainName,
			DomainID:         c.DomainID,
			ProjectName:      c.projectName(),
			ProjectId:        c.ProjectID,
			AgencyName:       c.AgencyName,
			AgencyDomainName: c.AgencyDomainName,
			DelegatedProject: c.DelegatedProject,
		}
	}
	options := golangsdk.AuthOptions{
		DomainName:       c.DomainName,
		DomainID:         c.DomainID,
		TenantName:       c.projectName(),
		TenantID:         c.ProjectID,
		AgencyName:       c.AgencyName,
		AgencyDomainName: c.AgencyDomainName,
		DelegatedProject: c.DelegatedProject,
	}
	if c.Token != "" {
		options.TokenID = c.Token
		return options
	}
	options.Username, options.UserID, options.Password = c.UserName, c.UserID, c.Password
	if c.UserID != "" {
		options.Username = ""
	}
	return options
}

// identityURL returns the IAM endpoint with its version: without, the library would first ask IAM which it has.
func identityURL(c Config) string {
	base := c.AuthURL
	if override := c.Endpoints[IAM]; override != "" {
		base = override
	}
	base = strings.TrimRight(base, "/")
	if !strings.HasSuffix(base, "/v3") {
		base += "/v3"
	}
	return base
}

// iamTransport sends the library's requests to IAM like all others: with our context, connections, retries, and log.
type iamTransport struct {
	ctx     context.Context // The library's requests carry none.
	session *Session
	// failure is the last request's.
	failure error
	// projects are those in the answers, by id.
	projects map[string]project
}

// RoundTrip returns each status from 300 on as an error, so that none of the library's own handling (sleeping,
// repeating, logging in again, and following a redirect to another host with the password) ever runs.
func (t *iamTransport) RoundTrip(original *http.Request) (*http.Response, error) {
	t.failure = nil
	req, err := retryablehttp.FromRequest(original.WithContext(t.ctx))
	if err != nil {
		return nil, err
	}
	req.Close = false // The library closes each connection.
	// Issuing a token or temporary keys twice is harmless.
	got, err := t.session.send(req, attempts{repeatable: true})
	if err == nil && got.status >= 300 {
		err = newAPIError(original, got)
	}
	if err != nil {
		t.failure = err
		return nil, err
	}
	t.note(got.body)
	return &http.Response{
		StatusCode: got.status, Header: got.header, Body: io.NopCloser(bytes.NewReader(got.body)), Request: original,
	}, nil
}

// note keeps the projects of an answer: the library tells only the id of the one that it chose.
func (t *iamTransport) note(body []byte) {
	var answer struct {
		Token    struct{ Project project }
		Projects []project
	}
	if json.Unmarshal(body, &answer) != nil {
		return // The library says what is wrong with it.
	}
	for _, found := range append(answer.Projects, answer.Token.Project) {
		t.projects[found.ID] = found
	}
}
