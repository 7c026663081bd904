package sdrs

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// A list answers those who asked before it began, and nobody else. Each takes a second, and names when it began.
func TestReadsAreGathered(t *testing.T) {
	t.Parallel()
	type ask struct {
		at        time.Duration
		id, group string
		gives     time.Duration // Gives up after this; 0: never.
		want      string        // When the list began that answered; empty: none did.
		alone     time.Duration // How long its own read takes, where none did.
	}
	many := func(n int, a ask) []ask { return slices.Repeat([]ask{a}, n) }
	const window, s = 20 * time.Millisecond, time.Second
	for name, test := range map[string]struct {
		asks []ask
		err  error
		want []string // The lists: when, and of which group.
	}{
		"alone":               {asks: []ask{{id: "1"}}},
		"one after the other": {asks: []ask{{id: "1"}, {at: s, id: "1"}, {at: 2 * s, id: "1"}}},
		"while one reads alone": {
			asks: []ask{
				{id: "1", alone: window / 2},
				{at: window + time.Millisecond, id: "1", want: "30ms"},
				{at: window + 2*time.Millisecond, id: "2", want: "30ms"},
			},
			want: []string{"30ms "},
		},
		"while one reads alone for long": { // It is not waited for.
			asks: []ask{
				{id: "1", alone: s},
				{at: window + time.Millisecond, id: "1", want: "40ms"},
				{at: window + 2*time.Millisecond, id: "2", want: "40ms"},
			},
			want: []string{"40ms "},
		},
		"together":                 {asks: []ask{{id: "1", group: "a", want: "20ms"}, {id: "2", group: "a", want: "20ms"}}, want: []string{"20ms a"}},
		"of several groups":        {asks: []ask{{id: "1", group: "a", want: "20ms"}, {id: "2", group: "b", want: "20ms"}}, want: []string{"20ms "}},
		"one is not listed":        {asks: []ask{{id: "9"}, {id: "2", want: "20ms"}}, want: []string{"20ms "}},
		"one is listed twice":      {asks: []ask{{id: "twice"}, {id: "2", want: "20ms"}}, want: []string{"20ms "}},
		"the list fails":           {asks: slices.Concat(many(2, ask{id: "1"}), many(2, ask{at: 2 * s, id: "1"})), err: &cloud.APIError{Status: 503}, want: []string{"20ms ", "2.02s "}},
		"lists are not allowed":    {asks: slices.Concat(many(2, ask{id: "1"}), many(2, ask{at: 2 * s, id: "1"})), err: &cloud.APIError{Status: 403}, want: []string{"20ms "}},
		"one gives up":             {asks: []ask{{id: "1", gives: s / 2}, {id: "2", want: "20ms"}}, want: []string{"20ms "}},
		"all give up, others come": {asks: slices.Concat(many(2, ask{id: "1", gives: s / 2}), many(2, ask{at: 600 * time.Millisecond, id: "1", want: "600ms"})), want: []string{"20ms ", "600ms "}},
		"while a list is read": {
			asks: slices.Concat(many(3, ask{id: "1", want: "20ms"}), many(2, ask{at: s / 2, id: "2", want: "1.22s"})),
			want: []string{"20ms ", "1.22s "},
		},
		"whoever was answered comes back": { // As many as before need not wait for more.
			asks: slices.Concat(many(3, ask{id: "1", want: "20ms"}), many(3, ask{
				at: s + window + time.Millisecond, id: "2",
				want: "1.021s",
			})),
			want: []string{"20ms ", "1.021s "},
		},
		"whoever was answered comes back slowly": { // The first is waited for, and then the next.
			asks: slices.Concat(many(3, ask{id: "1", want: "20ms"}), []ask{
				{at: s + 200*time.Millisecond, id: "1", want: "1.5s"},
				{at: s + 350*time.Millisecond, id: "2", want: "1.5s"},
				{at: s + 500*time.Millisecond, id: "2", want: "1.5s"},
			}),
			want: []string{"20ms ", "1.5s "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin, lists := time.Now(), []string{}
				g := newGathering(newRounds(window), func(ctx context.Context, groupID string) ([]string, error) {
					at := time.Since(begin).String()
					lists = append(lists, at+" "+groupID)
					select {
					case <-time.After(s):
					case <-ctx.Done():
						return nil, ctx.Err()
					}
					return []string{"1 " + at, "2 " + at, "twice " + at, "twice " + at}, test.err
				}, func(thing string) string { id, _, _ := strings.Cut(thing, " "); return id })
				var wait sync.WaitGroup
				for n, a := range test.asks {
					wait.Go(func() {
						<-time.After(a.at) // Of the bubble: it takes no time.
						ctx := t.Context()
						if a.gives > 0 {
							limited, cancel := context.WithTimeout(ctx, a.gives)
							defer cancel()
							ctx = limited
						}
						found, ok, done := g.find(ctx, a.group, a.id)
						<-time.After(a.alone)
						done()
						if want := a.id + " " + a.want; ok != (a.want != "") || ok && found != want {
							t.Errorf("read %d: got %q %v, want %q", n, found, ok, want)
						}
					})
				}
				wait.Wait()
				<-time.After(time.Minute) // Nobody waits any longer.
				if !slices.Equal(lists, test.want) {
					t.Errorf("lists %q, want %q", lists, test.want)
				}
			})
		})
	}
}
