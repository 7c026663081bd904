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

// signature is the Authorization header of a signed request, in either form that clients of the real cloud send:
// SDK-HMAC-SHA256 Credential=<access key>/<date>/<region>/<service>/sdk_request, SignedHeaders=a;b, Signature=<hex>
// SDK-HMAC-SHA256 Access=<access key>, SignedHeaders=a;b, Signature=<hex>.
type signature struct {
	accessKey string
	scope     []string // date, region, service, sdk_request; nil in the form without a scope
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
	sig := signature{
		accessKey: fields["Access"],
		headers:   strings.Split(fields["SignedHeaders"], ";"),
		value:     fields["Signature"],
	}
	if credential, scoped := fields["Credential"]; scoped {
		parts := strings.Split(credential, "/")
		if len(parts) != 5 || parts[4] != "sdk_request" {
			return signature{}, false
		}
		sig.accessKey, sig.scope = parts[0], parts[1:]
	}

	return sig, sig.accessKey != "" && fields["SignedHeaders"] != ""
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
	case sig.scope != nil && !strings.HasPrefix(stamp, sig.scope[0]):
		return "the credential scope is of another day than X-Sdk-Date"
	case sig.scope != nil && !slices.Contains(sig.headers, "host") || !slices.Contains(sig.headers, "x-sdk-date"):
		return "host and x-sdk-date must be signed"
	}

	toSign := []string{signatureAlgorithm, stamp}
	key := []byte(secretKey)
	if sig.scope != nil {
		toSign = append(toSign, strings.Join(sig.scope, "/"))
		key = []byte("SDK" + secretKey)
		for _, part := range sig.scope {
			key = mac(key, part)
		}
	}
	toSign = append(toSign, hexSum(canonicalRequest(r, sig.headers, body)))
	if !hmac.Equal([]byte(hex.EncodeToString(mac(key, strings.Join(toSign, "\n")))), []byte(sig.value)) {
		return "verify aksk signature fail"
	}

	return ""
}

// canonicalRequest is the text whose hash is signed.
func canonicalRequest(r *http.Request, headers []string, body []byte) string {
	path := signedPath(r)
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

// signedPath is the path as it came over the wire: whoever serves the simulator may have put a service's prefix before
// it, as there is one host for all of them here.
func signedPath(r *http.Request) string {
	if wire, err := url.ParseRequestURI(r.RequestURI); err == nil {
		return wire.Path
	}

	return r.URL.Path
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
