package cloud

import (
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

// Malformed returns the error for an answer that is JSON, but lacks what every such answer has.
func Malformed(method, path, problem string) error {
	return &MalformedError{Method: method, Path: path, Err: errors.New(problem)}
}
