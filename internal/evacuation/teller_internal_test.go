package evacuation

import (
	"slices"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// A group has a line every ten seconds at most, and of those that came too fast the last one, as soon as it is due.
func TestTeller(t *testing.T) {
	t.Parallel()
	clock := simulator.NewManualClock(time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC))
	var said []string
	r := newTeller(clock, func(line string) { said = append(said, line) })
	for _, step := range []struct {
		after    time.Duration
		id, line string
	}{
		{0, "a", "a0"},
		{time.Second, "b", "b1"},
		{time.Second, "a", "a2"},
		{time.Second, "a", "a3"},
		{7 * time.Second, "b", "b10"},
		{time.Second, "b", "b11"},
		{9 * time.Second, "a", "a20"},
	} {
		clock.Advance(step.after)
		r.tell(step.id, step.line)
	}
	if want := []string{"a0", "b1", "a3", "b11", "a20"}; !slices.Equal(said, want) {
		t.Errorf("said %v, want %v", said, want)
	}
}
