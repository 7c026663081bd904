package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestRunTellsTheWholeStory(t *testing.T) {
	t.Parallel()
	if _, err := findTerraform(); err != nil {
		t.Skipf("no terraform or tofu to tell the story with: %v", err)
	}
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatalf("run: %v\n%s", err, &out)
	}
	for n, step := range story() {
		line := tableLine(t, out.String(), step.title)
		if !strings.Contains(line, " ok ") {
			t.Errorf("step %d is not ok in the table: %q", n+1, line)
		}
	}
	if strings.Contains(out.String(), "development overrides") {
		t.Errorf("the warning about dev_overrides is shown:\n%s", &out)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	signal := errors.New("interrupt")
	cancel(signal)
	var out bytes.Buffer
	if err := run(ctx, &out); !errors.Is(err, signal) {
		t.Errorf("run: %v, want %v", err, signal)
	}
}

// passing is a step that holds on a cloud that nobody touches.
func passing(title string) step {
	return step{
		title: title, site: source,
		act: func(context.Context, *stage) ([]check, error) { return []check{{"one", 1, 1}}, nil },
	}
}

func TestPlayFailsWithTheFirstStepThatFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(*step)
		want  string
	}{
		{
			name: "a check of the step",
			spoil: func(s *step) {
				s.act = func(context.Context, *stage) ([]check, error) { return []check{{"the moon", "cheese", "rock"}}, nil }
			},
			want: "step 2, Culprit: the moon: cheese, not rock",
		},
		{
			name:  "the switches",
			spoil: func(s *step) { s.switches = 1 },
			want:  "step 2, Culprit: switches that the cloud accepted from Terraform: 0, not 1",
		},
		{
			name:  "the site",
			spoil: func(s *step) { s.site = target },
			want:  "step 2, Culprit: the group in the cloud: protected at source, not protected at target",
		},
		{
			name: "the step itself",
			spoil: func(s *step) {
				s.act = func(context.Context, *stage) ([]check, error) { return nil, errors.New("exit status 1") }
			},
			want: "step 2, Culprit: exit status 1",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			steps := []step{passing("Before"), passing("Culprit"), passing("After")}
			test.spoil(&steps[1])
			steps[2].act = func(context.Context, *stage) ([]check, error) {
				t.Error("the step after the failed one was played")
				return nil, nil
			}

			var out bytes.Buffer
			s := newStage(&out)
			err := s.play(t.Context(), steps)
			if err == nil || err.Error() != test.want {
				t.Errorf("play: %v, want %s", err, test.want)
			}
			for title, outcome := range map[string]string{"Before": " ok ", "Culprit": " FAILED ", "After": " skipped "} {
				if line := tableLine(t, out.String(), title); !strings.Contains(line, outcome) {
					t.Errorf("%q is not%sin the table", line, outcome)
				}
			}
		})
	}
}

func TestAwaitRestIsBounded(t *testing.T) {
	t.Parallel()
	s := newStage(&bytes.Buffer{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := s.awaitRest(ctx, target); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("awaitRest: %v, want %v", err, context.DeadlineExceeded)
	}
}

func newStage(out *bytes.Buffer) *stage {
	group := simulator.DemoGroup()
	return &stage{out: out, cloud: simulator.New(simulator.WithGroups(group)), group: group.ID}
}

// tableLine returns the line of the table about a step.
func tableLine(t *testing.T, out, title string) string {
	t.Helper()
	_, table, found := strings.Cut(out, "=== What happened ===")
	if !found {
		t.Fatalf("no table in:\n%s", out)
	}
	for line := range strings.Lines(table) {
		if strings.Contains(line, title) {
			return line
		}
	}
	t.Fatalf("no line about %q in:\n%s", title, table)
	return ""
}
