package simtest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Call is a call of a client, which also checks what it returns.
type Call func(context.Context, *testing.T) error

// manyPages is how many requests a fuzzed list may take: no body of a sensible size makes the client ask more often.
const manyPages = 1000

// refusals are bodies of errors, and others that are no answer to anything.
var refusals = []string{
	`{"error": {"message": "XXXX", "code": "XXX"}}`, `{"badrequest": {"message": "XXXX", "code": "XXX"}}`,
	`{"itemNotFound": {"message": "XXXX", "code": "SDRS.1013"}}`, `{"itemNotFound": {"code": "Ecs.0114", "message": "no"}}`,
	`{"error_msg": "The throttling threshold has been reached", "error_code": "APIGW.0308", "request_id": "7ebe1c8a"}`,
	`{"error": {"code": 403, "message": "no", "title": "Forbidden"}}`, `<html>`, ``, `{"error": {"mess`, `[]`, `null`, `{}`,
	`{"error": null}`,
}

// FuzzAnswers lets the service below a path answer each call with a fuzzed status and body, page after page: whatever
// that is, the client takes it or returns an error, in the end. Seeds are the given bodies, halves of them, and errors.
func FuzzAnswers(f *testing.F, path string, seeds []string, calls func(*cloud.Session) []Call) {
	f.Helper()
	var status, requests int
	var body []byte
	c := Behind(f, func(simulated http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, path) {
				simulated.ServeHTTP(w, r)
				return
			}
			requests++
			if requests > manyPages {
				http.Error(w, "that's enough", http.StatusGone)
				return
			}
			w.WriteHeader(status)
			_, _ = w.Write(body) // 204 and 304 have none.
		})
	})
	all := calls(c.Session(f))
	for index := range all {
		for _, seed := range seeds {
			f.Add(uint8(index), uint16(0), []byte(seed)) //nolint:gosec // There are few.
			f.Add(uint8(index), uint16(0), []byte(seed[:len(seed)/2]))
		}
		for _, seed := range refusals {
			for _, above200 := range []uint16{0, 200, 304} {
				f.Add(uint8(index), above200, []byte(seed))
			}
		}
	}

	f.Fuzz(func(t *testing.T, index uint8, above200 uint16, fuzzed []byte) {
		status, requests, body = http.StatusOK+int(above200%400), 0, fuzzed
		err := all[int(index)%len(all)](t.Context(), t)
		if requests > manyPages {
			t.Fatalf("the client goes on and on")
		}
		if err == nil {
			if status > 299 {
				t.Errorf("HTTP %d is no error", status)
			}
			return
		}
		refusal, refused := errors.AsType[*cloud.APIError](err)
		_, malformed := errors.AsType[*cloud.MalformedError](err)
		if refused && refusal.Status != status || refused != (status > 299) || malformed != (status < 300) {
			t.Errorf("HTTP %d is %T: %v", status, err, err)
		}
	})
}
