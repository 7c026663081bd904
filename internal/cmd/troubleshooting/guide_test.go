package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
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
	for _, section := range provider.Diagnostics() {
		wants("## " + section.Title)
		for _, kind := range section.Kinds {
			wants(`<a id="` + kind.Anchor() + `"></a> ### ` + kind.Title)
			wants(kind.Meaning + " **What to do:** " + kind.Remedy)
		}
	}
	for _, code := range diagnostic.Codes {
		wants("| `" + code.Code + "` | " + code.Meaning + " | " + code.Remedy + " |")
	}
	// All that the API reference of the planned failover has, and that of the gateway.
	for _, status := range []int{400, 401, 403, 404, 405, 406, 407, 408, 409, 429, 500, 501, 502, 503, 504} {
		wants(strconv.Itoa(status) + " " + http.StatusText(status))
	}
	for _, status := range sdrs.GroupStatuses {
		wants("* `" + string(status) + "`, ")
	}
	// What some rows and checks must say; the rest comes from the same tables.
	for _, row := range []string{
		"| `protected` | **starts** | done | **starts** | done | done | done | **starts** |",
		"| `failed-over` | reprotect first | reprotect first | reprotect first | done | reprotect first | **starts** | reprotect first |",
		"| `error-failing-over` | failover first | ticket | **starts** | ticket | failover first | failover first | failover first |",
		"| `creating`, `failing-over`, `reprotecting`, `reversing`, `starting`, `stopping`, any other | waits | waits | waits | waits | waits | waits | waits |",
		"| `fail` | These servers run at the active site: web-1 (…-source) is ACTIVE. | Stop them, or set stop_servers = true. |",
		"Checked before: planned failover, failover, enabling of protection, reprotection. | outcome",
	} {
		wants(row)
	}
	for line := range strings.Lines(guide) {
		if utf8.RuneCountInString(line) > 122 && !strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "![") {
			t.Errorf("this line is too long: %s", line)
		}
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	guide := generated(t)
	anchors := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(guide, -1) {
		anchors[anchor(heading[1])] = true
	}
	links := regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(guide, -1)
	if len(links) == 0 {
		t.Error("no links")
	}
	const public = "https://raw.githubusercontent.com/terraform-sdrs/terraform-provider-sdrs/main/docs/"
	for _, link := range links {
		page := "guides/" + link[1]
		switch rest, up := strings.CutPrefix(link[1], "../"); {
		case strings.HasPrefix(link[1], "#"):
			if !anchors[link[1][1:]] {
				t.Errorf("there is no heading %s", link[1])
			}
			continue
		case up:
			page = rest
		case strings.HasPrefix(link[1], public):
			page = strings.TrimPrefix(link[1], public)
		}
		if _, err := os.Stat("../../../docs/" + page); err != nil {
			t.Error(err)
		}
	}
}

// The words are explained once, and each page says where: those without a template of their own by that of their kind.
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
		text, err := os.ReadFile(page)
		if err != nil {
			t.Error(err)
		}
		if !strings.Contains(string(text), "glossary.md)") && filepath.Base(page) != "glossary.md" {
			t.Errorf("%s does not link the glossary", page)
		}
	}
}
