package failover_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestRecentDrill(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	drill := func(name, status string, age time.Duration) simulator.Drill {
		return simulator.Drill{
			ID:        name,
			Name:      name,
			Status:    status,
			CreatedAt: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC).Add(-age),
		}
	}
	for name, test := range map[string]struct {
		drills  []simulator.Drill
		fault   *simulator.Fault
		maxAge  time.Duration
		verdict failover.Verdict
		says    string
	}{
		"recent": {
			drills:  []simulator.Drill{drill("old", "available", 300*day), drill("spring", "available", 30*day)},
			maxAge:  30 * day,
			verdict: failover.Pass, says: "The newest DR drill of the group, spring (spring), is 720h0m0s old.",
		},
		"too old": {
			drills: []simulator.Drill{drill("spring", "available", 30*day+time.Minute)}, maxAge: 30 * day,
			verdict: failover.Warn, says: "is 720h1m0s old, and should be 720h0m0s old at most.",
		},
		"failed":   {drills: []simulator.Drill{drill("spring", "error", day)}, maxAge: 30 * day, verdict: failover.Warn, says: "has had none for three months"},
		"none":     {maxAge: 1000 * day, verdict: failover.Warn, says: "has had none for three months"},
		"too few":  {fault: &simulator.Fault{Route: simulator.RouteGroups, Status: 200, Body: `{"server_groups": [], "count": 0}`}, maxAge: 30 * day, verdict: failover.Warn, says: "does not tell its time"},
		"deleted":  {fault: &simulator.Fault{Route: simulator.RouteGroups, Status: 200, Body: `{"server_groups": [], "count": 0}`}, maxAge: 92 * day, verdict: failover.Pass, says: "within three months"},
		"unread":   {fault: &simulator.Fault{Route: simulator.RouteDrills, Status: http.StatusForbidden}, verdict: failover.Unknown, says: "The DR drills could not be read"},
		"unlisted": {fault: &simulator.Fault{Route: simulator.RouteGroups, Status: http.StatusForbidden}, verdict: failover.Unknown, says: "without a DR drill could not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.UpdateGroup(groupID, func(g *simulator.Group) { g.Drills = test.drills })
			if test.fault != nil {
				s.Inject(*test.fault)
			}
			check := s.workflow.RecentDrill(t.Context(), sdrs.Group{ID: groupID, Name: "web-shop"}, test.maxAge)
			if check.Name != "recent_drill" || check.Verdict != test.verdict || !strings.Contains(check.Detail, test.says) ||
				(check.Remedy == "") != (check.Verdict == failover.Pass) {
				t.Errorf("got %+v", check)
			}
		})
	}
}

func TestDrillReadiness(t *testing.T) {
	t.Parallel()
	pair := func(change func(*simulator.Pair)) func(*simulator.Group) {
		return func(g *simulator.Group) { change(&g.Instances[1].Pairs[0]) }
	}
	for name, test := range map[string]struct {
		change func(*simulator.Group)
		fails  bool
		says   string
	}{
		"ready":            {change: func(*simulator.Group) {}},
		"not protected":    {change: func(g *simulator.Group) { g.Status = "available" }},
		"moving":           {change: func(g *simulator.Group) { g.Status = "reversing" }, says: "waits until the group rests"},
		"creation failed":  {change: func(g *simulator.Group) { g.Status = "error" }, fails: true, says: "takes no DR drill"},
		"copying":          {change: pair(func(p *simulator.Pair) { p.ReplicationStatus, p.Progress = "copying", 40 }), fails: true, says: "at 40 %"},
		"never begun":      {change: pair(func(p *simulator.Pair) { p.ReplicationStatus, p.Progress = "inactive", 0 }), fails: true, says: "at 0 %"},
		"in sync at 0 %":   {change: pair(func(p *simulator.Pair) { p.Progress = 0 })},
		"stopped, but all": {change: pair(func(p *simulator.Pair) { p.ReplicationStatus = "inactive" })},
		"invalid":          {change: pair(func(p *simulator.Pair) { p.Status = "invalid" }), fails: true, says: "is invalid"},
		"link down":        {change: pair(func(p *simulator.Pair) { p.FaultLevel = "5" }), fails: true, says: "fault level 5"},
		"no pairs": {
			change: func(g *simulator.Group) {
				for i := range g.Instances {
					g.Instances[i].Pairs = nil
				}
			},
			fails: true, says: "no replication pairs",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.UpdateGroup(groupID, test.change)
			simulated, _ := s.Group(groupID)
			checks := s.workflow.DrillReadiness(t.Context(), sdrs.Group{ID: groupID, Status: sdrs.Status(simulated.Status)})
			var text strings.Builder
			for _, check := range checks {
				text.WriteString(check.Detail + " " + check.Remedy + "\n")
			}
			if failover.Ready(checks) == test.fails || !strings.Contains(text.String(), test.says) {
				t.Errorf("got %+v", checks)
			}
		})
	}
}
