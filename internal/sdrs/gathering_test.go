package sdrs_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// What is read together is what is read alone, and only that finds that there is no such thing.
func TestObserving(t *testing.T) {
	t.Parallel()
	demo := simulator.DemoGroup()
	client, sim := newClient(t, demo, simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "other", 1, 1))
	client.Gathering(200 * time.Millisecond)
	const gone = "00000000-0000-4000-8000-000000000000"
	for name, test := range map[string]struct {
		id, one, list string
		alone         func(id string) (any, error)
		together      func(id string) (any, error)
		notFound      func(error) bool
	}{
		"groups": {
			demo.ID, simulator.RouteGroup, simulator.RouteGroups,
			func(id string) (any, error) { return client.Group(t.Context(), id) },
			func(id string) (any, error) { return client.ObserveGroup(t.Context(), id) }, sdrs.IsNotFound,
		},
		"instances": {
			demo.Instances[0].ID, simulator.RouteInstance, simulator.RouteInstances,
			func(id string) (any, error) { return client.ProtectedInstance(t.Context(), id) },
			func(id string) (any, error) { return client.ObserveInstance(t.Context(), demo.ID, id) }, sdrs.IsInstanceNotFound,
		},
		"pairs": {
			demo.Instances[0].Pairs[0].ID, simulator.RoutePair, simulator.RoutePairs,
			func(id string) (any, error) { return client.ReplicationPair(t.Context(), id) },
			func(id string) (any, error) { return client.ObservePair(t.Context(), demo.ID, id) }, sdrs.IsPairNotFound,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := test.alone(test.id)
			if err != nil {
				t.Fatal(err)
			}
			var wait sync.WaitGroup
			for range 5 {
				wait.Go(func() {
					if got, err := test.together(test.id); err != nil || !reflect.DeepEqual(got, want) {
						t.Errorf("got %+v %v, want %+v", got, err, want)
					}
				})
			}
			wait.Go(func() {
				if _, err := test.together(gone); !test.notFound(err) {
					t.Errorf("got %v", err)
				}
			})
			wait.Wait()
			if lists, reads := sim.Count(test.list), sim.Count(test.one); lists != 1 || reads != 2 {
				t.Errorf("%d lists and %d reads, want 1 and 2", lists, reads)
			}
		})
	}
}

// What one question reads after another thing is answered by a list that was asked for after the question, and by no
// earlier one.
func TestOneQuestion(t *testing.T) {
	t.Parallel()
	demo := simulator.DemoGroup()
	client, sim := newClient(t, demo)
	client.Gathering(200 * time.Millisecond)
	instance, pair := demo.Instances[0].ID, demo.Instances[0].Pairs[0].ID
	early := client.Asked(t.Context())
	for round := 1; round <= 2; round++ {
		var wait sync.WaitGroup
		for n := range 4 {
			wait.Go(func() {
				ctx := client.Asked(t.Context())
				if n < 2 {
					if _, err := client.ObserveInstance(ctx, demo.ID, instance); err != nil {
						t.Error(err)
					}
				}
				if found, err := client.ObservePair(ctx, demo.ID, pair); err != nil || found.ID != pair {
					t.Errorf("got %v %v", found, err)
				}
			})
		}
		wait.Wait()
		if instances, pairs := sim.Count(simulator.RouteInstances), sim.Count(simulator.RoutePairs); instances != round ||
			pairs != round {
			t.Errorf("%d lists of instances and %d of pairs, want %d of each", instances, pairs, round)
		}
	}
	if _, err := client.ObservePair(early, demo.ID, pair); err != nil || sim.Count(simulator.RoutePair) > 0 {
		t.Errorf("%d reads, %v", sim.Count(simulator.RoutePair), err)
	}
	if _, err := client.ObservePair(client.Asked(t.Context()), demo.ID, pair); err != nil ||
		sim.Count(simulator.RoutePair) != 1 {
		t.Errorf("%d reads, want one: the lists are older than the question: %v", sim.Count(simulator.RoutePair), err)
	}
}
