package main

import (
	"bytes"
	"context"
	"errors"
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
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, &bytes.Buffer{}, false); !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v, want %v", err, context.Canceled)
	}
}
