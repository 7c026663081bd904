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
var labels = map[string]string{
	"planned failover":        "planned failover",
	"failover":                "failover",
	"enabling of protection":  "enable protection",
	"reprotection":            "reprotect",
	"disabling of protection": "disable protection",
}

// meanings are what the statuses say of a group. The last one stands for all that the provider does not know.
var meanings = map[sdrs.Status]string{
	sdrs.StatusAvailable:         "Protection was not enabled yet, or was disabled. Nothing is replicated.",
	sdrs.StatusProtected:         "Data is replicated to the other site. This is what every operation but a failover and disabling ends in.",
	sdrs.StatusFailedOver:        "An unplanned failover has ended. Nothing is replicated until the group is reprotected.",
	sdrs.StatusError:             "The creation of the group failed.",
	sdrs.StatusCreating:          "The group is being created.",
	sdrs.StatusDeleting:          "The group is being deleted.",
	sdrs.StatusStarting:          "Protection is being enabled.",
	sdrs.StatusStopping:          "Protection is being disabled.",
	sdrs.StatusReversing:         "A planned failover is running.",
	sdrs.StatusFailingOver:       "An unplanned failover is running.",
	sdrs.StatusReprotecting:      "A reprotection is running: the disks of the site that is not active are being overwritten.",
	sdrs.StatusErrorDeleting:     "The deletion of the group failed.",
	sdrs.StatusErrorStarting:     "Enabling protection failed.",
	sdrs.StatusErrorStopping:     "Disabling protection failed.",
	sdrs.StatusErrorReversing:    "A planned failover failed half-way. Servers and pairs may be active at different sites.",
	sdrs.StatusErrorFailingOver:  "An unplanned failover failed half-way.",
	sdrs.StatusErrorReprotecting: "A reprotection failed.",
	unknown:                      "A status that this version of the provider does not know.",
}

const unknown sdrs.Status = "…"

// statusPage is what the guide says of a status.
type statusPage struct {
	Status         sdrs.Status
	Phase, Meaning string
	Rows           []statusRow
}

// statusRow is what operations do about a group in the status: where the wanted site is active, and where it isn't.
type statusRow struct {
	Operations []string
	statusAnswer
}

type statusAnswer struct{ Active, Other, Why string }

// statusPages reads the status tables.
func statusPages() ([]statusPage, error) {
	var pages []statusPage
	statuses := append(slices.Clone(sdrs.GroupStatuses), unknown)
	order := []sdrs.Phase{sdrs.AtRest, sdrs.Failed, sdrs.Moving, sdrs.Unknown}
	slices.SortStableFunc(statuses, func(a, b sdrs.Status) int {
		return slices.Index(order, a.Phase()) - slices.Index(order, b.Phase())
	})
	for _, status := range statuses {
		page := statusPage{Status: status, Phase: phases[status.Phase()], Meaning: meanings[status]}
		if page.Meaning == "" {
			return nil, fmt.Errorf("the guide does not know the status %s", status)
		}
		for _, operation := range failover.Operations(sdrs.Target) {
			active, advice := operation.Decide(sdrs.Group{Status: status, PriorityStation: sdrs.Target})
			other, _ := operation.Decide(sdrs.Group{Status: status, PriorityStation: sdrs.Source})
			answer := statusAnswer{Active: decisions[active], Other: decisions[other]}
			if advice.Reason != "" {
				answer.Why = advice.Reason + " " + advice.WayOut
			}
			if last := len(page.Rows) - 1; last < 0 || page.Rows[last].statusAnswer != answer {
				page.Rows = append(page.Rows, statusRow{statusAnswer: answer})
			}
			row := &page.Rows[len(page.Rows)-1]
			row.Operations = append(row.Operations, labels[operation.Name])
		}
		pages = append(pages, page)
	}
	return pages, nil
}

var phases = map[sdrs.Phase]string{
	sdrs.AtRest: "At rest", sdrs.Moving: "Moving", sdrs.Failed: "Failed", sdrs.Unknown: "Unknown",
}

var decisions = map[failover.Decision]string{
	failover.NoAction: "nothing to do", failover.Act: "**starts**", failover.Wait: "waits", failover.Refuse: "refused",
}

// troubleshooting returns the guide.
func troubleshooting() ([]byte, error) {
	statuses, err := statusPages()
	if err != nil {
		return nil, err
	}
	checks, err := checkPages()
	if err != nil {
		return nil, err
	}
	parsed, err := template.New("").Funcs(template.FuncMap{
		"anchor": anchor,
		"cell":   func(text string) string { return strings.ReplaceAll(text, "|", `\|`) },
		"join":   func(words []string) string { return strings.Join(words, ", ") },
		"title":  statusTitle,
		"wrap":   wrap,
	}).Parse(page)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = parsed.Execute(&text, map[string]any{
		"Sections": provider.Diagnostics(), "Codes": diagnostic.Codes, "Statuses": statuses, "Checks": checks,
	})
	return text.Bytes(), err
}

func statusTitle(status sdrs.Status) string {
	if status == unknown {
		return "Any other status"
	}
	return "`" + string(status) + "`"
}

// anchor is what a heading is linked by.
func anchor(heading string) string {
	return strings.NewReplacer(" ", "-", "`", "").Replace(strings.ToLower(heading))
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
