package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
)

func TestDiagnosticsAreComplete(t *testing.T) {
	t.Parallel()
	type kind struct {
		title    string
		severity diag.Severity
	}
	seen := map[kind]bool{}
	for _, section := range provider.Diagnostics() {
		for _, listed := range section.Kinds {
			if listed.Title == "" || len(listed.Title) > 60 {
				t.Errorf("%q has %d characters, want 60 at most", listed.Title, len(listed.Title))
			}
			if seen[kind{listed.Title, listed.Severity}] {
				t.Errorf("%s is there twice", listed.Title)
			}
			seen[kind{listed.Title, listed.Severity}] = true
			if !strings.HasSuffix(listed.Meaning, ".") || !strings.HasSuffix(listed.Remedy, ".") {
				t.Errorf("%s is not complete", listed.Title)
			}
		}
	}
}

// TestDiagnosticsAreListed finds kinds that no section lists, which the guide would lack.
func TestDiagnosticsAreListed(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, section := range provider.Diagnostics() {
		for _, kind := range section.Kinds {
			listed[kind.Title] = true
		}
	}
	made := 0
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 {
				return true
			}
			name := call.Fun
			if selector, qualified := name.(*ast.SelectorExpr); qualified {
				name = selector.Sel
			}
			title, literal := call.Args[0].(*ast.BasicLit)
			if of, named := name.(*ast.Ident); !literal || !named || of.Name != "Error" && of.Name != "Warning" {
				return true
			}
			made++
			if text, err := strconv.Unquote(title.Value); err != nil || !listed[text] {
				t.Errorf("%s: no section lists %s", path, title.Value)
			}
			return true
		})
		return nil
	})
	if err != nil || made < len(listed) {
		t.Errorf("%d kinds made, %d listed: %v", made, len(listed), err)
	}
}
