package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// The two sites, as everybody calls them.
const (
	source = simulator.StationSource
	target = simulator.StationTarget
)

// story is what the demo shows.
func story() []step {
	return []step{
		{
			title: "Adopt the group where it runs", expects: "known to Terraform, nothing moves",
			why:  "The shop runs at source, and the configuration says so, hence taking it over must not move anything.",
			site: source,
			act: func(ctx context.Context, s *stage) ([]check, error) {
				return s.converge(ctx, "create", outputs{source, "none"}, "priority_station=source")
			},
		},
		{
			title: "Switch to target", expects: "one planned failover",
			why:  "Changing priority_station is the whole runbook: the plan shows the move, and apply returns when it is verified.",
			site: target, switches: 1,
			act: func(ctx context.Context, s *stage) ([]check, error) {
				return s.converge(ctx, "update", outputs{target, "source to target"}, "priority_station=target")
			},
		},
		{
			title: "Plan again", expects: "an empty plan",
			why:  "The cloud is as configured, so there is nothing to do, however often Terraform runs.",
			site: target,
			act:  planNothing,
		},
		{
			title: "A switch made in the console", expects: "a warning, no failback",
			why:  "Somebody else moves the shop to source: Terraform says so, and an unrelated apply does not move it back.",
			site: source,
			act:  switchInConsole,
		},
		{
			title: "Enforce target with correct_drift", expects: "one planned failover",
			why:  "Where the configuration is to win, one argument says so: the same drift is now corrected.",
			site: target, switches: 1,
			act: func(ctx context.Context, s *stage) ([]check, error) {
				return s.converge(ctx, "update", outputs{target, "source to target"}, "priority_station=target", "correct_drift=true")
			},
		},
		{
			title: "Switch back to source", expects: "one planned failover",
			why:  "The way back is the way there: the other value of the same attribute.",
			site: source, switches: 1,
			act: func(ctx context.Context, s *stage) ([]check, error) {
				return s.converge(ctx, "update", outputs{source, "target to source"}, "priority_station=source")
			},
		},
		{
			title: "Destroy the resource", expects: "a warning, the group keeps running",
			why:  "Terraform forgets the group; it neither stops it nor moves it.",
			site: source,
			act:  destroy,
		},
	}
}

// converge plans with the variables, applies that plan, and checks the action of the one, and what the other leaves in
// the outputs.
func (s *stage) converge(ctx context.Context, action string, want outputs, vars ...string) ([]check, error) {
	plan, err := s.terraform.plan(ctx, vars...)
	if err != nil {
		return nil, err
	}
	if _, err := s.terraform.apply(ctx); err != nil {
		return nil, err
	}
	got, err := s.terraform.outputs(ctx)
	if err != nil {
		return nil, err
	}
	return []check{
		{"planned action on the resource", plan.action, action},
		{"output active_site", got.activeSite, want.activeSite},
		{"output last_failover", got.lastFailover, want.lastFailover},
	}, nil
}

func planNothing(ctx context.Context, s *stage) ([]check, error) {
	plan, err := s.terraform.plan(ctx, "priority_station=target")
	if err != nil {
		return nil, err
	}
	return []check{
		{"planned action on the resource", plan.action, "no-op"},
		{"anything to apply", plan.changes, false},
	}, nil
}

func switchInConsole(ctx context.Context, s *stage) ([]check, error) {
	s.say("\n(in the console: switch %s to source)", s.group)
	if _, err := s.cloud.Switch(s.group, source); err != nil {
		return nil, err
	}
	if err := s.awaitRest(ctx, source); err != nil {
		return nil, err
	}
	plan, err := s.terraform.plan(ctx, "priority_station=target")
	if err != nil {
		return nil, err
	}
	applied, err := s.terraform.apply(ctx)
	if err != nil {
		return nil, err
	}
	got, err := s.terraform.outputs(ctx)
	if err != nil {
		return nil, err
	}
	// There is something to apply: the output active_site. What counts is that the resource stays as it is.
	return []check{
		{"planned action on the resource", plan.action, "no-op"},
		{"warned of the switch", strings.Contains(plan.text, "Warning: Active Site Changed Elsewhere"), true},
		{"apply changed nothing", strings.Contains(applied, "0 added, 0 changed, 0 destroyed"), true},
		{"output active_site", got.activeSite, source},
	}, nil
}

// awaitRest waits until a switch that was made in the console has ended.
func (s *stage) awaitRest(ctx context.Context, site string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*jobDuration)
	defer cancel()
	ticker := time.NewTicker(jobDuration / 30)
	defer ticker.Stop()
	for s.rest() != restAt(site) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the console's switch has not ended, the group is %s: %w", s.rest(), ctx.Err())
		case <-ticker.C:
		}
	}
	return nil
}

func destroy(ctx context.Context, s *stage) ([]check, error) {
	plan, err := s.terraform.planDestroy(ctx, "priority_station=source")
	if err != nil {
		return nil, err
	}
	if _, err := s.terraform.apply(ctx); err != nil {
		return nil, err
	}
	left, err := s.terraform.resources(ctx)
	if err != nil {
		return nil, err
	}
	return []check{
		{"planned action on the resource", plan.action, "delete"},
		{"warned that the group keeps running", strings.Contains(plan.text, "Warning: Protection Group Keeps Running"), true},
		{"resources left in Terraform's state", left, 0},
	}, nil
}
