package e2e_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// repository is this one, where the examples and the pages are.
var repository = os.DirFS("../..")

// example is a folder below examples/ or a configuration in a page, and its files by name.
type example struct {
	name  string
	files map[string]string
}

// matching returns the names of the files that match a pattern.
func (e example) matching(pattern string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(e.files)), func(name string) bool {
		matches, err := path.Match(pattern, name)
		return err != nil || !matches
	})
}

// TestAccExamples runs every example, and every whole configuration that a page prints, against the simulator: what it
// finds there, and by what a file's name says about its use.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	examples := map[string]example{}
	err := fs.WalkDir(repository, "examples", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(repository, file)
		name := strings.TrimPrefix(path.Dir(file), "examples/")
		if _, found := examples[name]; !found {
			examples[name] = example{name: name, files: map[string]string{}}
		}
		examples[name].files[path.Base(file)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(examples, "drill-test") // TestAccDrillTest runs it.
	for name := range scenes {
		if _, found := examples[name]; !found {
			t.Errorf("there is a scene for %s, and no such example", name)
		}
	}
	for name, found := range examples {
		if !strings.HasPrefix(name, "modules/") { // They are applied by who calls them.
			t.Run(name, found.run)
		}
	}
	for name, configuration := range printed(t) {
		t.Run(name, example{name: name, files: map[string]string{"main.tf": configuration}}.apply)
	}
}

var block = regexp.MustCompile("(?s)\n```(?:terraform|hcl)\n(.*?)\n```")

// printed returns the whole configurations in README.md and the templates of the pages.
func printed(t *testing.T) map[string]string {
	t.Helper()
	pages := []string{"README.md"}
	err := fs.WalkDir(repository, "templates", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			pages = append(pages, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, page := range pages {
		content, err := fs.ReadFile(repository, page)
		if err != nil {
			t.Fatal(err)
		}
		for n, match := range block.FindAllStringSubmatch(string(content), -1) {
			if strings.Contains(match[1], "required_providers") {
				found[fmt.Sprintf("%s, block %d", page, n+1)] = match[1]
			}
		}
	}
	return found
}

// run runs an example by the names of its files.
func (e example) run(t *testing.T) {
	t.Parallel()
	known := 0
	use := func(pattern string, run func(*testing.T, string)) {
		for _, name := range e.matching(pattern) {
			known++
			t.Run(name, func(t *testing.T) { run(t, name) })
		}
	}
	for _, name := range []string{"main.tf", "provider.tf", "resource.tf", "data-source.tf", "action.tf"} {
		use(name, func(t *testing.T, _ string) { e.apply(t) })
	}
	use("import-by-*.tf", e.importByBlock)
	use("import.sh", e.importByCommand)
	use("*.tfquery.hcl", e.query)
	use("*.json", e.policy)
	use("*.tftest.hcl", e.test)
	use("*_test.rego", e.rego)
	known += len(e.matching("job.sh")) + len(e.matching("prometheus.sh")) + len(e.matching("*.tfmock.hcl")) + // Run by apply, and by test.
		len(e.matching("*[^t].rego")) + len(e.matching("README.md"))
	if known != len(e.files) {
		t.Errorf("of %v some are of no kind that this test knows how to run", slices.Sorted(maps.Keys(e.files)))
	}
}

var (
	sourceLine  = regexp.MustCompile(`source\s*=\s*"([^"]+)"`)
	actionBlock = regexp.MustCompile(`(?m)^action "(\w+)" "(\w+)"`)
	listBlock   = regexp.MustCompile(`(?m)^list "(\w+)" "(\w+)"`)
	identity    = regexp.MustCompile(`(?m)^ *identity = {`)
	commandLine = regexp.MustCompile(`(?m)^# +terraform (.+)$`)
)

// workspace returns a folder with some of the example's files, whose simulator has the scene's groups.
func (e example) workspace(t *testing.T, names ...string) *workspace {
	t.Helper()
	w := newWorkspace(t, simulator.WithJobDuration(100*time.Millisecond),
		simulator.WithServerJobDuration(100*time.Millisecond), simulator.WithGroups(orders(), archive()),
		simulator.WithEstate(simulator.EmptyEstate()))
	all := ""
	for _, name := range names {
		all += e.files[name]
	}
	switch {
	case actionBlock.MatchString(all), listBlock.MatchString(all):
		w.Needs(t, "actions and terraform query", tfversion.Version1_14_0)
	case identity.MatchString(all):
		w.Needs(t, "import by identity", tfversion.Version1_12_0)
	}
	modules := map[string]bool{}
	for _, source := range sourceLine.FindAllStringSubmatch(all, -1) {
		switch {
		case strings.HasPrefix(source[1], "../"):
			modules[source[1]] = true
		case source[1] != "terraform-sdrs/sdrs" && source[1] != "./": // The latter is a folder of mocks.
			t.Skipf("needs the provider %s, too", source[1])
		}
	}
	w.Write(t, "main.tf", "")
	if !strings.Contains(all, "required_providers") {
		w.Write(t, "main.tf", required)
	}
	for _, name := range names {
		w.Write(t, name, e.files[name])
	}
	for module := range modules {
		found, err := fs.Sub(repository, path.Join("examples", e.name, module))
		if err == nil {
			err = os.CopyFS(filepath.Join(w.Dir, module), found)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(modules) > 0 {
		w.Run(t, "get")
	}
	w.Environment = append(w.Environment, "TF_VAR_priority_station=source",
		"PATH="+w.Dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	if err := os.Symlink(w.Terraform, filepath.Join(w.Dir, "terraform")); err != nil {
		t.Fatal(err)
	}
	if prepare := scenes[e.name].prepare; prepare != nil {
		prepare(t, w)
	}
	return w
}

// configuration returns the names of the files that are applied together.
func (e example) configuration() []string {
	return slices.DeleteFunc(e.matching("*.tf"), func(name string) bool { return strings.HasPrefix(name, "import-by-") })
}

// apply applies the example, runs the commands in its comments and its script, and destroys it. Between them nothing is
// left to change.
func (e example) apply(t *testing.T) {
	t.Parallel()
	w := e.workspace(t, e.configuration()...)
	output := w.Run(t, "apply", "-auto-approve")
	if says := scenes[e.name].says; !strings.Contains(unwrapped(output), says) {
		t.Errorf("%q is not in\n%s", says, output)
	}
	w.wantSettled(t)
	var variables []string
	for _, name := range e.configuration() {
		commands := ""
		for _, match := range commandLine.FindAllStringSubmatch(e.files[name], -1) {
			arguments := strings.Fields(match[1])
			if arguments[0] == "apply" {
				arguments = slices.Insert(arguments, 1, "-auto-approve")
			}
			w.Run(t, arguments...)
			variables = nil
			for n, argument := range arguments {
				if argument == "-var" {
					variables = append(variables, arguments[n:n+2]...)
				}
			}
			w.wantSettled(t, variables...)
			commands += match[1] + "\n"
		}
		for _, match := range actionBlock.FindAllStringSubmatch(e.files[name], -1) {
			address := "action." + match[1] + "." + match[2]
			if strings.HasPrefix(e.name, "actions/") && !strings.Contains(commands, "-invoke="+address+"\n") {
				t.Errorf("no comment in %s invokes %s", name, address)
			}
		}
	}
	for _, name := range e.matching("job.sh") {
		w.Write(t, name, e.files[name])
		w.RunExit(t, 0, "sh", name)
	}
	if then := scenes[e.name].then; then != nil {
		then(t, w)
	}
	if w.manages(t) { // Data sources leave nothing to destroy.
		w.Run(t, slices.Concat([]string{"destroy", "-auto-approve"}, variables)...)
	}
	e.wantAccepted(t, w, func(s scene) map[string]int { return s.accepted })
}

// importByBlock imports what the example declares, in place of creating it. To destroy that is left to the import by
// command.
func (e example) importByBlock(t *testing.T, name string) {
	t.Parallel()
	w := e.workspace(t, append(e.configuration(), name)...)
	output := w.Run(t, "apply", "-auto-approve")
	if !strings.Contains(output, "Resources: 1 imported, 0 added, 0 changed, 0 destroyed.") {
		t.Errorf("it did more than import:\n%s", output)
	}
	w.wantSettled(t)
	e.wantAccepted(t, w, func(scene) map[string]int { return nil })
}

// importByCommand runs the example's script, in place of creating what it declares.
func (e example) importByCommand(t *testing.T, name string) {
	t.Parallel()
	w := e.workspace(t, append(e.configuration(), name)...)
	w.RunExit(t, 0, "sh", name)
	output := w.Run(t, "apply", "-auto-approve")
	if !strings.Contains(output, "Resources: 0 added, 0 changed, 0 destroyed.") {
		t.Errorf("something was left to do after the import:\n%s", output)
	}
	w.wantSettled(t)
	w.Run(t, "destroy", "-auto-approve")
	e.wantAccepted(t, w, imported)
}

// query lists what the example asks for.
func (e example) query(t *testing.T, name string) {
	t.Parallel()
	w := e.workspace(t, name)
	output := w.Run(t, "query")
	for _, match := range listBlock.FindAllStringSubmatch(e.files[name], -1) {
		if address := "list." + match[1] + "." + match[2]; !strings.Contains(output, address+" ") {
			t.Errorf("%s found nothing:\n%s", address, output)
		}
	}
	e.wantAccepted(t, w, func(s scene) map[string]int { return s.accepted })
}

// test runs the tests of a module, whose mocks stand in for the cloud.
func (e example) test(t *testing.T, _ string) {
	t.Parallel()
	w := e.workspace(t, slices.Sorted(maps.Keys(e.files))...)
	w.Needs(t, "mocks in files", tfversion.Version1_7_0)
	if output := w.Run(t, "test"); !strings.Contains(output, "Success! 2 passed, 0 failed.") {
		t.Errorf("the tests of the module did not run:\n%s", output)
	}
	if asked := len(w.Requests()); asked > 0 {
		t.Errorf("%d requests reached a cloud", asked)
	}
}

// TestAccMocks applies the example of every noun, and the module that hands ids from one to the other, with the mocks:
// each noun has one, its values are of the right types, and its ids are taken.
func TestAccMocks(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.Needs(t, "mocks in files", tfversion.Version1_7_0)
	mocks := readRepository(t, "examples/mocks/sdrs.tfmock.hcl")
	w.Write(t, "sdrs.tfmock.hcl", mocks)
	w.Write(t, "main.tf", required)
	run := func(name, module, variables string) string {
		if err := os.Mkdir(filepath.Join(w.Dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		w.Write(t, name+"/main.tf", module)
		return fmt.Sprintf("run %q {\n  module {\n    source = %q\n  }\n  variables {\n%s\n  }\n}\n", name, "./"+name, variables)
	}
	runs := "mock_provider \"sdrs\" {\n  source = \"./\"\n}\n"
	for kind, block := range map[string]string{"resource": "mock_resource", "data-source": "mock_data"} {
		files, err := fs.Glob(repository, "examples/"+kind+"s/*/"+kind+".tf")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			noun := path.Base(path.Dir(file))
			runs += run(kind+"-"+noun, required+readRepository(t, file), "")
			// Terraform mocks no lists of objects, and the data sources that find many have nothing else.
			many := strings.HasSuffix(noun, "s") && !strings.HasSuffix(noun, "ss")
			if !many && !strings.Contains(mocks, block+` "`+noun+`"`) {
				t.Errorf("there is no %s for %s", block, noun)
			}
		}
	}
	application := readRepository(t, "examples/modules/protected-application/main.tf")
	const variables = `
    name                     = "web-shop"
    vpc_id                   = "b1cbd3a7-0e54-4f1c-9d8e-6a2f7c5b4d30"
    source_availability_zone = "eu-de-01"
    target_availability_zone = "eu-de-02"
    servers                  = { web-shop-1 = "3f6a1c2d-5b4e-4a7f-8d90-1e2c3b4a5d6f" }
    disks = { data = {
      volume_id = "a4c2e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e8f", server = "web-shop-1", device = "/dev/vdb"
    } }`
	runs += run("application", application, variables)
	nowhere := run("nowhere", application, variables+"\n    active_availability_zone = \"\"")
	runs += strings.TrimSuffix(nowhere, "}\n") + "  command = plan\n  expect_failures = [var.active_availability_zone]\n}\n"
	w.Write(t, "mocks.tftest.hcl", runs)
	w.Run(t, "get")
	if output := w.Run(t, "test"); strings.Count(output, "... pass") < 20 {
		t.Errorf("not all tests ran:\n%s", output)
	}
}

// rego runs the tests of a policy, where there is Open Policy Agent.
func (e example) rego(t *testing.T, _ string) {
	t.Parallel()
	opa, err := exec.LookPath("opa")
	if err != nil {
		t.Skip("needs opa on PATH")
	}
	w := e.workspace(t, slices.Sorted(maps.Keys(e.files))...)
	w.RunExit(t, 0, opa, "test", "--v1-compatible", ".")
}

var policyAction = regexp.MustCompile(`^(ecs|evs):[a-zA-Z]+:[a-zA-Z]+$`)

// policy reads a custom policy as IAM does, whose syntax has these fields alone.
func (e example) policy(t *testing.T, name string) {
	t.Parallel()
	var policy struct {
		Version   string
		Statement []struct {
			Effect string
			Action []string
		}
	}
	decoder := json.NewDecoder(strings.NewReader(e.files[name]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&policy); err != nil {
		t.Fatal(err)
	}
	if policy.Version != "1.1" || len(policy.Statement) == 0 {
		t.Errorf("version %q with %d statements, want 1.1 with some", policy.Version, len(policy.Statement))
	}
	effects := map[string]string{}
	for _, statement := range policy.Statement {
		if statement.Effect != "Allow" && statement.Effect != "Deny" {
			t.Errorf("effect %q", statement.Effect)
		}
		for _, action := range statement.Action {
			if !policyAction.MatchString(action) {
				t.Errorf("%q is no action of a service that has actions", action)
			}
			if effects[action] != "" {
				t.Errorf("%s is there twice", action)
			}
			effects[action] = statement.Effect
		}
	}
	if effects["ecs:cloudServers:showServer"] != "Allow" {
		t.Error("it does not allow to read a server, which each check of readiness needs")
	}
}

// manages reports whether there is a resource in the state.
func (w *workspace) manages(t *testing.T) bool {
	t.Helper()
	return strings.Contains(w.Read(t, "terraform.tfstate"), `"mode": "managed"`)
}

// wantSettled plans, and wants nothing to change. Without a resource there is nothing that could: what data sources
// tell is the same twice, as TestAccDataSources_agree shows.
func (w *workspace) wantSettled(t *testing.T, arguments ...string) {
	t.Helper()
	if !w.manages(t) {
		return
	}
	w.Run(t, append([]string{"plan", "-detailed-exitcode"}, arguments...)...) // Fails where there are changes.
}

// imported has a scene say what the cloud accepts where something is imported.
func imported(s scene) map[string]int {
	if s.imported == nil {
		return s.accepted
	}
	return s.imported
}

// wantAccepted compares the actions that the cloud accepted with those of the scene.
func (e example) wantAccepted(t *testing.T, w *workspace, says func(scene) map[string]int) {
	t.Helper()
	accepted := map[string]int{}
	for _, request := range w.Requests() {
		if request.Accepted {
			accepted[request.Action]++
		}
	}
	if want := says(scenes[e.name]); !maps.Equal(accepted, want) {
		t.Errorf("the cloud accepted %v, want %v", accepted, want)
	}
	if len(w.Requests()) == 0 {
		t.Error("it asked the cloud for nothing")
	}
}
