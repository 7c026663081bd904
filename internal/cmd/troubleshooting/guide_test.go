package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

func generated(t *testing.T) string {
	t.Helper()
	guide, err := troubleshooting()
	if err != nil {
		t.Fatal(err)
	}
	return string(guide)
}

func TestGuideHasEverything(t *testing.T) {
	t.Parallel()
	guide := generated(t)
	plain := strings.Join(strings.Fields(guide), " ")
	wants := func(text string) {
		if !strings.Contains(plain, text) {
			t.Errorf("the guide lacks %s", text)
		}
	}
	// All that the API reference of the planned failover has, and that of the gateway.
	for _, status := range []int{400, 401, 403, 404, 405, 406, 407, 408, 409, 429, 500, 501, 502, 503, 504} {
		wants(strconv.Itoa(status) + " " + http.StatusText(status))
	}
	for _, status := range sdrs.GroupStatuses {
		wants("`" + string(status) + "`: ")
	}
	// What some rows and checks must say; the rest comes from the same tables.
	for _, row := range []string{
		`| <a id="refused"></a>Error: … Refused | `, // Where an error that the cloud refused links to.
		"| `protected` | **starts** | done | **starts** | done | done | done | **starts** |",
		"| `failed-over` | reprotect first | reprotect first | reprotect first | done | reprotect first | **starts** | " +
			"reprotect first |",
		"| `error-failing-over` | failover first | ticket | **starts** | ticket | failover first | failover first | " +
			"failover first |",
		"| `creating`, `failing-over`, `reprotecting`, `reversing`, `starting`, `stopping`, any other | waits | waits | " +
			"waits | waits | waits | waits | waits |",
		"| `fail` | These servers run at the active site: web-1 (…-source) is ACTIVE. | Stop them, or set stop_servers = " +
			"true. |",
		"| `replication_pairs` | The group has replication pairs. | planned failover, unplanned failover, enabling of " +
			"protection, reprotection |",
	} {
		wants(row)
	}
	if lines := strings.Count(guide, "\n"); lines > 400 {
		t.Errorf("the guide has %d lines: shorten it, or let sections share a table", lines)
	}
	for line := range strings.Lines(guide) {
		if utf8.RuneCountInString(line) > 122 && !strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "![") {
			t.Errorf("this line is too long: %s", line)
		}
	}
}

// The words are explained once, and each page says where: those without a template of their own by that of their kind.
// A page that is found from the sidebar, or by a search, leads to the guide that belongs to it.
func TestEachPageLinksTheGlossary(t *testing.T) {
	t.Parallel()
	const templates = "../../../templates/"
	pages := []string{"troubleshooting.md.tmpl"}
	for _, kind := range []string{"resources", "data-sources", "actions", "list-resources"} {
		pages = append(pages, templates+kind+".md.tmpl")
	}
	for _, pattern := range []string{"*.tmpl", "*/*"} {
		found, err := filepath.Glob(templates + pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page) //nolint:gosec // Of this repository.
		if err != nil {
			t.Error(err)
		}
		if !strings.Contains(string(text), "glossary.md)") && filepath.Base(page) != "glossary.md" {
			t.Errorf("%s does not link the glossary", page)
		}
		guides := strings.Count(string(text), "](../guides/") - strings.Count(string(text), "](../guides/glossary.md")
		isReference := strings.Contains(string(text), "](../guides/")
		if isReference && guides == 0 {
			t.Errorf("%s leads to no guide", page)
		}
	}
}
