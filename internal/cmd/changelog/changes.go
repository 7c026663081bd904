package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-version"
)

// kinds are what an entry can be: the last part of its file's name, and the head that it gets. In this order.
var kinds = []struct{ name, head string }{
	{"breaking", "BREAKING CHANGES"},
	{"note", "NOTES"},
	{"feature", "FEATURES"},
	{"enhancement", "ENHANCEMENTS"},
	{"fix", "BUG FIXES"},
}

// changes is the repository whose changes are told.
type changes struct{ root string }

func (c changes) path(elements ...string) string {
	return filepath.Join(append([]string{c.root, ".changes"}, elements...)...)
}

// write writes CHANGELOG.md.
func (c changes) write() error {
	text, err := c.changelog()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.root, "CHANGELOG.md"), []byte(text), 0o644) //nolint:gosec // To be read by everybody.
}

// changelog is what CHANGELOG.md is to say: the unreleased entries, and then each version, the newest first.
func (c changes) changelog() (string, error) {
	sections := []string{"# Changelog\n"}
	unreleased, _, err := c.unreleased()
	if err != nil {
		return "", err
	}
	if unreleased != "" {
		sections = append(sections, "## Unreleased\n\n"+unreleased)
	}
	versions, err := c.versions()
	if err != nil {
		return "", err
	}
	for _, v := range versions {
		text, err := os.ReadFile(c.path(v.Original() + ".md"))
		if err != nil {
			return "", err
		}
		sections = append(sections, string(text))
	}
	return strings.Join(sections, "\n"), nil
}

// versions are those that are out, the newest first.
func (c changes) versions() ([]*version.Version, error) {
	files, err := os.ReadDir(c.path())
	if err != nil {
		return nil, err
	}
	var versions []*version.Version
	for _, file := range files {
		if file.IsDir() {
			continue
		}
		name, markdown := strings.CutSuffix(file.Name(), ".md")
		v, err := parseVersion(name)
		if err != nil || !markdown {
			return nil, fmt.Errorf("%s: the name is not VERSION.md", c.path(file.Name()))
		}
		versions = append(versions, v)
	}
	slices.SortFunc(versions, func(a, b *version.Version) int { return b.Compare(a) })
	return versions, nil
}

// parseVersion takes a version as tags have it, with all of its three numbers, but for the v before it.
func parseVersion(name string) (*version.Version, error) {
	v, err := version.NewSemver(name)
	if err == nil && v.String() != name {
		err = fmt.Errorf("not a version: %q, but %s may be meant", name, v)
	}
	return v, err
}

// unreleased returns the entries under the heads of their kinds, and the files that they are from. Entries of a kind are
// sorted by the names of their files.
func (c changes) unreleased() (text string, files []string, err error) {
	entries := map[string][]string{}
	folder, err := os.ReadDir(c.path("unreleased"))
	if err != nil {
		return "", nil, err
	}
	for _, file := range folder {
		if file.Name() == ".gitkeep" {
			continue
		}
		path := c.path("unreleased", file.Name())
		kind, entry, err := readEntry(path)
		if err != nil {
			return "", nil, err
		}
		entries[kind] = append(entries[kind], "* "+entry+"\n")
		files = append(files, path)
	}
	var blocks []string
	for _, kind := range kinds {
		if list := entries[kind.name]; len(list) > 0 {
			blocks = append(blocks, kind.head+":\n\n"+strings.Join(list, ""))
		}
	}
	return strings.Join(blocks, "\n"), files, nil
}

// readEntry returns the kind and the text of an entry.
func readEntry(path string) (kind, text string, err error) {
	content, err := os.ReadFile(path) //nolint:gosec // A file of the repository.
	if err != nil {
		return "", "", err
	}
	parts := strings.Split(filepath.Base(path), ".")
	names := make([]string, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, k.name)
	}
	if len(parts) != 3 || parts[2] != "md" || !slices.Contains(names, parts[1]) {
		return "", "", fmt.Errorf("%s: the name is not NAME.KIND.md with a KIND of %s", path, strings.Join(names, ", "))
	}
	text = strings.TrimSpace(string(content))
	switch {
	case text == "":
		return "", "", fmt.Errorf("%s: empty", path)
	case strings.Contains(text, "\n"):
		return "", "", fmt.Errorf("%s: more than one line", path)
	case strings.HasPrefix(text, "* "), strings.HasPrefix(text, "- "):
		return "", "", fmt.Errorf("%s: begins with a bullet, which it gets anyway", path)
	}
	return parts[1], text, nil
}

// release makes the unreleased entries those of a version, and deletes their files.
func (c changes) release(name string, now time.Time) error {
	if _, err := parseVersion(name); err != nil {
		return err
	}
	text, files, err := c.unreleased()
	if err != nil {
		return err
	}
	if text == "" {
		return errors.New("there is nothing to release: .changes/unreleased has no entries")
	}
	file, err := os.OpenFile(c.path(name+".md"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // To be read by everybody.
	if err != nil {
		return err // Such as fs.ErrExist: a version that is out does not change.
	}
	_, err = fmt.Fprintf(file, "## %s (%s)\n\n%s", name, now.Format("January 2, 2006"), text)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	for _, entry := range files {
		if err := os.Remove(entry); err != nil {
			return err
		}
	}
	return nil
}

// notes returns what a version's section says, without its head.
func (c changes) notes(name string) (string, error) {
	if _, err := parseVersion(name); err != nil {
		return "", err
	}
	text, err := os.ReadFile(c.path(name + ".md"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("version %s has no entry: run `make changelog RELEASE=%s` and commit what it writes", name, name)
	}
	if err != nil {
		return "", err
	}
	_, notes, found := strings.Cut(string(text), "\n\n")
	if !found {
		return "", fmt.Errorf("%s: no text below the head", c.path(name+".md"))
	}
	return notes, nil
}
