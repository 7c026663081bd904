// Package diagnostic is the catalogue of what the provider can print: each title with its severity, and what the
// troubleshooting guide says of it. All diagnostics of the provider are made here, so that none lacks an entry.
package diagnostic

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Kind is a title with its severity.
type Kind struct {
	title    string
	severity diag.Severity
}

// New returns a diagnostic of this kind. The detail is escaped but for its line breaks: those of values that come from outside
// are escaped by whoever puts them into it, see [Message].
func (k Kind) New(detail string) diag.Diagnostic {
	lines := strings.Split(detail, "\n")
	for i := range lines {
		lines[i] = cloud.Printable(lines[i])
	}
	detail = strings.Join(lines, "\n")
	if k.severity == diag.SeverityWarning {
		return diag.NewWarningDiagnostic(k.title, detail)
	}
	return diag.NewErrorDiagnostic(k.title, detail)
}

// On returns a diagnostic of this kind about an attribute.
func (k Kind) On(attribute path.Path, detail string) diag.Diagnostic {
	return diag.WithPath(attribute, k.New(detail))
}

// Family is kinds whose titles differ in what they are about.
type Family struct {
	kinds     map[string]Kind
	otherwise Kind
}

// Of returns the kind about a thing, which is named in lower case as in the details: "planned failover", "quotas". What
// the catalogue does not have gets a title that says less.
func (f Family) Of(thing string) Kind {
	if kind, ok := f.kinds[thing]; ok {
		return kind
	}
	return f.otherwise
}

// Entry is what the guide says of a title, or of a family of them.
type Entry struct {
	// Heading is the title; that of a family has an ellipsis for what the titles are about.
	Heading string
	// Titles are all that a family has, or the one.
	Titles   []string
	Severity diag.Severity
	// Meaning and Remedy are Markdown.
	Meaning, Remedy string
}

// Section is entries that belong together.
type Section struct {
	Title string
	// Intro is Markdown; empty where the title says it all.
	Intro   string
	Entries []Entry
}

// Sections is the catalogue.
func Sections() []*Section { return []*Section{login, finding, plans, operation, Invalid, terraform} }

// thing is what the titles of a family are about, in lower case as in details, and as in titles.
type thing struct{ name, title string }

// operations are those of internal/failover, by the names that they have there.
func operations() []thing {
	return []thing{
		{"planned failover", "Planned Failover"},
		{"failover", "Failover"},
		{"enabling of protection", "Enabling Protection"},
		{"reprotection", "Reprotection"},
		{"disabling of protection", "Disabling Protection"},
	}
}

// List is something that the API lists.
type List thing

// String returns the name as in details.
func (l List) String() string { return l.name }

// What the API lists.
var (
	ProtectionGroups    = List{"protection groups", "Protection Groups"}
	ProtectedInstances  = List{"protected instances", "Protected Instances"}
	ReplicationPairs    = List{"replication pairs", "Replication Pairs"}
	FailedJobs          = List{"failed jobs", "Failed Jobs"}
	ActiveActiveDomains = List{"active-active domains", "Active-Active Domains"}
	Quotas              = List{"quotas", "Quotas"}
)

func lists() []thing {
	var things []thing
	for _, list := range []List{ProtectionGroups, ProtectedInstances, ReplicationPairs, FailedJobs, ActiveActiveDomains, Quotas} {
		things = append(things, thing(list))
	}
	return things
}

func (s *Section) add(severity diag.Severity, title, meaning, remedy string) Kind {
	s.Entries = append(s.Entries, Entry{Heading: title, Titles: []string{title}, Severity: severity, Meaning: meaning, Remedy: remedy})
	return Kind{title: title, severity: severity}
}

func (s *Section) failure(title, meaning, remedy string) Kind {
	return s.add(diag.SeverityError, title, meaning, remedy)
}

func (s *Section) warning(title, meaning, remedy string) Kind {
	return s.add(diag.SeverityWarning, title, meaning, remedy)
}

// family adds a title for each of things, which it follows.
func (s *Section) family(severity diag.Severity, things []thing, title, meaning, remedy string) Family {
	entry := Entry{Heading: "… " + title, Severity: severity, Meaning: meaning, Remedy: remedy}
	family := Family{kinds: map[string]Kind{}, otherwise: Kind{title: operationFailed, severity: severity}}
	for _, thing := range things {
		kind := Kind{title: thing.title + " " + title, severity: severity}
		family.kinds[thing.name] = kind
		entry.Titles = append(entry.Titles, kind.title)
	}
	s.Entries = append(s.Entries, entry)
	return family
}
