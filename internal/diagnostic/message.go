package diagnostic

import (
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Message is the one form of all details: what happened, the facts line by line, what to do next. What comes from the cloud
// can't add a line to it: all of it is escaped.
type Message struct {
	// Happened and Next are a paragraph each; Next is empty where there is nothing to do.
	Happened string
	Next     string
	facts    []string
}

// Fact adds a line where value is not empty, and reports whether it did.
func (m *Message) Fact(name, value string) bool {
	if value != "" {
		m.facts = append(m.facts, "  "+cloud.Printable(name+": "+value))
	}
	return value != ""
}

// String returns the message.
func (m *Message) String() string {
	parts := []string{cloud.Printable(m.Happened)}
	if len(m.facts) > 0 {
		parts = append(parts, strings.Join(m.facts, "\n"))
	}
	if m.Next != "" {
		parts = append(parts, cloud.Printable(m.Next))
	}
	return strings.Join(parts, "\n\n")
}
