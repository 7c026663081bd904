package e2e_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	anchor  = regexp.MustCompile(`(?:id|name)="([^"]+)"`)
	fence   = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	// ofSchema are the headings that tfplugindocs makes, of a schema and of an identity.
	ofSchema = map[string]bool{"Required": true, "Optional": true, "Read-Only": true}
	notSlug  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinks follows each link of the documentation that stays in the repository, to its file and its heading.
func TestLinks(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	if err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			pages = append(pages, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	followed := 0
	anchorsOf := map[string]map[string]bool{} // Many links lead to few pages.
	for _, page := range pages {
		wantOwnHeadings(t, page)
		for _, found := range link.FindAllStringSubmatch(prose(t, page), -1) {
			if strings.Contains(found[1], ":") || page == filepath.Join(root, "CHANGELOG.md") {
				continue
			}
			followed++
			file, fragment, _ := strings.Cut(found[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), filepath.FromSlash(file))
			}
			if _, err := os.Stat(target); err != nil {
				target += ".md" // as the registry links its pages
			}
			name, _ := filepath.Rel(root, page)
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %s: no such file", name, found[1])
			} else if fragment != "" {
				if anchorsOf[target] == nil {
					anchorsOf[target] = anchors(t, target)
				}
				if !anchorsOf[target][fragment] {
					t.Errorf("%s: %s: no such heading", name, found[1])
				}
			}
		}
	}
	if followed < 50 {
		t.Errorf("only %d links were found", followed)
	}
}

// wantOwnHeadings wants each heading to be found by its words: none is there twice, and none begins with what it leaves
// out.
func wantOwnHeadings(t *testing.T, page string) {
	t.Helper()
	seen := map[string]bool{}
	for _, found := range heading.FindAllStringSubmatch(prose(t, page), -1) {
		if text := found[1]; filepath.Base(page) != "CHANGELOG.md" && !ofSchema[text] &&
			(seen[text] || strings.HasPrefix(text, "…")) {
			t.Errorf("%s: the heading %q", page, text)
		}
		seen[found[1]] = true
	}
}

// prose is a page without its code.
func prose(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page) //nolint:gosec // A page of this repository.
	if err != nil {
		t.Fatal(err)
	}
	return fence.ReplaceAllString(string(text), "")
}

// anchors are the fragments that a page has, as GitHub and the registry make them from its headings.
func anchors(t *testing.T, page string) map[string]bool {
	t.Helper()
	text := prose(t, page)
	found := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		plain := link.ReplaceAllString(strings.ReplaceAll(h[1], "[", ""), "")
		found[strings.ReplaceAll(strings.ToLower(notSlug.ReplaceAllString(strings.TrimSpace(plain), "")), " ", "-")] = true
	}
	for _, a := range anchor.FindAllStringSubmatch(text, -1) {
		found[a[1]] = true
	}
	return found
}
