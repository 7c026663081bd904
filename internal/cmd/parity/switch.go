package main

import (
	"context"
	"errors"
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
// failover. It stops and starts no servers. Where reading all between the two fails, it goes on, and says so at the end.
// An error says where the group is, as far as it can be read.
func (w *walk) switchAndBack(ctx context.Context, say func(string, ...any)) error {
	look := func(ctx context.Context) {
		var answer any // It is recorded; what is wrong with it, the workflow finds.
		_ = w.session.Get(cloud.Once(ctx), cloud.SDRS, "/server-groups/"+url.PathEscape(w.groupID), nil, &answer)
	}
	client := sdrs.NewClient(w.session)
	workflow := failover.New(client, ecs.NewClient(w.session),
		failover.WithClock(watchfulClock{Clock: w.recorder.clock, look: look})).WithAllChecks(true)

	w.recorder.at("", "readiness")
	ready, err := workflow.Readiness(ctx, w.groupID, "", failover.ServerPolicy{})
	if err != nil {
		return fmt.Errorf("nothing was switched: %w", err)
	}
	home := ready.Group.PriorityStation
	if ready.Group.Status != sdrs.StatusProtected {
		return fmt.Errorf("nothing was switched: the group %s, active at %s, is %s, and must be protected",
			w.groupID, home, ready.Group.Status)
	}
	if problems := ready.Problems(); len(problems) > 0 || !ready.FullyChecked() {
		return fmt.Errorf("nothing was switched: the group %s, active at %s, is not ready: %s",
			w.groupID, home, strings.Join(problems, " "))
	}

	defer w.recorder.allow("")
	var unread error
	for _, station := range []sdrs.Station{home.Other(), home} {
		leg := "planned failover to " + string(station)
		say("%s: %s begins", w.groupID, leg)
		w.recorder.at(leg, leg)
		w.recorder.allow("server-groups/" + url.PathEscape(w.groupID) + "/action")
		result, err := workflow.Run(ctx, w.groupID, failover.PlannedFailover(station), failover.ServerPolicy{})
		for tries := 0; sdrs.IsBusy(err) && tries < mostTries; tries++ { // Nothing has happened, and home is where to go.
			say("%s: the group is busy, trying again: %s", w.groupID, err)
			if ended := w.recorder.clock.Sleep(ctx, pause); ended != nil {
				break
			}
			result, err = workflow.Run(ctx, w.groupID, failover.PlannedFailover(station), failover.ServerPolicy{})
		}
		if err != nil {
			return errors.Join(unread, fmt.Errorf("the %s of the group %s failed, which was active at %s before all this; %s: %w",
				leg, w.groupID, home, whereabouts(ctx, client, w.groupID), err))
		}
		took, _ := result.Times.Duration()
		say("%s: %s is done after %s", w.groupID, leg, took.Round(time.Second))
		if err := w.look(ctx, w.groupID); err != nil { // Only the record lacks it: that is no reason to stay.
			unread = errors.Join(unread, fmt.Errorf("after the %s the record is incomplete: %w", leg, err))
		}
	}
	if unread != nil {
		return fmt.Errorf("the group %s is back at %s, but %w", w.groupID, home, unread)
	}
	return nil
}

// whereabouts says where a group is now. It asks even where ctx has ended.
func whereabouts(ctx context.Context, client *sdrs.Client, groupID string) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	group, err := client.Group(ctx, groupID)
	if err != nil {
		return fmt.Sprintf("where it is now can't be read (%s)", err)
	}
	return fmt.Sprintf("it is now active at %s, and %s", group.PriorityStation, group.Status)
}
