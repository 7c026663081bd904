package e2e_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// page is one of the documentation: its parts in order, each under the last heading.
type page []part

// part is what a page has between two lines of prose that matter: a block of code, or a change to make in the
// configuration.
type part struct {
	heading, language, text string
	// reason is why a block is not run; empty: it is.
	reason string
}

var (
	pagePart = regexp.MustCompile(
		"(?ms)^(##+ [^\n]*)$|^(?:<!-- ([^\n]*) -->\n)?```(\\w*)\n(.*?)^```|Set\\s+`(\\w+ = \"\\w+\")`",
	)
	// changing is what another run prints differently.
	changing = regexp.MustCompile(
		`ff[0-9a-f]{30}|\b[0-9.]+s\b|\b[0-9]+ %|_seconds" = [0-9]+|time="[0-9.]+"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z`,
	)
)

// readRepository reads a file of this repository.
func readRepository(t *testing.T, name string) string {
	t.Helper()
	content, err := fs.ReadFile(repository, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// template reads what a page of docs/ is made from.
func template(t *testing.T, name string) string {
	t.Helper()
	name = "templates/" + name
	if _, err := fs.Stat(repository, name+".tmpl"); err == nil {
		name += ".tmpl"
	}
	return readRepository(t, name)
}

// readPage takes the template of a page apart.
func readPage(t *testing.T, name string) page {
	t.Helper()
	var parts page
	heading := ""
	for _, found := range pagePart.FindAllStringSubmatch(template(t, name), -1) {
		switch {
		case found[1] != "":
			heading = found[1]
		case found[5] != "":
			parts = append(parts, part{heading: heading, language: "set", text: found[5]})
		default:
			parts = append(parts, part{heading, found[3], found[4], found[2]})
		}
	}
	return parts
}

// output returns the first block of output below a heading.
func (p page) output(t *testing.T, heading string) string {
	t.Helper()
	return p.block(t, heading, "")
}

// block returns the first block in a language below a heading.
func (p page) block(t *testing.T, heading, language string) string {
	t.Helper()
	for _, part := range p {
		if part.heading == heading && part.language == language {
			return part.text
		}
	}
	t.Fatalf("the page has no block of this kind below %s", heading)
	return ""
}

// needs skips a test of a page whose commands use a program that is not here.
func (p page) needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the page uses %s", program)
		}
	}
}

// run runs the shell blocks of a page, each in the folder of its heading, and with yes to each question, makes the
// changes that the page asks for (Set `argument = "value"`), and compares what was printed with the blocks of text, or of
// configuration, that follow. A block with a reason next to it is left out.
func (p page) run(t *testing.T, folder func(heading string) *workspace) {
	t.Helper()
	output, heading := "", "none"
	var w *workspace
	for _, part := range p {
		if part.heading != heading {
			heading = part.heading
			w = folder(heading)
		}
		switch {
		case part.reason != "":
		case part.language == "set":
			argument, _, _ := strings.Cut(part.text, " ")
			assignment := regexp.MustCompile(`(?m)^( +` + argument + ` +)= "\w+"`)
			_, value, _ := strings.Cut(part.text, "= ")
			w.Write(t, "main.tf", assignment.ReplaceAllString(w.Read(t, "main.tf"), "${1}= "+value))
		case part.language == "shell":
			output = w.shell(t, part.text)
			transcript(t, part.heading+": "+part.text, output)
		case part.language == "", part.language == "terraform":
			wantPrinted(t, part.text, output)
		}
	}
}

// shell runs the commands of a block as a user would paste them, who answers yes. It returns all that they print, and
// the exit code if that is not 0.
func (w *workspace) shell(t *testing.T, commands string) string {
	t.Helper()
	if _, err := os.Lstat(filepath.Join(w.Dir, "terraform")); err != nil {
		if err := os.Symlink(w.Terraform, filepath.Join(w.Dir, "terraform")); err != nil {
			t.Fatal(err)
		}
	}
	w.Write(t, "block.sh", commands)
	w.Environment = append(w.Environment, "TF_INPUT=1", "PATH="+w.Dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return w.RunExit(t, 0, "sh", "-c", "yes yes | sh -e block.sh || echo exit code $?")
}

// wantPrinted wants the lines of a page in an output, in this order, but for what changes from run to run. Three points
// at the beginning or the end of a line stand for what was left out there.
func wantPrinted(t *testing.T, want, output string) {
	t.Helper()
	plain := func(text string) string { return strings.TrimSpace(changing.ReplaceAllString(text, "N")) }
	rest := strings.Split(output, "\n")
lines:
	for line := range strings.Lines(want) {
		text, openEnd := strings.CutSuffix(plain(line), " ...")
		text, openStart := strings.CutPrefix(text, "... ")
		if text == "" || text == "..." {
			continue
		}
		for n, printed := range rest {
			printed = plain(printed)
			at := strings.Index(printed, text)
			if at >= 0 && (openStart || at == 0) && (openEnd || at+len(text) == len(printed)) {
				rest = rest[n+1:]
				continue lines
			}
		}
		t.Errorf("the page has %q, which is not, or not there, in\n%s", strings.TrimSpace(line), output)
		return
	}
}
