package simulator

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

const maxName = 64 // bytes, of names and descriptions

// parameters reads the object under key of a request's body, or the whole body where key is empty. One that names a
// parameter which the reference doesn't know is refused, so that a client's slip shows; whether the cloud does is not
// documented.
func parameters[T any](in *incoming, key string) (T, *Problem) {
	var values T
	raw := json.RawMessage(in.body)
	if key != "" {
		var wrapped map[string]json.RawMessage
		if err := json.Unmarshal(in.body, &wrapped); err != nil || len(wrapped) != 1 || wrapped[key] == nil {
			return values, refused("SDRS.0201", "The request body must hold %s, and nothing else.", key)
		}
		raw = wrapped[key]
	}
	if text := bytes.TrimSpace(raw); len(text) == 0 || text[0] != '{' {
		return values, refused("SDRS.0201", "The request body is not a JSON object.")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&values); err != nil {
		return values, refused("SDRS.0201", "The request parameters are invalid: %v.", err)
	}

	return values, nil
}

// naming is what a rename holds.
type naming struct {
	Name string `json:"name"`
}

// newName reads the request of a rename.
func (in *incoming) newName(key string) (string, *Problem) {
	asked, problem := parameters[naming](in, key)
	if problem != nil {
		return "", problem
	}

	return asked.Name, validName(asked.Name)
}

var names = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func validName(name string) *Problem {
	if len(name) > maxName || !names.MatchString(name) {
		return refused("SDRS.0202", "The name %q is invalid.", name)
	}

	return nil
}

func validDescription(text string) *Problem {
	if len(text) > maxName || strings.ContainsAny(text, "<>") {
		return refused("SDRS.0212", "The description %q is invalid.", text)
	}

	return nil
}

// nullable is a text that reads null when it was never given.
func nullable(text string) *string {
	if text == "" {
		return nil
	}

	return &text
}
