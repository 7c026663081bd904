package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestRunTellsTheWholeStory(t *testing.T) {
	t.Parallel()
	if _, err := tftest.FindTerraform(); err != nil {
		t.Skipf("no terraform or tofu to tell the story with: %v", err)
	}
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatalf("run: %v\n%s", err, &out)
	}
	_, table, _ := strings.Cut(out.String(), "=== What happened ===")
	if n := strings.Count(table, " ok "); n != len(story) {
		t.Errorf("%d steps are ok, want %d:\n%s", n, len(story), table)
	}
	if strings.Contains(out.String(), "development overrides") {
		t.Errorf("the warning about dev_overrides is shown:\n%s", &out)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v, want %v", err, context.Canceled)
	}
}

// A step that does not do what it says is an error.
func TestVerifyNamesWhatFailed(t *testing.T) {
	t.Parallel()
	s := &stage{workspace: &tftest.Workspace{Simulator: simulator.New(simulator.WithGroups(simulator.DemoGroup()))}}
	well := step{says: []string{"1 changed"}, switches: 1, site: source}
	if err := s.verify(well, "0 added, 1 changed", 1); err != nil {
		t.Error(err)
	}
	for want, err := range map[string]error{
		`Terraform does not say "1 changed"`:                     s.verify(well, "No changes.", 1),
		"the cloud accepted 2 switches, not 1":                   s.verify(well, "1 changed", 2),
		"the group is protected at source, not protected at tar": s.verify(step{site: target}, "", 0),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
