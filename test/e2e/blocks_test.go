package e2e_test

import (
	"io/fs"
	"os/exec"
	"path"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var (
	anyBlock = regexp.MustCompile("(?ms)^ *(?:<!-- ([^\n]*) -->\n *)?```(\\w*)\n(.*?)^ *```$")
	testName = regexp.MustCompile(`^TestAcc\w+$`)
	cron     = regexp.MustCompile(`^(?:(?:\*|\d+(?:-\d+)?)(?:/\d+)?(?:,\d+)* ){5}(.+)\n$`)
)

// TestBlocks wants each block of the README, of CONTRIBUTING, of the pages of docs/, and of the page for an emergency to
// be shown to be right: it is a file of an example, a configuration or a page that a test runs, or names the test that has it, or says
// why there is none.
func TestBlocks(t *testing.T) {
	t.Parallel()
	examples, tests, pages := map[string]bool{}, "", []string{
		"README.md", "CONTRIBUTING.md", "examples/emergency/README.md",
	}
	each := func(root string, use func(name, text string)) {
		if err := fs.WalkDir(repository, root, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				use(name, readRepository(t, name))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	each("examples", func(_, text string) { examples[strings.TrimSpace(text)] = true })
	each("test/e2e", func(_, text string) { tests += text })
	each("docs", func(name, _ string) {
		if folder := path.Dir(name); path.Ext(name) == ".md" && folder != "docs/decisions" && folder != "docs/research" {
			pages = append(pages, name)
		}
	})
	counts := map[string]int{}
	for _, name := range pages {
		isRun := guides[strings.TrimPrefix(name, "docs/")] != nil
		text := readRepository(t, name)
		for _, at := range anyBlock.FindAllStringSubmatchIndex(text, -1) {
			mark, language, block := "", text[at[4]:at[5]], text[at[6]:at[7]]
			if at[2] >= 0 {
				mark = text[at[2]:at[3]]
			}
			command := cron.FindStringSubmatch(block)
			kind := ""
			switch {
			case strings.HasPrefix(mark, "not run: "):
				kind = "not run, with the reason next to it"
			case name == "CONTRIBUTING.md" && strings.HasPrefix(block, "main.go "):
				wantTree(t, block)
				kind = "the tree of folders"
			case examples[strings.TrimSpace(block)]:
				kind = "a file of an example, which TestAccExamples runs"
			case isRun && (language == "shell" || language == "" || language == "terraform"):
				kind = "run, or compared, by TestAccGuides"
			case testName.MatchString(mark) && strings.Contains(tests, "func "+mark+"(") &&
				strings.Contains(tests, path.Base(path.Dir(name))+"/"+path.Base(name)):
				kind = "run, or compared, by another test"
			case language == "terraform" && strings.Contains(block, "required_providers"):
				kind = "a configuration, which TestAccExamples applies"
			case language == "yaml" && yaml.Unmarshal([]byte(block), &map[string]any{}) == nil:
				kind = "YAML; make lint checks workflows, too"
			case command != nil && !strings.Contains(command[1], "%"): // It ends a command there.
				if err := exec.CommandContext(t.Context(), "sh", "-n", "-c", command[1]).Run(); err != nil { //nolint:gosec // Ours.
					t.Errorf("%s: %s: %v", name, command[1], err)
				}
				kind = "a line for cron"
			default:
				t.Errorf("%s: nothing runs or compares this, and no reason stands next to it:\n%s", name, block)
			}
			counts[kind]++
		}
	}
	t.Log(counts)
}

// wantTree wants each folder of a tree to be there, and the tree to have each folder of code.
func wantTree(t *testing.T, tree string) {
	t.Helper()
	shown, above := map[string]bool{}, [3]string{}
	for line := range strings.Lines(tree) {
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		for _, name := range strings.Fields(line) {
			folder, ok := strings.CutSuffix(name, "/")
			if !ok || depth >= len(above) {
				break // What it is for.
			}
			above[depth] = strings.TrimSuffix(folder, "/NOUN")
			folder = path.Join(above[:depth+1]...)
			if _, err := fs.ReadDir(repository, folder); err != nil {
				t.Errorf("CONTRIBUTING.md: %v", err)
			}
			shown[folder] = true
		}
	}
	for _, root := range []string{"internal", "internal/cmd", "test"} {
		folders, err := fs.ReadDir(repository, root)
		if err != nil {
			t.Fatal(err)
		}
		for _, folder := range folders {
			if name := root + "/" + folder.Name(); folder.IsDir() && !shown[name] && name != "internal/cmd" {
				t.Errorf("CONTRIBUTING.md: the tree lacks %s", name)
			}
		}
	}
}
