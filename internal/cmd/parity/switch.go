package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// watchfulClock is a clock that looks after each pause: a workflow that waits for a job does not look at the group.
type watchfulClock struct {
	jobs.Clock

	look func(context.Context)
}

func (c watchfulClock) Sleep(ctx context.Context, d time.Duration) error {
	err := c.Clock.Sleep(ctx, d)
	if err == nil {
		c.look(ctx)
	}
	return err
}

// How often, and how much later, a switch is tried again that is refused for what the group has just done.
const (
	mostTries = 40
	pause     = 15 * time.Second
)

// switchAndBack switches the group of the walk to its other site, and back, with what the provider does for a planned
// failover. It stops and starts no servers. An error says where the group is.
func (w *walk) switchAndBack(ctx context.Context, say func(string, ...any)) error {
	look := func(ctx context.Context) {
		var answer any // It is recorded; what is wrong with it, the workflow finds.
		_ = w.session.Get(cloud.Once(ctx), cloud.SDRS, "/server-groups/"+url.PathEscape(w.groupID), nil, &answer)
	}
	workflow := failover.New(sdrs.NewClient(w.session), ecs.NewClient(w.session),
		failover.WithClock(watchfulClock{Clock: w.recorder.clock, look: look})).WithAllChecks(true)

	w.recorder.at("", "readiness")
	ready, err := workflow.Readiness(ctx, w.groupID, "", failover.ServerPolicy{})
	if err != nil {
		return fmt.Errorf("nothing was switched: %w", err)
	}
	if ready.Group.Status != sdrs.StatusProtected {
		return fmt.Errorf("nothing was switched: the group %s is %s, and must be protected", w.groupID, ready.Group.Status)
	}
	if problems := ready.Problems(); len(problems) > 0 || !ready.FullyChecked() {
		return fmt.Errorf("nothing was switched: the group %s is not ready: %s", w.groupID, strings.Join(problems, " "))
	}

	home := ready.Group.PriorityStation
	w.recorder.allow("server-groups/" + url.PathEscape(w.groupID) + "/action")
	defer w.recorder.allow("")
	for _, station := range []sdrs.Station{home.Other(), home} {
		leg := "planned failover to " + string(station)
		say("%s: %s begins", w.groupID, leg)
		w.recorder.at(leg, leg)
		result, err := workflow.Run(ctx, w.groupID, failover.PlannedFailover(station), failover.ServerPolicy{})
		for tries := 0; sdrs.IsBusy(err) && tries < mostTries; tries++ { // Nothing has happened, and home is where to go.
			say("%s: the group is busy, trying again: %s", w.groupID, err)
			if ended := w.recorder.clock.Sleep(ctx, pause); ended != nil {
				break
			}
			result, err = workflow.Run(ctx, w.groupID, failover.PlannedFailover(station), failover.ServerPolicy{})
		}
		if err != nil {
			return fmt.Errorf("the %s of %s failed, which was at %s before all this. Look where it is now: %w",
				leg, w.groupID, home, err)
		}
		took, _ := result.Times.Duration()
		say("%s: %s is done after %s", w.groupID, leg, took.Round(time.Second))
		if err := w.look(ctx, w.groupID); err != nil {
			return err
		}
	}
	return nil
}
