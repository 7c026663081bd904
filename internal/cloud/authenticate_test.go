package cloud_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	a := c.Account
	temporary, temporarySecret, securityToken := c.IssueTemporaryKeys()
	password := cloud.Config{UserName: a.UserName, Password: a.Password, DomainName: a.DomainName}
	key := cloud.Config{AccessKey: a.AccessKey, SecretKey: a.SecretKey}
	named := func(config cloud.Config) cloud.Config { config.ProjectName = a.ProjectName; return config }
	agency := func(config cloud.Config) cloud.Config {
		config.AgencyName, config.AgencyDomainName, config.DelegatedProject = a.AgencyName, a.AgencyDomainName,
			a.DelegatedProject
		return config
	}
	keyOfDomain, keyOfID, withoutVersion := key, key, named(password)
	keyOfDomain.DomainName, keyOfID.ProjectID, keyOfID.Region = a.DomainName, a.ProjectID, a.Region
	keyOfDomains := key
	keyOfDomains.DomainName, keyOfDomains.DomainID = "ignored", a.DomainID
	withoutVersion.AuthURL = c.URL
	tests := map[string]struct {
		config            cloud.Config
		project, authKind string
	}{
		"password with names": {named(password), a.ProjectID, "token"},
		"password with ids": {
			cloud.Config{UserID: a.UserID, Password: a.Password, DomainID: a.DomainID, ProjectID: a.ProjectID},
			a.ProjectID,
			"token",
		},
		"password with names and ids": {
			cloud.Config{
				UserName: "ignored", UserID: a.UserID, Password: a.Password, DomainName: "ignored", DomainID: a.DomainID,
				ProjectName: "ignored", ProjectID: a.ProjectID,
			}, a.ProjectID, "token",
		},
		"password with a name, and both of the domain": {
			cloud.Config{
				UserName: a.UserName, Password: a.Password, DomainName: "ignored", DomainID: a.DomainID, ProjectName: a.ProjectName,
			}, a.ProjectID, "token",
		},
		"auth_url without version": {withoutVersion, a.ProjectID, "token"},
		"token":                    {cloud.Config{Token: c.IssueToken()}, a.ProjectID, "token"},
		"token and access key": {
			cloud.Config{Token: c.IssueToken(), AccessKey: "ignored", SecretKey: "ignored"}, a.ProjectID, "token",
		},
		"access key with project name": {named(key), a.ProjectID, "aksk"},
		"access key with project id":   {keyOfID, a.ProjectID, "aksk"},
		"temporary access key": {
			cloud.Config{
				AccessKey: temporary, SecretKey: temporarySecret, SecurityToken: securityToken,
				ProjectID: a.DelegatedProjectID, Region: a.Region,
			}, a.DelegatedProjectID, "temporary aksk",
		},
		"agency with password":                           {agency(password), a.DelegatedProjectID, "token"},
		"agency with token":                              {agency(cloud.Config{Token: c.IssueToken()}), a.DelegatedProjectID, "token"},
		"agency with access key":                         {agency(keyOfDomain), a.DelegatedProjectID, "temporary aksk"},
		"agency with access key, and both of the domain": {agency(keyOfDomains), a.DelegatedProjectID, "temporary aksk"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			config := test.config
			config.AuthURL, config.UserAgent = cmp.Or(config.AuthURL, c.URL+"/v3"), "test"
			session, err := cloud.NewSession(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if session.ProjectID() != test.project {
				t.Errorf("project %s, want %s", session.ProjectID(), test.project)
			}
			if session.Region() != a.Region {
				t.Errorf("region %s, want %s", session.Region(), a.Region)
			}
			if name, err := group(t.Context(), session); err != nil || name != "web-shop" {
				t.Fatalf("reading the group: %q, %v", name, err)
			}
			if err := act(t.Context(), session); err != nil && !strings.Contains(err.Error(), "SDRS.0209") {
				t.Errorf("a signed body: %v", err)
			}
			requests := c.Requests()
			if last := requests[len(requests)-1]; last.AuthKind != test.authKind {
				t.Errorf("authenticated by %q, want %q", last.AuthKind, test.authKind)
			}
		})
	}
}

// IAM need not repeat the token that it validates.
func TestTokenThatIsNotRepeated(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	config := c.config()
	config.Token = c.IssueToken()
	var validated string
	c.Inject(simulator.Fault{
		Route: simulator.RouteAuth, Times: 1, Rewrite: func(body []byte) []byte { validated = string(body); return body },
	})
	for range 2 {
		session, err := cloud.NewSession(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := group(t.Context(), session); err != nil {
			t.Error(err)
		}
		c.Inject(simulator.Fault{Route: simulator.RouteAuth, Status: http.StatusOK, Body: validated})
	}
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*testCloud, *cloud.Config)
		status int
		text   string
	}{
		"wrong password": {
			change: func(_ *testCloud, c *cloud.Config) { c.Password = "wrong" },
			status: http.StatusUnauthorized, text: "password is wrong",
		},
		"wrong secret key": {
			change: func(c *testCloud, config *cloud.Config) {
				config.AccessKey, config.SecretKey = c.Account.AccessKey, "wrong"
			},
			status: http.StatusUnauthorized, text: "signature",
		},
		"unknown token": {
			change: func(_ *testCloud, c *cloud.Config) { c.Token = "unknown" },
			status: http.StatusUnauthorized,
		},
		"token of another project": {
			change: func(c *testCloud, config *cloud.Config) {
				config.Token, config.ProjectID = c.IssueToken(), "00000000000000000000000000000000"
			},
			text: "the token belongs to project",
		},
		"token of another project by name": {
			change: func(c *testCloud, config *cloud.Config) {
				config.Token, config.ProjectName = c.IssueToken(), "eu-de_other"
			},
			text: `the login is for project "eu-de_demo" (b0000000000000000000000000000001), but tenant_name is "eu-de_other"`,
		},
		"token of another domain": { // Where projects have the same names.
			change: func(c *testCloud, config *cloud.Config) { config.Token, config.DomainName = c.IssueToken(), "other" },
			text:   "the token belongs to the domain",
		},
		"token of another domain by id": {
			change: func(c *testCloud, config *cloud.Config) { config.Token, config.DomainID = c.IssueToken(), "other" },
			text:   "the token belongs to the domain",
		},
		"password, scoped to another project": {
			change: func(c *testCloud, _ *cloud.Config) {
				c.Inject(simulator.Fault{Route: simulator.RouteAuth, Rewrite: func(body []byte) []byte {
					return bytes.ReplaceAll(body, []byte(c.Account.ProjectName), []byte("eu-de_other"))
				}})
			},
			text: `the login is for project "eu-de_other"`,
		},
		"access key, and a list of projects whose filter is ignored": {
			change: func(c *testCloud, config *cloud.Config) {
				config.AccessKey, config.SecretKey = c.Account.AccessKey, c.Account.SecretKey
				c.Inject(simulator.Fault{Route: simulator.RouteProjects, Rewrite: func(body []byte) []byte {
					return bytes.ReplaceAll(body, []byte(c.Account.ProjectName), []byte("eu-de_other"))
				}})
			},
			text: `the login is for project "eu-de_other"`,
		},
		"no URL": {
			change: func(_ *testCloud, c *cloud.Config) { c.AuthURL = "http://[::1" },
			text:   "auth_url is not a URL",
		},
		"IAM broken": {
			change: func(c *testCloud, _ *cloud.Config) {
				c.Inject(simulator.Fault{Route: simulator.RouteAuth, Status: http.StatusBadGateway, Body: "<html>"})
			},
			status: http.StatusBadGateway, text: "not JSON",
		},
		"IAM unreachable, validating a token": {
			change: func(c *testCloud, config *cloud.Config) {
				config.Token = "x"
				c.Inject(simulator.Fault{Route: simulator.RouteAuth, Cut: simulator.CutBefore})
			},
			text: "EOF",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			config := c.config()
			test.change(c, &config)
			_, err := cloud.NewSession(t.Context(), config)
			if err == nil {
				t.Fatal("logged in")
			}
			failure, _ := errors.AsType[*cloud.APIError](err)
			if test.status != 0 && (failure == nil || failure.Status != test.status) {
				t.Errorf("got %v, want status %d", err, test.status)
			}
			if !strings.Contains(err.Error(), test.text) ||
				test.status != 0 && err.Error() != failure.Error() {
				t.Errorf("got %q, want %q in it", err, test.text)
			}
		})
	}
}

func TestTokenIsRenewedOnceForAll(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]simulator.Option{
		"401": nil,
		"403": {simulator.WithInvalidTokenAs403()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, options...)
			session := c.session(t)
			c.RevokeTokens()
			var wait sync.WaitGroup
			c.Inject(simulator.Fault{Route: simulator.RouteAuth, Rewrite: func(body []byte) []byte {
				wait.Go(func() { // For the race detector: nothing orders these looks and the renewal.
					for range 100_000 {
						_ = session.Region()
					}
				})
				return body
			}})
			for range 20 {
				wait.Go(func() {
					if _, err := group(t.Context(), session); err != nil {
						t.Error(err)
					}
				})
			}
			wait.Wait()
			if n := c.Count(simulator.RouteAuth); n != 2 {
				t.Errorf("%d logins, want 2", n)
			}
		})
	}
}

func TestTemporaryKeysOfAnAgencyAreRenewed(t *testing.T) {
	t.Parallel()
	clock := simulator.NewManualClock(time.Now())
	c := newCloud(t, simulator.WithClock(clock), simulator.WithTokenLifetime(time.Hour))
	config := c.config()
	config.Password = ""
	config.AccessKey, config.SecretKey, config.ProjectName = c.Account.AccessKey, c.Account.SecretKey, ""
	config.AgencyName, config.AgencyDomainName, config.DelegatedProject = c.Account.AgencyName, c.Account.AgencyDomainName,
		c.Account.DelegatedProject
	session, err := cloud.NewSession(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(2 * time.Hour)
	if _, err := group(t.Context(), session); err != nil {
		t.Error(err)
	}
}

func TestRefusedRenewalIsFinal(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden} {
		c := newCloud(t)
		session := c.session(t)
		c.RevokeTokens()
		c.Inject(simulator.Fault{
			Route: simulator.RouteAuth, Status: status, Body: `{"error":{"code":1,"message":"locked"}}`,
		})
		for range 3 {
			_, err := group(t.Context(), session)
			if err == nil || !strings.Contains(err.Error(), "locked") {
				t.Errorf("%d: got %v, want the refusal of the login", status, err)
			}
		}
		if n := c.Count(simulator.RouteAuth); n != 2 {
			t.Errorf("%d: %d logins, want 2: each further one brings the account closer to being locked", status, n)
		}
	}
}

// The login is for all who wait: the end of who began it does not end it.
func TestRenewalOutlivesWhoBeganIt(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	session := c.session(t)
	c.RevokeTokens()
	ctx, end := context.WithCancel(t.Context())
	c.Inject(simulator.Fault{
		Route: simulator.RouteAuth, Times: 1, Rewrite: func(body []byte) []byte { end(); return body },
	})
	if _, err := group(ctx, session); err == nil {
		t.Error("read after its end")
	}
	if _, err := group(t.Context(), session); err != nil || c.Count(simulator.RouteAuth) != 2 {
		t.Errorf("%d logins, want 2: %v", c.Count(simulator.RouteAuth), err)
	}
}

// IAM that is down when the token expires is a passing fault: a wait of half an hour must not end with it.
func TestRenewalThatFailsForNow(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	session := c.session(t)
	c.RevokeTokens()
	for _, fault := range []simulator.Fault{
		{Status: http.StatusNotFound},
		{Status: http.StatusCreated, Body: "<html>"},
		{Status: http.StatusForbidden, Body: "<html>"},
	} {
		fault.Route, fault.Times = simulator.RouteAuth, 1
		c.Inject(fault)
		_, err := group(t.Context(), session)
		if _, exposed := errors.AsType[*cloud.APIError](err); exposed || !cloud.Transient(err) {
			t.Errorf("%d: got %v, want a transient error that is not an answer of the service", fault.Status, err)
		}
	}
	remove := c.Inject(simulator.Fault{Route: simulator.RouteAuth, Status: http.StatusServiceUnavailable})
	err := act(t.Context(), session)
	if cloud.OutcomeUnknown(err) || !cloud.Transient(err) || !strings.Contains(err.Error(), "logging in again failed") {
		t.Errorf("got %v: the action was refused for its token, so it did nothing", err)
	}
	remove()
	if err := act(t.Context(), session); err != nil {
		t.Error(err)
	}
	if n := c.Accepted(simulator.ActionReverse); n != 1 {
		t.Errorf("%d accepted, want 1", n)
	}
}

func TestStaticTokenIsNotRenewed(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	config := c.config()
	config.Token = c.IssueToken()
	session, err := cloud.NewSession(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	c.RevokeTokens()
	_, err = group(t.Context(), session)
	if failure, ok := errors.AsType[*cloud.APIError](err); !ok || failure.Status != http.StatusUnauthorized {
		t.Errorf("got %v, want 401", err)
	}
	if n := c.Count(simulator.RouteAuth); n != 1 {
		t.Errorf("%d requests to IAM, want 1", n)
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	project := c.Account.ProjectID
	for name, override := range map[string]string{
		"bare":         c.URL + "/sdrs",
		"slash":        c.URL + "/sdrs/",
		"version":      c.URL + "/sdrs/v1",
		"project":      c.URL + "/sdrs/v1/" + project,
		"wrong region": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := c.config()
			config.AuthURL = "http://127.0.0.1:1/not-used"
			config.Endpoints = map[cloud.Service]string{cloud.IAM: c.URL, cloud.SDRS: override, cloud.EVS: c.URL + "/evs"}
			if override == "" {
				config.Region = "eu-xx"
			}
			session, err := cloud.NewSession(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if disks, _ := session.Endpoint(cloud.EVS); disks != c.URL+"/evs/v2/"+project {
				t.Errorf("EVS is at %s", disks)
			}
			_, err = group(t.Context(), session)
			if override != "" && err != nil {
				t.Error(err)
			}
			if override == "" && (err == nil || !strings.Contains(err.Error(), "endpoints.sdrs")) {
				t.Errorf("got %v, want an error that names endpoints.sdrs", err)
			}
		})
	}
}

// Keys of a project that is known by its id do not tell the region. It is needed where the catalog is.
func TestRegionIsNeededForTheCatalog(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	for _, endpoints := range []map[cloud.Service]string{
		{cloud.SDRS: c.URL + "/sdrs", cloud.ECS: c.URL + "/ecs"}, {cloud.SDRS: c.URL + "/sdrs"}, {cloud.ECS: c.URL + "/ecs"},
	} {
		session, err := cloud.NewSession(t.Context(), cloud.Config{
			AuthURL: c.URL, AccessKey: c.Account.AccessKey, SecretKey: c.Account.SecretKey, ProjectID: c.Account.ProjectID,
			Endpoints: endpoints,
		})
		if len(endpoints) == 1 {
			if err == nil || !strings.Contains(err.Error(), "the region is not known") {
				t.Errorf("%v: got %v", endpoints, err)
			}
			continue
		}
		if err == nil {
			_, err = group(t.Context(), session)
		}
		if err != nil {
			t.Error(err)
		}
	}
}
