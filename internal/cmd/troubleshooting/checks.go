package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// estate is a protection group with one server and one pair. Only what the checks read is there.
type estate struct {
	failover.SDRS
	group     sdrs.Group
	instances []sdrs.ProtectedInstance
	pairs     []sdrs.ReplicationPair
	// running are the ids of servers that run.
	running []string
	drills  []sdrs.Drill
	// pairErr and activeServers are the answers to reading the pairs, and the server at the active site.
	pairErr, activeServers error
}

const (
	anID          = "…"
	activeServer  = "…-source"
	standbyServer = "…-target"
)

// wellEstate is one that a planned failover could start from.
func wellEstate() *estate {
	return &estate{
		group: sdrs.Group{ID: anID, Status: sdrs.StatusProtected, PriorityStation: sdrs.Source},
		instances: []sdrs.ProtectedInstance{{
			ID: anID, Name: "web-1", SourceServer: activeServer, TargetServer: standbyServer, PriorityStation: sdrs.Source,
		}},
		pairs: []sdrs.ReplicationPair{{
			ID: anID, Name: "web-1-root", Status: sdrs.StatusProtected, ReplicationStatus: "active", Progress: 100,
			FaultLevel: "0", PriorityStation: sdrs.Source,
		}},
		drills: []sdrs.Drill{
			{ID: anID, Name: "spring-drill", Status: sdrs.StatusAvailable, CreatedAt: sdrs.Time{Time: time.Now()}},
		},
	}
}

func (e *estate) ProtectedInstances(context.Context, sdrs.ProtectedInstanceFilter) ([]sdrs.ProtectedInstance, error) {
	return e.instances, nil
}

func (e *estate) ReplicationPairs(context.Context, sdrs.ReplicationPairFilter) ([]sdrs.ReplicationPair, error) {
	return e.pairs, e.pairErr
}

func (e *estate) Drills(context.Context, sdrs.DrillFilter) ([]sdrs.Drill, error) {
	return e.drills, nil
}

// Groups lists the group as one without a drill for three months.
func (e *estate) Groups(context.Context, sdrs.GroupFilter) ([]sdrs.Group, error) {
	return []sdrs.Group{e.group}, nil
}

// servers are those of an estate.
type servers struct {
	failover.ECS
	estate *estate
}

func (s servers) Server(_ context.Context, id string) (ecs.Server, error) {
	if id == activeServer && s.estate.activeServers != nil {
		return ecs.Server{}, s.estate.activeServers
	}
	status := ecs.Stopped
	if slices.Contains(s.estate.running, id) {
		status = ecs.Active
	}
	return ecs.Server{ID: id, Name: "web-1", Status: status}, nil
}

func (e *estate) checks(operation failover.Operation) []failover.Check {
	workflow := failover.New(e, servers{estate: e})
	return workflow.ReadinessOf(context.Background(), e.group, operation, failover.ServerPolicy{})
}

// allChecks are those of a planned failover, and the one that is asked for by an argument of its own.
func (e *estate) allChecks() []failover.Check {
	recent := failover.New(e, servers{estate: e}).RecentDrill(context.Background(), e.group, 90*24*time.Hour)
	return append(e.checks(failover.PlannedFailover(sdrs.Target)), recent)
}

// refusal is an answer of the API.
func refusal(status int, code, message string) error {
	return &cloud.APIError{Method: "GET", Path: "/v1/…", Status: status, Code: code, Message: message, RequestID: anID}
}

// trouble is something that a check finds.
type trouble struct {
	check   string
	verdict failover.Verdict
	make    func(*estate)
}

// troubles are what the checks of a planned failover find, as far as it has a remedy of its own.
var troubles = []trouble{
	{failover.CheckGroupStatus, failover.Fail, func(e *estate) { e.group.Status = sdrs.StatusAvailable }},
	{failover.CheckGroupStatus, failover.Warn, func(e *estate) { e.group.Status = sdrs.StatusReversing }},
	{failover.CheckReplicationPairs, failover.Fail, func(e *estate) { e.pairs = nil }},
	{failover.CheckReplicationPairs, failover.Unknown, func(e *estate) {
		e.pairErr = refusal(503, "SDRS.0013", "The system is busy.")
	}},
	{failover.CheckReplicationHealth, failover.Fail, func(e *estate) { e.pairs[0].FaultLevel = "5" }},
	{failover.CheckReplicationHealth, failover.Fail, func(e *estate) { e.pairs[0].FaultLevel = "2" }},
	{failover.CheckReplicationHealth, failover.Fail, func(e *estate) { e.pairs[0].Status = sdrs.StatusInvalid }},
	{failover.CheckReplicationSynchronized, failover.Fail, func(e *estate) {
		e.pairs[0].ReplicationStatus, e.pairs[0].Progress = "copying", 40
	}},
	{failover.CheckReplicationSynchronized, failover.Fail, func(e *estate) { e.pairs[0].PriorityStation = sdrs.Target }},
	{failover.CheckProtectedInstances, failover.Fail, func(e *estate) { e.instances[0].Status = sdrs.StatusInvalid }},
	{failover.CheckProtectedInstances, failover.Fail, func(e *estate) { e.instances[0].Metadata.Frozen = "true" }},
	{failover.CheckProtectedInstances, failover.Fail, func(e *estate) { e.instances[0].PriorityStation = sdrs.Target }},
	{failover.CheckServersStopped, failover.Fail, func(e *estate) { e.running = []string{activeServer} }},
	{failover.CheckServersStopped, failover.Fail, func(e *estate) { e.running = []string{standbyServer} }},
	{failover.CheckServersStopped, failover.Fail, func(e *estate) {
		e.activeServers = refusal(404, "Ecs.0114", "The server does not exist.")
	}},
	{failover.CheckServersStopped, failover.Unknown, func(e *estate) {
		e.activeServers = refusal(403, "Ecs.0005", "The user may not do this.")
	}},
	{failover.CheckPermissions, failover.Unknown, func(e *estate) {
		e.activeServers = refusal(403, "Ecs.0005", "The user may not do this.")
	}},
	{failover.CheckRecentDrill, failover.Warn, func(e *estate) { e.drills = nil }},
}

// holds says what a check wants.
var holds = map[string]string{
	failover.CheckGroupStatus: "The group rests in a status that the operation can start from: see " +
		"[Statuses](#statuses).",
	failover.CheckReplicationPairs: "The group has replication pairs.",
	failover.CheckReplicationHealth: "No pair is faulty, and the link between the sites is up. An unplanned failover " +
		"needs only the link and, after a planned one that failed half-way, pairs that are active where the group is.",
	failover.CheckReplicationSynchronized: "All data is at both sites, and the pairs are active where the group is.",
	failover.CheckProtectedInstances: "No protected instance is broken or frozen, and all are active where the " +
		"group is.",
	failover.CheckServersStopped: "All servers at both sites are `SHUTOFF`; for a reprotection those at the site that " +
		"is not active, whose disks are overwritten.",
	failover.CheckPermissions: "The user may read all that the checks look at.",
	failover.CheckRecentDrill: "The newest DR drill of the group is no older than `max_drill_age`. It is checked where " +
		"that is set, by the data source and the action alone, and blocks nothing.",
}

// checkPage is what the guide says of a check.
type checkPage struct {
	Name, Holds string
	// Before are the operations that make the check.
	Before []string
	Finds  []failover.Check
}

// checkPages runs the checks on estates with one trouble each.
func checkPages() ([]checkPage, error) {
	var pages []checkPage
	for _, check := range wellEstate().allChecks() {
		if check.Verdict != failover.Pass {
			return nil, fmt.Errorf("the check %s finds trouble where there is none: %s", check.Name, check.Detail)
		}
		page := checkPage{Name: check.Name, Holds: holds[check.Name]}
		for _, operation := range failover.Operations(sdrs.Target) {
			if slices.Contains(checksBefore(operation), check.Name) {
				page.Before = append(page.Before, operation.Name)
			}
		}
		for _, trouble := range troubles {
			if trouble.check != check.Name {
				continue
			}
			e := wellEstate()
			trouble.make(e)
			found := e.allChecks()
			i := slices.IndexFunc(found, func(c failover.Check) bool { return c.Name == check.Name })
			if i < 0 || found[i].Verdict != trouble.verdict || found[i].Remedy == "" {
				return nil, fmt.Errorf("the check %s does not find what it should: %+v", check.Name, found)
			}
			page.Finds = append(page.Finds, found[i])
		}
		if page.Holds == "" || len(page.Finds) == 0 {
			return nil, fmt.Errorf("the guide does not know the check %s", check.Name)
		}
		pages = append(pages, page)
	}
	return pages, nil
}

// checksBefore are the names of the checks of an operation.
func checksBefore(operation failover.Operation) []string {
	e := wellEstate()
	for _, status := range sdrs.GroupStatuses {
		e.group.Status = status
		if decision, _ := operation.Decide(e.group); decision == failover.Act {
			break
		}
	}
	var names []string
	for _, check := range e.checks(operation) {
		names = append(names, check.Name)
	}
	return names
}
