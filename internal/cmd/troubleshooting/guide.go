package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

//go:embed troubleshooting.md.tmpl
var page string

// labels are the operations as a reader would call them.
var labels = map[failover.OperationKind]string{
	failover.KindPlannedFailover:   "planned failover",
	failover.KindUnplannedFailover: "failover",
	failover.KindEnable:            "enable protection",
	failover.KindReprotect:         "reprotect",
	failover.KindDisable:           "disable protection",
}

// meanings are what the statuses say of a group. The last one stands for all that the provider does not know.
var meanings = map[sdrs.Status]string{
	sdrs.StatusAvailable:   "Protection was not enabled yet, or was disabled. Nothing is replicated.",
	sdrs.StatusProtected:   "Data is replicated to the other site.",
	sdrs.StatusFailedOver:  "An unplanned failover has ended. Nothing is replicated until the group is reprotected.",
	sdrs.StatusError:       "The creation of the group failed.",
	sdrs.StatusCreating:    "The group is being created.",
	sdrs.StatusDeleting:    "The group is being deleted.",
	sdrs.StatusStarting:    "Protection is being enabled.",
	sdrs.StatusStopping:    "Protection is being disabled.",
	sdrs.StatusReversing:   "A planned failover is running.",
	sdrs.StatusFailingOver: "An unplanned failover is running.",
	sdrs.StatusReprotecting: "A reprotection is running: the disks of the site that is not active are being " +
		"overwritten.",
	sdrs.StatusErrorDeleting: "The deletion of the group failed.",
	sdrs.StatusErrorStarting: "Enabling protection failed.",
	sdrs.StatusErrorStopping: "Disabling protection failed.",
	sdrs.StatusErrorReversing: "A planned failover failed half-way. Servers and pairs may be active at different " +
		"sites.",
	sdrs.StatusErrorFailingOver:  "An unplanned failover failed half-way.",
	sdrs.StatusErrorReprotecting: "A reprotection failed.",
	unknown:                      "A status that this version of the provider does not know.",
}

const unknown sdrs.Status = "…"

// statusRow is a row of the table of statuses: what each column does about a group in one of some statuses.
type statusRow struct{ Titles, Cells []string }

// column is an operation, on a group whose active site is the wanted one, or isn't.
type column struct {
	failover.Operation
	active sdrs.Station
}

// columns are those of the table of statuses: of an operation that is about a site, two.
func columns() []column {
	var all []column
	for _, operation := range failover.Operations(sdrs.Target) {
		if operation.Station != "" {
			all = append(all, column{operation, sdrs.Source})
		}
		all = append(all, column{operation, sdrs.Target})
	}
	return all
}

// Title is the head of the column.
func (c column) Title() string {
	switch label := labels[c.Kind]; c.active {
	case c.Station.Other():
		return label + " to the other site"
	case c.Station:
		return label + " to the active site"
	default:
		return label
	}
}

// cell is what the operation does about a group in a status or, where it is refused, what comes before it.
func (c column) cell(status sdrs.Status) string {
	decision, advice := c.Decide(sdrs.Group{Status: status, PriorityStation: c.active})
	if decision != failover.Refuse {
		return decisions[decision]
	}
	if first, ok := advice.Next.Operation(sdrs.Target); ok {
		return labels[first.Kind] + " first"
	}
	return steps[advice.Next]
}

// statusTable reads the status matrix. Statuses that all operations treat alike share a row; what those of one phase mean
// is one text.
func statusTable() (texts []string, rows []statusRow, err error) {
	statuses := append(slices.Clone(sdrs.GroupStatuses), unknown)
	order := []sdrs.Phase{sdrs.AtRest, sdrs.Failed, sdrs.Moving, sdrs.Unknown}
	slices.SortStableFunc(statuses, func(a, b sdrs.Status) int {
		return slices.Index(order, a.Phase()) - slices.Index(order, b.Phase())
	})
	for _, status := range statuses {
		var cells []string
		for _, column := range columns() {
			cells = append(cells, column.cell(status))
		}
		if meanings[status] == "" || slices.Contains(cells, "") {
			return nil, nil, fmt.Errorf("the guide does not know the status %s, or the way out of it", status)
		}
		if phase := "* **" + phases[status.Phase()] + "**:"; len(texts) == 0 || !strings.HasPrefix(texts[len(texts)-1], phase) {
			texts = append(texts, phase)
		}
		texts[len(texts)-1] += " " + statusTitle(status) + ": " + meanings[status]
		i := slices.IndexFunc(rows, func(row statusRow) bool { return slices.Equal(row.Cells, cells) })
		if i < 0 {
			i, rows = len(rows), append(rows, statusRow{Cells: cells})
		}
		rows[i].Titles = append(rows[i].Titles, statusTitle(status))
	}
	return texts, rows, nil
}

var phases = map[sdrs.Phase]string{
	sdrs.AtRest: "At rest", sdrs.Moving: "Moving", sdrs.Failed: "Failed", sdrs.Unknown: "Unknown",
}

var decisions = map[failover.Decision]string{
	failover.NoAction: "done", failover.Act: "**starts**", failover.Wait: "waits",
}

var steps = map[failover.Next]string{failover.NextRecreate: "create anew", failover.NextTicket: "ticket"}

// troubleshooting returns the guide.
func troubleshooting() ([]byte, error) {
	statuses, rows, err := statusTable()
	if err != nil {
		return nil, err
	}
	checks, err := checkPages()
	if err != nil {
		return nil, err
	}
	parsed, err := template.New("").Funcs(template.FuncMap{
		"anchor":   anchor,
		"contents": contents,
		"cell":     func(text string) string { return strings.ReplaceAll(text, "|", `\|`) },
		"join":     func(words []string) string { return strings.Join(words, ", ") },
		"wrap":     wrap,
	}).Parse(page)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = parsed.Execute(&text, map[string]any{
		"Sections": sections(), "Codes": codes(), "Phases": statuses, "Columns": columns(),
		"Rows": rows, "Checks": checks,
	})
	return text.Bytes(), err
}

// sections are what the nouns and the rest of the provider can say. Those with one title share a table.
func sections() []diagnostic.Section {
	var all []diagnostic.Section
	for _, section := range provider.Diagnostics() {
		i := slices.IndexFunc(all, func(other diagnostic.Section) bool { return other.Title == section.Title })
		if i < 0 {
			all = append(all, section)
			continue
		}
		all[i].Kinds = slices.Concat(all[i].Kinds, section.Kinds)
	}
	return all
}

func statusTitle(status sdrs.Status) string {
	if status == unknown {
		return "any other"
	}
	return "`" + string(status) + "`"
}

// contents links the parts of the page, in one paragraph.
func contents(sections []diagnostic.Section) string {
	links := []string{"On this page:"}
	titles := []string{"Error codes of the API", "HTTP statuses", "Readiness checks", "Statuses"}
	for n, section := range sections {
		titles = slices.Insert(titles, n, section.Title)
	}
	for _, title := range titles {
		links = append(links, fmt.Sprintf("[%s](#%s),", title, anchor(title)))
	}
	return strings.TrimSuffix(wrap(links...), ",") + "."
}

// codes are the error codes of the API. Those that mean the same share a row.
func codes() []diagnostic.Code {
	var rows []diagnostic.Code
	for _, code := range diagnostic.Codes {
		i := slices.IndexFunc(rows, func(row diagnostic.Code) bool {
			return row.Meaning == code.Meaning && row.Remedy == code.Remedy
		})
		if i < 0 {
			rows = append(rows, code)
			continue
		}
		rows[i].Code += "`, `" + code.Code
	}
	return rows
}

// anchor is what a heading is linked by.
func anchor(heading string) string {
	return strings.NewReplacer(" ", "-", "`", "", ",", "").Replace(strings.ToLower(heading))
}

// wrap breaks a paragraph into lines of 120 characters at most, unless one word is longer.
func wrap(words ...string) string {
	var text strings.Builder
	column := 0
	for _, word := range strings.Fields(strings.Join(words, " ")) {
		length := utf8.RuneCountInString(word)
		switch {
		case column == 0:
		case column+1+length > 120:
			text.WriteByte('\n')
			column = 0
		default:
			text.WriteByte(' ')
			column++
		}
		text.WriteString(word)
		column += length
	}
	return text.String()
}
