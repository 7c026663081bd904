package cloud_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// FuzzError lets a service refuse a read and an action with a fuzzed status, header, and body.
func FuzzError(f *testing.F) {
	for _, body := range []string{
		`{"error": {"message": "XXXX", "code": "XXX"}}`, `{"badrequest": {"message": "XXXX", "code": "XXX"}}`,
		`{"itemNotFound": {"message": "XXXX", "code": "XXX"}}`,
		`{"error": {"code": 403, "message": "no", "title": "Forbidden"}}`,
		`{"error_msg": "The throttling threshold has been reached", "error_code": "APIGW.0308", "request_id": "7ebe1c8a1a6f4a1f8e4b9d1f2b3c4d5e"}`,
		`{"error_msg": null, "error_code": 1e400, "request_id": {}}`, `{"error": {"code": [1], "message": {}}}`,
		`<html>`, ``, `{"error": {"mess`, `{"a": 1, "b": {"c": "d"}, "e": null}`, `[]`, `null`, "\xff\xfe",
	} {
		for _, status := range []uint16{0, 1, 101, 200, 300} {
			f.Add(status, "application/json", "7ebe1c8a", body)
		}
		f.Add(uint16(203), "text/html; charset=utf-8", "", body)
	}
	var status int
	var kind, id, body string
	c := simtest.Behind(f, func(simulated http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/sdrs/") {
				simulated.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", kind)
			w.Header().Set("X-Request-Id", id)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body)) // 304 has none.
		})
	}, simulator.WithGroups(simulator.DemoGroup()))
	session := c.Session(f)

	f.Fuzz(func(t *testing.T, above300 uint16, contentType, requestID, content string) {
		if strings.ContainsFunc(contentType+requestID, unicode.IsControl) {
			t.Skip("HTTP has no such headers")
		}
		status, kind, id, body = 300+int(above300%700), contentType, requestID, content
		_, err := group(t.Context(), session)
		failure, ok := errors.AsType[*cloud.APIError](err)
		if !ok {
			t.Fatalf("HTTP %d is %v", status, err)
		}
		if failure.Status != status || failure.Message == "" && failure.Code == "" && http.StatusText(status) != "" {
			t.Errorf("HTTP %d %q is %+v", status, content, failure)
		}
		if failure.Foreign && failure.Code != "" || !strings.Contains(err.Error(), failure.Message) {
			t.Errorf("%q is %+v, and reads %q", content, failure, err)
		}
		if !utf8.ValidString(failure.Code) || utf8.ValidString(contentType+requestID) && !utf8.ValidString(err.Error()) {
			t.Errorf("not UTF-8: %q", err)
		}
		err = act(t.Context(), session)
		if refusal, ok := errors.AsType[*cloud.APIError](err); !ok || refusal.Status != status {
			t.Errorf("HTTP %d is %v", status, err)
		}
		if cloud.OutcomeUnknown(err) != (status < 400 || status >= 500 || status == http.StatusRequestTimeout) {
			t.Errorf("HTTP %d: outcome unknown is %v", status, cloud.OutcomeUnknown(err))
		}
	})
}

// FuzzLogin lets IAM answer each request of a login, by each kind of credentials, with a fuzzed status, token, and
// body.
func FuzzLogin(f *testing.F) {
	for _, body := range []string{
		`{"token": {"methods": ["password"], "expires_at": "2026-01-01T00:00:00.000000Z", "catalog": [{"type": "sdrs", "name": "sdrs",
			"endpoints": [{"interface": "public", "region": "eu-de", "region_id": "eu-de", "url": "http://127.0.0.1:1/v1/p", "id": "x"}]}],
			"project": {"id": "p", "name": "eu-de_demo", "domain": {"id": "d", "name": "d"}}, "user": {"id": "u", "name": "u", "domain": {"id": "d", "name": "d"}}, "roles": []}}`,
		`{"projects": [{"id": "p", "name": "eu-de_demo", "domain_id": "d"}]}`, `{"projects": []}`,
		`{"domains": [{"id": "d", "name": "demo-domain"}]}`,
		`{"catalog": [{"type": "sdrs", "endpoints": [{"interface": "public", "region": "eu-de", "url": "x"}]}], "links": {"self": "x"}}`,
		`{"credential": {"access": "a", "secret": "s", "securitytoken": "t", "expires_at": "2026-01-01T00:00:00.000000Z"}}`,
		`{"error": {"code": 401, "message": "no", "title": "Unauthorized"}}`, `{"token": null}`,
		`{"token": {"catalog": null, "project": null}}`,
		`<html>`, ``, `{}`, `[]`, `null`, `{"catalog": {}}`, `{"projects": {"links": {"next": "x"}}}`,
	} {
		for kind := range uint8(5) {
			f.Add(kind, uint16(0), "token", body)
			f.Add(kind, uint16(1), "token", body)
		}
		f.Add(uint8(0), uint16(201), "", body)
	}
	var status int
	var token, body string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Subject-Token", token)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // 204 and 304 have none.
	}))
	server.Config.ErrorLog = quiet
	server.Config.SetKeepAlivesEnabled(false) // Each session has connections of its own.
	server.Start()
	f.Cleanup(server.Close)
	a := simulator.DefaultAccount()
	base := cloud.Config{AuthURL: server.URL, Region: a.Region, DomainName: a.DomainName, ProjectName: a.ProjectName}
	password, withToken, key, agency, agencyKey := base, base, base, base, base
	password.UserName, password.Password = a.UserName, a.Password
	withToken.Token = "any"
	key.AccessKey, key.SecretKey = a.AccessKey, a.SecretKey
	agency.UserName, agency.Password = a.UserName, a.Password
	agency.AgencyName, agency.AgencyDomainName, agency.DelegatedProject = a.AgencyName, a.AgencyDomainName,
		a.DelegatedProject
	agencyKey.AccessKey, agencyKey.SecretKey = a.AccessKey, a.SecretKey
	agencyKey.AgencyName, agencyKey.AgencyDomainName, agencyKey.DelegatedProject = a.AgencyName, a.AgencyDomainName,
		a.DelegatedProject
	configs := []cloud.Config{password, withToken, key, agency, agencyKey}

	f.Fuzz(func(t *testing.T, kind uint8, above200 uint16, issued, content string) {
		status, token, body = 200+int(above200%400), issued, content
		session, err := cloud.NewSession(t.Context(), configs[int(kind)%len(configs)])
		if (session == nil) == (err == nil) {
			t.Fatalf("session %v and error %v", session, err)
		}
		if err == nil {
			if status > 299 || session.ProjectID() == "" {
				t.Errorf("HTTP %d logs in to project %q", status, session.ProjectID())
			}
			return
		}
		for _, secret := range []string{a.Password, a.SecretKey} {
			if strings.Contains(err.Error(), secret) && !strings.Contains(content, secret) {
				t.Errorf("the error has a secret: %v", err)
			}
		}
	})
}
