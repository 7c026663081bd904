package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// TestPicture holds the picture, which is drawn by hand, to the status tables: its description for those who can't see
// it has a line for each arrow, and as many arrows are drawn. Where it fails: correct the arrow, its label, and its
// line.
func TestPicture(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../../docs/images/site-states.svg")
	if err != nil {
		t.Fatal(err)
	}
	var picture struct {
		Description string `xml:"desc"`
	}
	if err := xml.Unmarshal(content, &picture); err != nil {
		t.Fatal(err)
	}
	described := strings.Split(strings.TrimSpace(picture.Description), "\n")
	want := arrows()
	for _, line := range want {
		if !slices.Contains(described, line) {
			t.Errorf("the picture lacks %q", line)
		}
	}
	drawn := 0
	for _, line := range described {
		if !slices.Contains(want, line) {
			t.Errorf("the picture has %q, and the tables don't", line)
		}
	}
	for _, class := range []string{"starts", "succeeds", "fails"} {
		drawn += strings.Count(string(content), `class="`+class+`"`) - 1 // One is in the legend.
	}
	if drawn != len(want) {
		t.Errorf("%d arrows drawn, want %d", drawn, len(want))
	}
	for _, status := range sdrs.GroupStatuses {
		if !strings.Contains(string(content), ">"+string(status)+"<") {
			t.Errorf("the picture lacks the status %s", status)
		}
	}
}

// arrows describes what leads from which status to which, as the status tables have it.
func arrows() []string {
	var lines []string
	add := func(format string, values ...any) {
		if line := fmt.Sprintf(format, values...); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	// A group that stopped half-way between the sites is at none.
	at := func(status sdrs.Status, site sdrs.Station) string {
		switch status {
		case sdrs.StatusErrorReversing, sdrs.StatusErrorFailingOver:
			return string(status)
		case sdrs.StatusReversing, sdrs.StatusFailingOver:
			return string(status) + " towards " + string(site)
		default:
			return string(status) + " at " + string(site)
		}
	}
	sites := []sdrs.Station{sdrs.Source, sdrs.Target}
	for _, to := range sites {
		for _, operation := range failover.Operations(to) {
			course := operation
			for _, from := range sites {
				end := operation.Station
				if end == "" {
					end = from
				}
				for _, status := range sdrs.GroupStatuses {
					decision, _ := operation.Decide(sdrs.Group{Status: status, PriorityStation: from})
					if decision == failover.Act {
						add("%s: %s leads to %s.", at(status, from), labels[operation.Kind], at(course.Moving, end))
					}
				}
				add("%s succeeds: %s.", at(course.Moving, end), at(course.Rest, end))
				add("%s fails: %s.", at(course.Moving, end), at(course.Failed, end))
			}
		}
	}
	return lines
}
