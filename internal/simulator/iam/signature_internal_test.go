package iam

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The signatures were made by gophertelekomcloud v0.9.8, the client library; the one without a scope by the vendor's
// SDK, huaweicloud-sdk-go-v3 v0.1.192.
func TestRecordedSignatures(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, time.November, 23, 1, 26, 0, 0, time.UTC)
	const authorization = "SDK-HMAC-SHA256 Credential=DEMOACCESSKEY0000001/20261123///sdk_request, "
	for name, test := range map[string]struct {
		method, url, body string
		header            map[string]string
	}{
		"query that needs escaping": {
			method: http.MethodGet,
			url:    "http://127.0.0.1:9080/sdrs/v1/b0000000000000000000000000000001/server-groups?offset=0&name=a%20b%2Bc*~%C3%A4&limit=5&Zone=x",
			header: map[string]string{
				"X-Project-Id": "b0000000000000000000000000000001",
				"Accept":       "application/json",
				"User-Agent":   "golangsdk/2.0.0   spaced",
				"X-Sdk-Date":   "20261123T012553Z",
				"Authorization": authorization + "SignedHeaders=accept;host;user-agent;x-project-id;x-sdk-date, " +
					"Signature=381923ac77fc712199e0a30c1af2218de0f662ea85c77bb89f4a2ccf0e19d184",
			},
		},
		"path that needs escaping, and a body": {
			method: http.MethodPost,
			url:    "http://127.0.0.1:9080/sdrs/v1/b0000000000000000000000000000001/server-groups/x%20y/action",
			body:   `{"reverse-server-group":{"priority_station":"target"}}`,
			header: map[string]string{
				"Content-Type": "application/json",
				"X-Sdk-Date":   "20261123T012553Z",
				"Authorization": authorization + "SignedHeaders=content-type;host;x-sdk-date, " +
					"Signature=74a496e94eafb0546a04c0a504b556592fad56e69560a7098434f8ce24c65410",
			},
		},
		"no scope, and no host": {
			method: http.MethodPost,
			url:    "http://127.0.0.1:9080/v1/b0000000000000000000000000000001/server-groups/x%20y/action",
			body:   `{"stop-server-group":{}}` + "\n",
			header: map[string]string{
				"X-Project-Id": "b0000000000000000000000000000001",
				"X-Sdk-Date":   "20261123T012553Z",
				"Authorization": "SDK-HMAC-SHA256 Access=DEMOACCESSKEY0000001, SignedHeaders=x-project-id;x-sdk-date, " +
					"Signature=24070246e70f1e6d0a87c009e243de6b0848c59adcb26404a30f3a1d932afe1a",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := httptest.NewRequestWithContext(t.Context(), test.method, test.url, strings.NewReader(test.body))
			for key, value := range test.header {
				r.Header.Set(key, value)
			}
			sig, ok := parseSignature(r.Header.Get("Authorization"))
			if !ok {
				t.Fatal("not a signature")
			}
			secretKey := DefaultAccount().SecretKey
			if fault := sig.fault(r, []byte(test.body), secretKey, now); fault != "" {
				t.Error(fault)
			}
			if fault := sig.fault(r, []byte(test.body), secretKey, now.Add(time.Hour)); fault == "" {
				t.Error("an hour later it is still good")
			}
		})
	}
}
