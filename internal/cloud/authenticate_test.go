package cloud_test

import (
	"bytes"
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
	base := cloud.Config{AuthURL: c.URL + "/v3", UserAgent: "test"}

	tests := map[string]struct {
		change   func(*cloud.Config)
		project  string
		authKind string
	}{
		"password with names": {
			change: func(c *cloud.Config) {
				c.UserName, c.Password, c.DomainName, c.ProjectName = a.UserName, a.Password, a.DomainName, a.ProjectName
			},
			project: a.ProjectID, authKind: "token",
		},
		"password with ids": {
			change: func(c *cloud.Config) {
				c.UserID, c.Password, c.DomainID, c.ProjectID = a.UserID, a.Password, a.DomainID, a.ProjectID
			},
			project: a.ProjectID, authKind: "token",
		},
		"password with names and ids": {
			change: func(c *cloud.Config) {
				c.UserName, c.UserID, c.Password = "ignored", a.UserID, a.Password
				c.DomainName, c.DomainID, c.ProjectName, c.ProjectID = "ignored", a.DomainID, "ignored", a.ProjectID
			},
			project: a.ProjectID, authKind: "token",
		},
		"auth_url without version": {
			change: func(config *cloud.Config) {
				config.AuthURL = c.URL
				config.UserName, config.Password, config.DomainName, config.ProjectName = a.UserName, a.Password, a.DomainName,
					a.ProjectName
			},
			project: a.ProjectID, authKind: "token",
		},
		"token": {
			change:  func(config *cloud.Config) { config.Token = c.IssueToken() },
			project: a.ProjectID, authKind: "token",
		},
		"access key with project name": {
			change: func(c *cloud.Config) {
				c.AccessKey, c.SecretKey, c.ProjectName = a.AccessKey, a.SecretKey, a.ProjectName
			},
			project: a.ProjectID, authKind: "aksk",
		},
		"access key with project id": {
			change: func(c *cloud.Config) {
				c.AccessKey, c.SecretKey, c.ProjectID, c.Region = a.AccessKey, a.SecretKey, a.ProjectID, a.Region
			},
			project: a.ProjectID, authKind: "aksk",
		},
		"temporary access key": {
			change: func(c *cloud.Config) {
				c.AccessKey, c.SecretKey, c.SecurityToken = temporary, temporarySecret, securityToken
				c.ProjectID, c.Region = a.DelegatedProjectID, a.Region
			},
			project: a.DelegatedProjectID, authKind: "temporary aksk",
		},
		"agency with password": {
			change: func(c *cloud.Config) {
				c.UserName, c.Password, c.DomainName = a.UserName, a.Password, a.DomainName
				c.AgencyName, c.AgencyDomainName, c.DelegatedProject = a.AgencyName, a.AgencyDomainName, a.DelegatedProject
			},
			project: a.DelegatedProjectID, authKind: "token",
		},
		"agency with token": {
			change: func(config *cloud.Config) {
				config.Token = c.IssueToken()
				config.AgencyName, config.AgencyDomainName, config.DelegatedProject = a.AgencyName, a.AgencyDomainName,
					a.DelegatedProject
			},
			project: a.DelegatedProjectID, authKind: "token",
		},
		"agency with access key": {
			change: func(c *cloud.Config) {
				c.AccessKey, c.SecretKey, c.DomainName = a.AccessKey, a.SecretKey, a.DomainName
				c.AgencyName, c.AgencyDomainName, c.DelegatedProject = a.AgencyName, a.AgencyDomainName, a.DelegatedProject
			},
			project: a.DelegatedProjectID, authKind: "temporary aksk",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			config := base
			test.change(&config)
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
			if _, err := act(t.Context(), session); err != nil && !strings.Contains(err.Error(), "SDRS.0209") {
				t.Errorf("a signed body: %v", err)
			}
			requests := c.Requests()
			if last := requests[len(requests)-1]; last.AuthKind != test.authKind {
				t.Errorf("authenticated by %q, want %q", last.AuthKind, test.authKind)
			}
		})
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
			if !strings.Contains(err.Error(), test.text) {
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
	c := newCloud(t)
	session := c.session(t)
	c.RevokeTokens()
	c.Inject(simulator.Fault{
		Route: simulator.RouteAuth, Status: http.StatusUnauthorized,
		Body: `{"error":{"code":401,"message":"locked"}}`,
	})
	for range 3 {
		_, err := group(t.Context(), session)
		if err == nil || !strings.Contains(err.Error(), "locked") {
			t.Errorf("got %v, want the refusal of the login", err)
		}
	}
	if n := c.Count(simulator.RouteAuth); n != 2 {
		t.Errorf("%d logins, want 2: each further one brings the account closer to being locked", n)
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
	_, err := act(t.Context(), session)
	if cloud.OutcomeUnknown(err) || !cloud.Transient(err) || !strings.Contains(err.Error(), "logging in again failed") {
		t.Errorf("got %v: the action was refused for its token, so it did nothing", err)
	}
	remove()
	if _, err := act(t.Context(), session); err != nil {
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
			config.Endpoints = map[cloud.Service]string{cloud.IAM: c.URL, cloud.SDRS: override}
			if override == "" {
				config.Region = "eu-xx"
			}
			session, err := cloud.NewSession(t.Context(), config)
			if err != nil {
				t.Fatal(err)
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
