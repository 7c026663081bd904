package cloud

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// CheckID holds the answer to GET path against the question: it is a *MalformedError where the answer is about another
// thing than the one that was asked for, or does not say which. What an answer says of something else must neither be
// shown nor acted on. The noun names the kind of thing.
func CheckID(path, noun, asked, answered string) error {
	switch {
	case answered == "":
		return Malformed(http.MethodGet, path, "it does not say which "+noun+" it is about")
	case !SameID(asked, answered):
		return Malformed(http.MethodGet, path, fmt.Sprintf("it is about the %s %q, not %q", noun, answered, asked))
	}
	return nil
}

// SameID reports whether two ids name the same thing. The cloud writes UUIDs with and without dashes, in either case.
func SameID(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, "-", ""), strings.ReplaceAll(b, "-", ""))
}

// CanonicalID writes a UUID with dashes and in lower case, as the cloud does with few exceptions. What is no UUID stays
// as it is.
func CanonicalID(id string) string {
	bare := strings.ToLower(strings.ReplaceAll(id, "-", ""))
	if raw, err := hex.DecodeString(bare); err != nil || len(raw) != 16 {
		return id
	}
	return strings.Join([]string{bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]}, "-")
}

// Malformed returns the error for an answer that is JSON, but lacks what every such answer has.
func Malformed(method, path, problem string) error {
	return &MalformedError{Method: method, Path: path, Err: errors.New(problem)}
}
