package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var today = time.Date(2026, time.December, 1, 23, 0, 0, 0, time.UTC)

// repository returns a folder with files in its .changes.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	all := map[string]string{"unreleased/.gitkeep": ""}
	maps.Copy(all, files)
	for name, content := range all {
		path := filepath.Join(root, ".changes", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path) //nolint:gosec // A file of the test or of the repository.
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// changelog runs the program in root, and returns what it prints.
func changelog(root string, args ...string) (string, error) {
	var stdout bytes.Buffer
	err := run(root, args, today, &stdout, io.Discard)
	return stdout.String(), err
}

// TestChangelogIsCurrent fails where CHANGELOG.md was edited, or an entry came without `make changelog`.
func TestChangelogIsCurrent(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..")
	want, err := changes{root}.changelog()
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, filepath.Join(root, "CHANGELOG.md")); got != want {
		t.Errorf("CHANGELOG.md is not what .changes says: run `make changelog`\n--- CHANGELOG.md\n%s\n--- .changes\n%s", got, want)
	}
}

func TestFromEntriesToRelease(t *testing.T) {
	t.Parallel()
	root := repository(t, map[string]string{
		"0.9.0.md":                 "## 0.9.0 (May 1, 2026)\n\nNOTES:\n\n* nine\n",
		"0.10.0.md":                "## 0.10.0 (June 1, 2026)\n\nNOTES:\n\n* ten\n",
		"0.10.0-rc1.md":            "## 0.10.0-rc1 (May 30, 2026)\n\nNOTES:\n\n* almost ten\n",
		"unreleased/2-b.fix.md":    "second\n",
		"unreleased/1-a.fix.md":    "first: `a`",
		"unreleased/a.note.md":     "a note\n",
		"unreleased/z.breaking.md": "careful\n",
	})
	const entries = "BREAKING CHANGES:\n\n* careful\n\nNOTES:\n\n* a note\n\nBUG FIXES:\n\n* first: `a`\n* second\n"
	const older = "## 0.10.0 (June 1, 2026)\n\nNOTES:\n\n* ten\n\n" +
		"## 0.10.0-rc1 (May 30, 2026)\n\nNOTES:\n\n* almost ten\n\n## 0.9.0 (May 1, 2026)\n\nNOTES:\n\n* nine\n"
	written := filepath.Join(root, "CHANGELOG.md")

	for _, step := range []struct {
		args []string
		want string
	}{
		{nil, "# Changelog\n\n## Unreleased\n\n" + entries + "\n" + older},
		{[]string{"-release", "v1.0.0"}, "# Changelog\n\n## 1.0.0 (December 1, 2026)\n\n" + entries + "\n" + older},
		{nil, "# Changelog\n\n## 1.0.0 (December 1, 2026)\n\n" + entries + "\n" + older},
	} {
		if _, err := changelog(root, step.args...); err != nil {
			t.Fatalf("%q: %v", step.args, err)
		}
		if got := read(t, written); got != step.want {
			t.Errorf("%q: CHANGELOG.md is\n%s\nnot\n%s", step.args, got, step.want)
		}
	}
	left, err := os.ReadDir(filepath.Join(root, ".changes", "unreleased"))
	if err != nil || len(left) != 1 || left[0].Name() != ".gitkeep" {
		t.Errorf("released entries are left behind: %v, %v", left, err)
	}
	for _, tag := range []string{"1.0.0", "v1.0.0"} {
		if notes, err := changelog(root, "-notes", tag); err != nil || notes != entries {
			t.Errorf("-notes %s: %q, %v; want %q", tag, notes, err, entries)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		files map[string]string
		args  []string
		want  string
	}{
		{"no kind", map[string]string{"unreleased/a.md": "text"}, nil, "a.md: the name is not NAME.KIND.md with a KIND of breaking, note"},
		{"unknown kind", map[string]string{"unreleased/a.bug.md": "text"}, nil, "a.bug.md: the name is not"},
		{"another suffix", map[string]string{"unreleased/a.fix.txt": "text"}, nil, "a.fix.txt: the name is not"},
		{"empty", map[string]string{"unreleased/a.fix.md": " \n"}, nil, "a.fix.md: empty"},
		{"two lines", map[string]string{"unreleased/a.fix.md": "one\ntwo\n"}, nil, "a.fix.md: more than one line"},
		{"bullet", map[string]string{"unreleased/a.fix.md": "* one\n"}, nil, "a.fix.md: begins with a bullet"},
		{"file that is no version", map[string]string{"notes.md": "text"}, nil, "notes.md: the name is not VERSION.md"},
		{"version without suffix", map[string]string{"1.0.0": "text"}, nil, "1.0.0: the name is not VERSION.md"},
		{"release of nothing", nil, []string{"-release", "1.0.0"}, "there is nothing to release"},
		{"release of no version", nil, []string{"-release", "next"}, "next"},
		{"release of half a version", nil, []string{"-release", "1.0"}, `not a version: "1.0", but 1.0.0 may be meant`},
		{"notes of a version that has none", nil, []string{"-notes", "v1.0.0"}, "version 1.0.0 has no entry: run `make changelog RELEASE=1.0.0`"},
		{"notes of what is elsewhere", nil, []string{"-notes", "../1.0.0"}, "../1.0.0"},
		{"notes without text", map[string]string{"1.0.0.md": "## 1.0.0\n"}, []string{"-notes", "1.0.0"}, "no text below the head"},
		{
			"notes and release",
			map[string]string{"1.0.0.md": "## 1.0.0\n\nout\n", "unreleased/a.fix.md": "new"},
			[]string{"-notes", "1.0.0", "-release", "1.1.0"},
			"give one of them",
		},
		{"argument", nil, []string{"1.0.0"}, `unexpected argument "1.0.0"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root := repository(t, test.files)
			out, err := changelog(root, test.args...)
			if err == nil || !strings.Contains(err.Error(), test.want) || out != "" {
				t.Errorf("%q, %v; want nothing, and an error with %q", out, err, test.want)
			}
			if _, err := os.Stat(filepath.Join(root, "CHANGELOG.md")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("CHANGELOG.md was written all the same: %v", err)
			}
		})
	}
}

// TestReleaseKeepsWhatIsOut releases a version again: neither it nor the new entries may be lost.
func TestReleaseKeepsWhatIsOut(t *testing.T) {
	t.Parallel()
	root := repository(t, map[string]string{"1.0.0.md": "## 1.0.0\n\nout\n", "unreleased/a.fix.md": "new"})
	if _, err := changelog(root, "-release", "1.0.0"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("-release 1.0.0: %v, want %v", err, fs.ErrExist)
	}
	for name, want := range map[string]string{"1.0.0.md": "## 1.0.0\n\nout\n", "unreleased/a.fix.md": "new"} {
		if got := read(t, filepath.Join(root, ".changes", name)); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
}
