package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestRunTellsTheWholeStory(t *testing.T) {
	t.Parallel()
	if _, err := tftest.FindTerraform(); err != nil {
		t.Skipf("no terraform or tofu to tell the story with: %v", err)
	}
	var out bytes.Buffer
	if err := run(t.Context(), &out, false); err != nil {
		t.Fatalf("run: %v\n%s", err, &out)
	}
	_, table, _ := strings.Cut(out.String(), "=== What happened ===")
	if n := strings.Count(table, " ok "); n != len(webShop)+len(estate) {
		t.Errorf("%d steps are ok, want %d:\n%s", n, len(webShop)+len(estate), table)
	}
	if strings.Contains(out.String(), "development overrides") {
		t.Errorf("the warning about dev_overrides is shown:\n%s", &out)
	}
	told := changing.ReplaceAllString(strings.ReplaceAll(out.String(), "$ tofu ", "$ terraform "), "")
	if shown := pictured(t); shown != told {
		t.Errorf("docs/images/demo.svg is not of this story, make demo-svg:\n%s\nwant\n%s", shown, told)
	}
}

// changing are numbers, which no two stories have in common, and the spaces that they move, or that a line ends with.
var changing = regexp.MustCompile(`[0-9.\s]+`)

// pictured is the text in the picture.
func pictured(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("../../../docs/images/demo.svg")
	if err != nil {
		t.Fatal(err)
	}
	var picture struct {
		Lines []string `xml:"g>g>text"`
	}
	if err := xml.Unmarshal(content, &picture); err != nil || len(content) > 100_000 {
		t.Fatalf("%d bytes: %v", len(content), err)
	}
	return changing.ReplaceAllString(strings.Join(picture.Lines, ""), "")
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, &bytes.Buffer{}, false); !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v, want %v", err, context.Canceled)
	}
}
