package simulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const (
	user       = `{"name":"demo-user","password":"demo-password-of-no-real-cloud","domain":{"name":"demo-domain"}}`
	assumeRole = `{"methods":["assume_role"],` +
		`"assume_role":{"domain_name":"demo-agency-domain","xrole_name":"demo-agency"}}`
	demoProject = `{"project":{"name":"eu-de_demo","domain":{"name":"demo-domain"}}}`
)

// fromToken is the identity of whoever holds a token.
func fromToken(token string) string { return `{"methods":["token"],"token":{"id":"` + token + `"}}` }

// projectID is the scope of a project.
func projectID(id string) string { return `{"project":{"id":"` + id + `"}}` }

func password(user string) string {
	return `{"methods":["password"],"password":{"user":` + user + `}}`
}

// login asks for a token; scope may be empty.
func (c *cloud) login(identity, scope, token string) reply {
	c.t.Helper()

	body := `{"auth":{"identity":` + identity
	if scope != "" {
		body += `,"scope":` + scope
	}
	r := c.request(http.MethodPost, "/v3/auth/tokens", body+"}}")
	if token != "" {
		r.Header.Set("X-Auth-Token", token)
	}

	return c.do(r)
}

func TestPasswordLogin(t *testing.T) {
	t.Parallel()

	account := simulator.DefaultAccount()
	for name, test := range map[string]struct {
		user, scope string
		status      int
		project     any
	}{
		"project by name": {user, demoProject, 201, account.ProjectID},
		"project by domain id": {
			user, `{"project":{"name":"eu-de_demo","domain":{"id":"` + account.DomainID + `"}}}`, 201, account.ProjectID,
		},
		"project by id": {user, projectID(account.ProjectID), 201, account.ProjectID},
		"domain":        {user, `{"domain":{"name":"demo-domain"}}`, 201, nil},
		"no scope":      {user, "", 201, nil},
		"user by id": {
			`{"id":"` + account.UserID + `","password":"` + account.Password + `"}`,
			projectID(account.ProjectID), 201, account.ProjectID,
		},
		"user's domain by id": {
			strings.Replace(user, `"name":"demo-domain"`, `"id":"`+account.DomainID+`"`, 1), "", 201, nil,
		},
		"wrong password":          {strings.Replace(user, account.Password, "guess", 1), "", 401, nil},
		"wrong user":              {strings.Replace(user, "demo-user", "root", 1), "", 401, nil},
		"wrong domain":            {strings.Replace(user, "demo-domain", "other", 1), "", 401, nil},
		"no domain":               {`{"name":"demo-user","password":"` + account.Password + `"}`, "", 401, nil},
		"unknown project":         {user, `{"project":{"name":"eu-de_other","domain":{"name":"demo-domain"}}}`, 401, nil},
		"project, no domain":      {user, `{"project":{"name":"eu-de_demo"}}`, 401, nil},
		"delegated project":       {user, projectID(account.DelegatedProjectID), 401, nil},
		"unknown domain as scope": {user, `{"domain":{"name":"other"}}`, 401, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			r := c.login(password(test.user), test.scope, "")
			equal(t, "HTTP status", r.status, test.status)
			if test.status == http.StatusUnauthorized {
				equal(t, "code", r.at("error", "code"), any(401.0))
				equal(t, "title", r.at("error", "title"), any("Unauthorized"))
				equal(t, "token", r.header.Get("X-Subject-Token"), "")

				return
			}
			equal(t, "project", r.at("token", "project", "id"), test.project)
			equal(t, "user", r.at("token", "user", "domain", "id"), any(account.DomainID))
			equal(t, "expiry", r.at("token", "expires_at"), any("2026-03-02T12:00:00.000000Z"))
			c.token = r.header.Get("X-Subject-Token")
			want := http.StatusForbidden
			if test.project != nil {
				want = http.StatusOK
			}
			equal(t, "use", c.sdrs("server-groups").status, want)
		})
	}
}

func TestLoginRefusals(t *testing.T) {
	c := newCloud(t)
	equal(t, "unknown method", c.login(`{"methods":["totp"]}`, "", "").status, http.StatusBadRequest)
	equal(t, "not JSON", c.do(c.request(http.MethodPost, "/v3/auth/tokens", "{")).status, http.StatusBadRequest)
	equal(t, "bad token", c.login(fromToken("x"), "", "").status, http.StatusUnauthorized)
	equal(t, "agency without token", c.login(assumeRole, "", "").status, http.StatusUnauthorized)
	for name, change := range map[string][2]string{
		"unknown agency": {`demo-agency"}`, `other"}`}, "agency of another domain": {"demo-agency-domain", "other"},
	} {
		r := c.login(strings.Replace(assumeRole, change[0], change[1], 1), "", c.token)
		equal(t, name, r.status, http.StatusForbidden)
	}
}

// What a client that logs in by itself does not ask for.
func TestIdentityAnswers(t *testing.T) {
	c := newCloud(t)
	for _, test := range []struct {
		path, subject string
		status        int
	}{
		{"/", "", http.StatusMultipleChoices},
		{"/v3", "", http.StatusOK},
		{"/v3/projects", c.token, http.StatusOK},
		{"/v3/auth/domains", c.token, http.StatusOK},
		{"/v3/auth/tokens", c.token, http.StatusOK},
		{"/v3/auth/tokens", "none", http.StatusNotFound},
		{"/v3/projects", "", http.StatusUnauthorized},
		{"/v3/auth/domains", "", http.StatusUnauthorized},
	} {
		r := c.request(http.MethodGet, test.path, "")
		if test.subject != "" {
			r.Header.Set("X-Auth-Token", c.token)
			r.Header.Set("X-Subject-Token", test.subject)
		}
		equal(t, test.path+" "+test.subject, c.do(r).status, test.status)
	}
}

func TestInvalidTokens(t *testing.T) {
	t.Parallel()

	for name, spoil := range map[string]func(c *cloud){
		"expired": func(c *cloud) { c.clock.Advance(24 * time.Hour) },
		"revoked": func(c *cloud) { c.RevokeTokens() },
		"unknown": func(c *cloud) { c.token = "guess" },
		"missing": func(c *cloud) { c.token = "" },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			equal(t, "before", c.sdrs("server-groups").status, http.StatusOK)
			spoil(c)
			r := c.sdrs("server-groups")
			equal(t, "SDRS", r.status, http.StatusUnauthorized)
			equal(t, "code", r.at("error_code"), any("APIGW.0301"))
			equal(t, "request id", r.at("request_id"), any(r.header.Get("X-Request-Id")))
			equal(t, "ECS", c.ecs("cloudservers/x").status, http.StatusUnauthorized)
			equal(t, "IAM", c.call(http.MethodGet, "/v3/auth/catalog", "").at("error", "code"), any(401.0))
		})
		t.Run(name+" as 403", func(t *testing.T) {
			c := newCloud(t, simulator.WithInvalidTokenAs403())
			spoil(c)
			r := c.sdrs("server-groups")
			equal(t, "HTTP status", r.status, http.StatusForbidden)
			equal(t, "message", r.at("error_msg"), any("X-Auth-Token is invalid"))
		})
	}
}

func TestTokenLifetime(t *testing.T) {
	c := newCloud(t, simulator.WithTokenLifetime(time.Minute))
	c.clock.Advance(time.Minute - 1)
	equal(t, "just valid", c.sdrs("server-groups").status, http.StatusOK)
	c.clock.Advance(1)
	equal(t, "expired", c.sdrs("server-groups").status, http.StatusUnauthorized)
	equal(t, "expired as a method", c.login(fromToken(c.token), "", "").status, http.StatusUnauthorized)
}

func TestSecrets(t *testing.T) {
	c := newCloud(t)
	issued := c.login(password(user), "", "").header.Get("X-Subject-Token")
	_, secretKey, securityToken := c.IssueTemporaryKeys()
	for _, secret := range []string{c.Account.Password, c.Account.SecretKey, c.token, issued, secretKey, securityToken} {
		if !slices.Contains(c.Secrets(), secret) {
			t.Errorf("%q is not among the secrets", secret)
		}
	}
	c.RevokeTokens()
	if !slices.Contains(c.Secrets(), c.token) {
		t.Error("a revoked token is no longer a secret")
	}
}
