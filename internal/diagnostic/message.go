package diagnostic

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Message is the one form of all details: where production is, what happened, the facts line by line, what to do next.
// What comes from the cloud can't add a line to it: all of it is escaped.
type Message struct {
	// Object is the name or id of what the message is about, for the title; empty where that is the whole project.
	Object string
	// Production, Happened, and Next are a paragraph each. Production is empty where nothing moved, Next where there is
	// nothing to do.
	Production string
	Happened   string
	Next       string
	facts      []string
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
	var parts []string
	if m.Production != "" {
		parts = append(parts, cloud.Printable(m.Production))
	}
	parts = append(parts, cloud.Printable(m.Happened))
	if len(m.facts) > 0 {
		parts = append(parts, strings.Join(m.facts, "\n"))
	}
	if m.Next != "" {
		parts = append(parts, cloud.Printable(m.Next))
	}
	return strings.Join(parts, "\n\n")
}

// New returns a diagnostic of a kind with this message. Its title ends with the object: of warnings with one title
// Terraform prints the first alone.
func (m *Message) New(kind Kind) diag.Diagnostic {
	kind.object = m.Object
	return kind.New(m.String())
}

// On is New about an attribute.
func (m *Message) On(attribute path.Path, kind Kind) diag.Diagnostic {
	return diag.WithPath(attribute, m.New(kind))
}
