package main

import (
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

func generated(t *testing.T) (guide, picture string) {
	t.Helper()
	folder := t.TempDir()
	if err := run(folder); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		content, err := fs.ReadFile(os.DirFS(folder), name)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	return read("guides/troubleshooting.md"), read("images/site-states.svg")
}

func TestGuideHasEverything(t *testing.T) {
	t.Parallel()
	guide, _ := generated(t)
	plain := strings.Join(strings.Fields(guide), " ")
	wants := func(text string) {
		if !strings.Contains(plain, text) {
			t.Errorf("the guide lacks %s", text)
		}
	}
	for _, section := range diagnostic.Sections() {
		wants("## " + section.Title)
		for _, entry := range section.Entries {
			wants("### " + entry.Heading)
			wants(entry.Meaning + " **What to do:** " + entry.Remedy)
			for _, title := range entry.Titles {
				wants(title)
			}
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
		wants("### `" + string(status) + "` ")
	}
	// What some rows and checks must say; the rest comes from the same tables.
	for _, row := range []string{
		"| planned failover, failover | nothing to do | **starts** | | | enable protection, reprotect | nothing to do | nothing to do | | | disable protection | **starts** | **starts** | |",
		"| planned failover, failover | nothing to do | waits | Another operation is changing the group.",
		"| enable protection | refused | refused | The group has failed over. Enabling protection now would be a reprotection",
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
	guide, _ := generated(t)
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

func TestPicture(t *testing.T) {
	t.Parallel()
	_, picture := generated(t)
	decoder := xml.NewDecoder(strings.NewReader(picture))
	count := map[string]int{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if element, ok := token.(xml.StartElement); ok {
			for _, attribute := range element.Attr {
				if attribute.Name.Local == "class" {
					count[attribute.Value]++
				}
			}
		}
	}
	// One of each is in the legend. At each site: 3 statuses rest, 3 move, 3 failed; and 4 jobs run from site to site, of
	// which 2 can fail. Of the group itself, 2 statuses move and 2 failed.
	for class, want := range map[string]int{
		"rest": 2*3 + 1, "moving": 2*3 + 4 + 2 + 1, "failed": 2*3 + 2 + 2 + 1,
		// Each operation starts from two statuses; a failover from three.
		"starts": 2*(3*2+2+3) + 1, "succeeds": 2*5 + 1, "fails": 2*5 + 1,
	} {
		if count[class] != want {
			t.Errorf("%d of %s, want %d", count[class], class, want)
		}
	}
	for _, text := range []string{
		"<title id=", "protected at source: planned failover leads to reversing towards target.\n",
		"reversing towards target fails: error-reversing.\n", "failing-over towards source succeeds: failed-over at source.\n",
		"available at target: enable protection leads to starting at target.\n",
	} {
		if !strings.Contains(picture, text) {
			t.Errorf("the picture lacks %q", text)
		}
	}
}

// TestPictureFitsTheTables takes something away from the layout, or adds it, and expects that nothing is drawn then.
func TestPictureFitsTheTables(t *testing.T) {
	t.Parallel()
	protected, starting := node{sdrs.StatusProtected, sdrs.Source}, node{sdrs.StatusStarting, sdrs.Source}
	for want, change := range map[string]func(map[node]box, map[arrow]route){
		"":                                  func(map[node]box, map[arrow]route) {},
		"no place for the status protected": func(places map[node]box, _ map[arrow]route) { delete(places, protected) },
		"places for":                        func(places map[node]box, _ map[arrow]route) { places[node{"new", ""}] = box{} },
		"routes for":                        func(_ map[node]box, routes map[arrow]route) { routes[arrow{protected, starting}] = route{} },
		"no route from": func(_ map[node]box, routes map[arrow]route) {
			routes[arrow{protected, starting}] = routes[arrow{starting, protected}]
			delete(routes, arrow{starting, protected})
		},
		"does not touch both": func(places map[node]box, _ map[arrow]route) { places[protected] = box{200, 480, 340, tall} },
		"has a label too many": func(_ map[node]box, routes map[arrow]route) {
			r := routes[arrow{starting, protected}]
			r.label = point{1, 1}
			routes[arrow{starting, protected}] = r
		},
	} {
		places, routes := layout()
		change(places, routes)
		nodes, edges, err := states(places)
		if err == nil {
			err = fits(nodes, edges, places, routes)
		}
		switch {
		case want == "" && err != nil:
			t.Error(err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
