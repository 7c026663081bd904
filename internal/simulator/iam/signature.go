package iam

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	signatureAlgorithm = "SDK-HMAC-SHA256"
	signatureDate      = "20060102T150405Z"
	signatureMaxSkew   = 15 * time.Minute
)

// signature is the Authorization header of a signed request:
// SDK-HMAC-SHA256 Credential=<access key>/<date>/<region>/<service>/sdk_request, SignedHeaders=a;b, Signature=<hex>.
type signature struct {
	accessKey string
	scope     []string // date, region, service, sdk_request
	headers   []string
	value     string
}

// parseSignature reads an Authorization header and reports whether it has the form of a signature.
func parseSignature(authorization string) (signature, bool) {
	rest, ok := strings.CutPrefix(authorization, signatureAlgorithm+" ")
	if !ok {
		return signature{}, false
	}

	fields := map[string]string{}
	for field := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		fields[name] = value
	}
	credential := strings.Split(fields["Credential"], "/")
	if len(credential) != 5 || credential[4] != "sdk_request" || fields["SignedHeaders"] == "" {
		return signature{}, false
	}

	return signature{
		accessKey: credential[0],
		scope:     credential[1:],
		headers:   strings.Split(fields["SignedHeaders"], ";"),
		value:     fields["Signature"],
	}, true
}

// fault returns what is wrong with a signed request, or nothing when it was signed with secretKey, at a time within 15
// minutes of now.
func (sig signature) fault(r *http.Request, body []byte, secretKey string, now time.Time) string {
	stamp := r.Header.Get("X-Sdk-Date")
	signed, err := time.Parse(signatureDate, stamp)
	switch {
	case err != nil:
		return "X-Sdk-Date is missing or malformed"
	case now.Sub(signed).Abs() > signatureMaxSkew:
		return "the request is not signed within 15 minutes of now"
	case !strings.HasPrefix(stamp, sig.scope[0]):
		return "the credential scope is of another day than X-Sdk-Date"
	case !slices.Contains(sig.headers, "host") || !slices.Contains(sig.headers, "x-sdk-date"):
		return "host and x-sdk-date must be signed"
	}

	toSign := strings.Join([]string{
		signatureAlgorithm,
		stamp,
		strings.Join(sig.scope, "/"),
		hexSum(canonicalRequest(r, sig.headers, body)),
	}, "\n")
	key := []byte("SDK" + secretKey)
	for _, part := range sig.scope {
		key = mac(key, part)
	}
	if !hmac.Equal([]byte(hex.EncodeToString(mac(key, toSign))), []byte(sig.value)) {
		return "verify aksk signature fail"
	}

	return ""
}

// canonicalRequest is the text whose hash is signed.
func canonicalRequest(r *http.Request, headers []string, body []byte) string {
	path := r.URL.Path
	if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = uriEncode(segment)
	}

	var lines strings.Builder
	for _, name := range headers {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		lines.WriteString(name + ":" + strings.Join(strings.Fields(value), " ") + "\n")
	}

	return strings.Join([]string{
		r.Method,
		strings.Join(segments, "/"),
		canonicalQuery(r.URL.Query()),
		lines.String(),
		strings.Join(headers, ";"),
		hexSum(string(body)),
	}, "\n")
}

// canonicalQuery sorts the parameters by name without regard to case, as the signing clients do.
func canonicalQuery(query url.Values) string {
	names := slices.SortedFunc(maps.Keys(query), func(a, b string) int {
		return strings.Compare(strings.ToLower(uriEncode(a)), strings.ToLower(uriEncode(b)))
	})
	var pairs []string
	for _, name := range names {
		for _, value := range slices.Sorted(slices.Values(query[name])) {
			pairs = append(pairs, uriEncode(name)+"="+uriEncode(value))
		}
	}

	return strings.Join(pairs, "&")
}

// uriEncode escapes everything but RFC 3986's unreserved characters, as the signature demands and url.QueryEscape
// (which writes a blank as +) does not.
func uriEncode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))

	return h.Sum(nil)
}

func hexSum(text string) string {
	sum := sha256.Sum256([]byte(text))

	return hex.EncodeToString(sum[:])
}
