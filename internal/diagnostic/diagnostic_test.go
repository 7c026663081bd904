package diagnostic_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

func TestEntriesAreComplete(t *testing.T) {
	t.Parallel()
	type kind struct {
		title    string
		severity diag.Severity
	}
	seen := map[kind]bool{}
	for _, section := range diagnostic.Sections() {
		for _, entry := range section.Entries {
			for _, title := range entry.Titles {
				if title == "" || len(title) > 60 {
					t.Errorf("%q has %d characters, want 60 at most", title, len(title))
				}
				if seen[kind{title, entry.Severity}] {
					t.Errorf("%s is there twice", title)
				}
				seen[kind{title, entry.Severity}] = true
			}
			if len(entry.Titles) == 0 || !strings.HasSuffix(entry.Meaning, ".") || !strings.HasSuffix(entry.Remedy, ".") {
				t.Errorf("%s is not complete", entry.Heading)
			}
		}
	}
	for _, code := range diagnostic.Codes {
		if diagnostic.Remedy(code.Code, "") != code.Remedy || !strings.HasSuffix(code.Meaning, ".") || !strings.HasSuffix(code.Remedy, ".") {
			t.Errorf("%s is there twice, or not complete", code.Code)
		}
	}
	if text := diagnostic.Remedy("SDRS.9999", "Look."); text != "Look." {
		t.Errorf("the remedy of an unknown code is %q", text)
	}
}

// TestEntriesAreUsed looks for each kind and family in the sources: one that nothing prints does not belong in the guide.
func TestEntriesAreUsed(t *testing.T) {
	t.Parallel()
	var sources strings.Builder
	root := os.DirFS("..")
	for _, dir := range []string{"provider", "protectiongroup"} {
		files, err := fs.Glob(root, dir+"/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			content, err := fs.ReadFile(root, file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(file, "_test.go") {
				sources.Write(content)
			}
		}
	}
	kinds := 0
	for _, file := range []string{"catalogue.go", "operations.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || !spec.Names[0].IsExported() || spec.Names[0].Name == "Invalid" {
				return true
			}
			kinds++
			if !regexp.MustCompile(`diagnostic\.` + spec.Names[0].Name + `\b`).MatchString(sources.String()) {
				t.Errorf("nothing prints %s", spec.Names[0].Name)
			}
			return true
		})
	}
	if kinds == 0 {
		t.Error("no kinds found")
	}
}

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		got, want diag.Diagnostic
	}{
		{diagnostic.LoginFailed.New("why"), diag.NewErrorDiagnostic("Login Failed", "why")},
		{diagnostic.GroupNotRefreshed.New("why"), diag.NewWarningDiagnostic("Protection Group Not Refreshed", "why")},
		{diagnostic.InvalidURL.On(path.Root("auth_url"), "why"), diag.NewAttributeErrorDiagnostic(path.Root("auth_url"), "Invalid URL", "why")},
		{diagnostic.ListNotReadable.Of("quotas").New("why"), diag.NewErrorDiagnostic("Quotas Not Readable", "why")},
		{diagnostic.NotReadyYet.Of("failover").New("why"), diag.NewWarningDiagnostic("Failover Not Ready", "why")},
		{diagnostic.NotReady.Of("failover").New("why"), diag.NewErrorDiagnostic("Failover Not Ready", "why")},
		{diagnostic.Refused.Of("another operation").New("why"), diag.NewErrorDiagnostic("Protection Group Operation Failed", "why")},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("got %v, want %v", test.got, test.want)
		}
	}
}

func TestOperationsAreKnown(t *testing.T) {
	t.Parallel()
	for _, operation := range failover.Operations(sdrs.Target) {
		if diagnostic.Refused.Of(operation.Name).New("").Equal(diagnostic.OperationFailed.New("")) {
			t.Errorf("there is no title for a %s", operation.Name)
		}
	}
}
