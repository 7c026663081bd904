package cloud

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxErrorBody bounds what is decoded of an error: a service writes less than 1 KiB, and what comes from elsewhere
	// is not worth the time that a million keys take.
	maxErrorBody = 64 << 10
	// maxCode and maxMessage bound what is shown of one: the longest known messages quote a request.
	maxCode, maxMessage = 100, 4000
)

// expired is how services say in a 403, as prose, that a token is no longer valid: "X-Auth-Token is invalid", and the
// same of an expired one.
var expired = regexp.MustCompile(`(?i)token (?:(?:is|has) )?(?:invalid|expire[sd])`)

// newAPIError reads the error out of the answer to a request.
func newAPIError(req *http.Request, got answer) *APIError {
	failure := &APIError{Method: req.Method, Path: req.URL.Path, Status: got.status}
	head := got.body[:min(len(got.body), maxErrorBody)]
	failure.TokenRejected = got.status == http.StatusUnauthorized ||
		got.status == http.StatusForbidden && expired.Match(head)

	said, err := readProblem(got.body)
	failure.RequestID = shown(cmp.Or(said.requestID, got.header.Get("X-Request-Id")), maxCode)
	switch {
	case len(got.body) == 0:
		failure.Message = http.StatusText(got.status) + " (empty body)"
		failure.Foreign = got.status == http.StatusNotFound
	case err != nil:
		failure.Message = fmt.Sprintf("%s (%s: %d bytes of %s)",
			http.StatusText(got.status), err, len(got.body), mediaType(got.header))
		failure.Foreign = true
	default:
		failure.Code, failure.Message = shown(said.code, maxCode), shown(said.message, maxMessage)
		if failure.Code == strconv.Itoa(got.status) {
			failure.Code = "" // IAM and ECS repeat the status there.
		}
		missing := got.status == http.StatusNotFound
		failure.ItemNotFound = missing && said.key == "itemNotFound" && said.code != "" && said.message != ""
		failure.Foreign = missing && !said.byService && failure.Code == ""
	}
	if failure.Code == "" && failure.Message == "" {
		failure.Message = http.StatusText(got.status)
	}
	return failure
}

// problem is what the body of an error says.
type problem struct {
	code, message, requestID string
	// key is that of the object that code and message stand in; empty where they stand at the top.
	key string
	// byService is set where they stand where services and their gateway write them.
	byService bool
}

// readProblem reads the body of an error in any of the forms that the cloud uses, of several in a body the first of:
// {"error": {"message", "code"}}, the gateway's flat {"error_msg", "error_code", "request_id"}, an object under another
// key, the keys in order, and a proxy's flat {"message", "code"}. A message at the top is the reason where there is no
// other.
func readProblem(body []byte) (problem, error) {
	if len(body) > maxErrorBody {
		return problem{}, fmt.Errorf("the answer is larger than %d KiB", maxErrorBody>>10)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return problem{}, errors.New("the answer is not JSON")
	}
	flat := problem{code: scalar(fields["error_code"]), message: scalar(fields["error_msg"]), byService: true}
	top := problem{code: scalar(fields["code"]), message: scalar(fields["message"])}

	found := nested(fields, "error")
	if found.empty() {
		found = flat
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if !found.empty() {
			break
		}
		found = nested(fields, key)
	}
	if found.empty() {
		found = top
	}
	found.message = cmp.Or(found.message, top.message)
	found.requestID = scalar(fields["request_id"])
	return found, nil
}

// nested returns what the object under a key says; nothing where there is none.
func nested(fields map[string]json.RawMessage, key string) problem {
	var object struct{ Code, Message json.RawMessage }
	if value := bytes.TrimSpace(fields[key]); len(value) == 0 || value[0] != '{' || json.Unmarshal(value, &object) != nil {
		return problem{}
	}
	return problem{code: scalar(object.Code), message: scalar(object.Message), key: key, byService: true}
}

func (p problem) empty() bool { return p.code == "" && p.message == "" }

// scalar returns a JSON string or number as text, and anything else, null included, as none: IAM sends its codes as
// numbers.
func scalar(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil {
		return number.String()
	}
	return ""
}

// shown returns text as it can be shown: printable, and the beginning of what is too long.
func shown(text string, longest int) string {
	if len(text) > longest {
		for longest > 0 && !utf8.RuneStart(text[longest]) {
			longest--
		}
		text = text[:longest] + "…"
	}
	return Printable(text)
}

func mediaType(header http.Header) string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if kind == "" {
		return "an unnamed type"
	}
	return shown(kind, maxCode)
}
