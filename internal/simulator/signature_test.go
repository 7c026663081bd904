package simulator_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// credentials sign requests, in lines of their own rather than in those of the simulator. They cover paths and queries
// that need no escaping.
type credentials struct{ accessKey, secretKey, securityToken, projectID string }

func (k credentials) sign(t *testing.T, r *http.Request, at time.Time) {
	t.Helper()

	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	stamp := at.UTC().Format("20060102T150405Z")
	r.Header.Set("X-Sdk-Date", stamp)
	if k.projectID != "" {
		r.Header.Set("X-Project-Id", k.projectID)
	}
	if k.securityToken != "" {
		r.Header.Set("X-Security-Token", k.securityToken)
	}
	sum := func(text string) string {
		digest := sha256.Sum256([]byte(text))

		return hex.EncodeToString(digest[:])
	}
	code := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))

		return h.Sum(nil)
	}
	canonical := r.Method + "\n" + r.URL.Path + "/\n" + r.URL.RawQuery + "\nhost:" + r.URL.Host + "\nx-sdk-date:" + stamp +
		"\n\nhost;x-sdk-date\n" + sum(string(body))
	scope := stamp[:8] + "///sdk_request"
	key := code(code(code(code([]byte("SDK"+k.secretKey), stamp[:8]), ""), ""), "sdk_request")
	value := hex.EncodeToString(code(key, "SDK-HMAC-SHA256\n"+stamp+"\n"+scope+"\n"+sum(canonical)))
	r.Header.Set("Authorization",
		"SDK-HMAC-SHA256 Credential="+k.accessKey+"/"+scope+", SignedHeaders=host;x-sdk-date, Signature="+value)
}

func (c *cloud) keys() credentials {
	return credentials{accessKey: c.Account.AccessKey, secretKey: c.Account.SecretKey, projectID: c.Account.ProjectID}
}

func (c *cloud) temporaryKeys() credentials {
	accessKey, secretKey, securityToken := c.IssueTemporaryKeys()

	return credentials{accessKey, secretKey, securityToken, c.Account.DelegatedProjectID}
}

// signed sends a request signed now.
func (c *cloud) signed(k credentials, method, path, body string) reply {
	c.t.Helper()

	r := c.request(method, path, body)
	k.sign(c.t, r, time.Now())

	return c.do(r)
}

func TestSignedRequests(t *testing.T) {
	c := newCloud(t)
	groups := "/sdrs/v1/" + c.Account.ProjectID + "/server-groups"
	r := c.signed(c.keys(), http.MethodGet, groups+"?limit=5&offset=0", "")
	equal(t, "groups", r.at("count"), any(1.0))
	equal(t, "action", c.signed(c.keys(), http.MethodPost, actionPath(groupID), stopBody).status, http.StatusOK)

	delegated := strings.Replace(groups, c.Account.ProjectID, c.Account.DelegatedProjectID, 1)
	equal(t, "temporary keys", c.signed(c.temporaryKeys(), http.MethodGet, delegated, "").at("count"), any(1.0))
	r = c.signed(c.temporaryKeys(), http.MethodGet, groups, "")
	equal(t, "temporary keys, own project", r.status, http.StatusForbidden)
	equal(t, "delegated project, own keys", c.signed(c.keys(), http.MethodGet, delegated, "").status, http.StatusForbidden)
	homeless := c.keys()
	homeless.projectID = ""
	equal(t, "no X-Project-Id", c.signed(homeless, http.MethodGet, groups, "").status, http.StatusForbidden)
}

func TestSignatureRefusals(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		spoil  func(k *credentials)
		age    time.Duration
		before func(r *http.Request)
		after  func(r *http.Request)
		detail string // of the message
	}{
		"unknown key":     {spoil: func(k *credentials) { k.accessKey = "X" }},
		"wrong secret":    {spoil: func(k *credentials) { k.secretKey = "X" }},
		"too old":         {age: 16 * time.Minute},
		"from the future": {age: -16 * time.Minute},
		"another body": {after: func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader("{}"))
			r.ContentLength = 2
		}},
		"another path":  {after: func(r *http.Request) { r.URL.Path = actionPath("other") }},
		"another query": {after: func(r *http.Request) { r.URL.RawQuery = "limit=1" }},
		"another method": {
			before: func(r *http.Request) { r.Method = http.MethodGet },
			after:  func(r *http.Request) { r.Method = http.MethodPost },
		},
		"another date": {after: func(r *http.Request) {
			r.Header.Set("X-Sdk-Date", time.Now().UTC().Add(time.Minute).Format("20060102T150405Z"))
		}},
		"no date":           {after: func(r *http.Request) { r.Header.Del("X-Sdk-Date") }},
		"malformed":         {after: func(r *http.Request) { r.Header.Set("Authorization", "SDK-HMAC-SHA256 x") }},
		"another algorithm": {after: func(r *http.Request) { r.Header.Set("Authorization", "Basic x") }},
		"host not signed": {
			after:  func(r *http.Request) { replaceInHeader(r, "SignedHeaders=host;", "SignedHeaders=") },
			detail: "host and x-sdk-date must be signed",
		},
		"scope of another day": {after: func(r *http.Request) {
			replaceInHeader(r, time.Now().UTC().Format("20060102")+"//", "20200101//")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			k := c.keys()
			if test.spoil != nil {
				test.spoil(&k)
			}
			r := c.request(http.MethodPost, actionPath(groupID), stopBody)
			if test.before != nil {
				test.before(r)
			}
			k.sign(t, r, time.Now().Add(-test.age))
			if test.after != nil {
				test.after(r)
			}
			result := c.do(r)
			equal(t, "HTTP status", result.status, http.StatusUnauthorized)
			equal(t, "code", result.at("error_code"), any("APIGW.0301"))
			equal(t, "request id", result.at("request_id"), any(result.header.Get("X-Request-Id")))
			want := "Incorrect IAM authentication information: " + test.detail
			if message, _ := result.at("error_msg").(string); !strings.HasPrefix(message, want) {
				t.Errorf("message: got %q", message)
			}
			equal(t, "status", c.group().Status, "protected")
		})
	}
}

func replaceInHeader(r *http.Request, from, to string) {
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
}

func TestSignatureRefusalsStay401(t *testing.T) {
	c := newCloud(t, simulator.WithInvalidTokenAs403())
	k := c.keys()
	k.secretKey = "X"
	equal(t, "HTTP status", c.signed(k, http.MethodPost, actionPath(groupID), stopBody).status, http.StatusUnauthorized)
}

func TestTemporaryKeys(t *testing.T) {
	c := newCloud(t, simulator.WithTokenLifetime(time.Hour))
	groups := "/sdrs/v1/" + c.Account.DelegatedProjectID + "/server-groups"
	k := c.temporaryKeys()
	other := c.temporaryKeys()
	equal(t, "valid", c.signed(k, http.MethodGet, groups, "").status, http.StatusOK)

	foreign := k
	foreign.securityToken = other.securityToken
	equal(t, "another's security token", c.signed(foreign, http.MethodGet, groups, "").status, http.StatusUnauthorized)
	foreign.securityToken = ""
	equal(t, "no security token", c.signed(foreign, http.MethodGet, groups, "").status, http.StatusUnauthorized)
	c.RevokeTokens()
	equal(t, "after revoking tokens", c.signed(k, http.MethodGet, groups, "").status, http.StatusOK)
	c.clock.Advance(time.Hour)
	equal(t, "expired", c.signed(k, http.MethodGet, groups, "").status, http.StatusUnauthorized)
}

// The foreign clients use what is created.
func TestSecurityTokenRefusals(t *testing.T) {
	c := newCloud(t)
	const path = "/v3.0/OS-CREDENTIAL/securitytokens"
	body := `{"auth":{"identity":` + strings.Replace(assumeRole, "xrole_name", "agency_name", 1) + `}}`
	for body, want := range map[string]int{
		body: http.StatusCreated, strings.Replace(body, `"demo-agency"`, `"x"`, 1): http.StatusForbidden,
		`{"auth":{"identity":{"methods":["password"]}}}`: http.StatusBadRequest, `{`: http.StatusBadRequest,
	} {
		equal(t, body, c.call(http.MethodPost, path, body).status, want)
	}
	c.token = ""
	equal(t, "no credential", c.call(http.MethodPost, path, body).status, http.StatusUnauthorized)
}
