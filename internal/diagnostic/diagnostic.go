// Package diagnostic is what errors and warnings are made of: kinds, each with what the troubleshooting guide says of
// it, and the form of their details. All diagnostics of the provider are made here, so that none lacks an entry. Here
// are also the kinds that are about any noun, and the error codes; each noun has its own kinds, and a section that
// lists them.
package diagnostic

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// about is where a title has its subject.
const about = "…"

// Kind is a title with its severity, and its entry in the guide.
type Kind struct {
	// Title is the heading of the entry. One that is about several subjects has an ellipsis for them.
	Title    string
	Severity diag.Severity
	// Meaning and Remedy are Markdown. Where a message says the same, it takes the words from here.
	Meaning, Remedy string

	subject, object string
}

// Error is a kind of error.
func Error(title, meaning, remedy string) Kind {
	return Kind{Title: title, Severity: diag.SeverityError, Meaning: meaning, Remedy: remedy}
}

// Warning is a kind of warning.
func Warning(title, meaning, remedy string) Kind {
	return Kind{Title: title, Severity: diag.SeverityWarning, Meaning: meaning, Remedy: remedy}
}

// Subject is what a title is about: a noun, or an operation.
type Subject struct {
	// Name is as in a sentence, Title as in a title: "planned failover", "Planned Failover".
	Name, Title string
}

// Capitalized is a name as the first word of a line.
func Capitalized(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// Creation is the making of the noun, as the subject of how that ended.
func (s Subject) Creation() Subject { return s.operation("creation", "Creation") }

// Change is the changing of the noun, as the subject of how that ended.
func (s Subject) Change() Subject { return s.operation("change", "Change") }

// Deletion is the deletion of the noun, as the subject of how that ended.
func (s Subject) Deletion() Subject { return s.operation("deletion", "Deletion") }

func (s Subject) operation(name, title string) Subject {
	return Subject{Name: name + " of the " + s.Name, Title: s.Title + " " + title}
}

// Of is the kind about a subject.
func (k Kind) Of(subject Subject) Kind {
	k.subject = subject.Title
	return k
}

// About is the kind about one object, whose name ends the title.
func (k Kind) About(object string) Kind {
	k.object = object
	return k
}

// guide is where the registry has the troubleshooting guide.
const guide = "https://registry.terraform.io/providers/terraform-sdrs/sdrs/latest/docs/guides/troubleshooting"

// Anchor is what the kind's entry in the guide is linked by.
func (k Kind) Anchor() string {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(k.Title, about, "")))
	return strings.Join(words, "-")
}

// New returns a diagnostic of this kind. That of an error ends with a link to its entry in the guide. The detail is
// escaped but for its line breaks: those of values that come from outside are escaped by whoever puts them into it, see
// [Message].
func (k Kind) New(detail string) diag.Diagnostic {
	lines := strings.Split(detail, "\n")
	for i := range lines {
		lines[i] = cloud.Printable(lines[i])
	}
	detail = strings.Join(lines, "\n")
	title := strings.Replace(k.Title, about, k.subject, 1)
	if k.object != "" {
		title += ": " + cloud.Printable(k.object)
	}
	if k.Severity == diag.SeverityWarning {
		return diag.NewWarningDiagnostic(title, detail)
	}
	return diag.NewErrorDiagnostic(title, detail+"\n\nSee "+guide+"#"+k.Anchor())
}

// On returns a diagnostic of this kind about an attribute.
func (k Kind) On(attribute path.Path, detail string) diag.Diagnostic {
	return diag.WithPath(attribute, k.New(detail))
}

// Section is kinds that belong together, as the guide has them.
type Section struct {
	Title string
	// Intro is Markdown; empty where the title says it all.
	Intro string
	Kinds []Kind
}
