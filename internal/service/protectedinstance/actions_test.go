package protectedinstance_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// A card is asked for once at most, whatever becomes of the answer, and what is there, or gone, already needs nothing.
func TestNICActions(t *testing.T) {
	t.Parallel()
	demo := simulator.DemoGroup()
	const ip = "10.0.200.77"
	lost := simulator.Fault{Cut: simulator.CutAfter}
	late := simulator.Fault{
		Route: simulator.RouteServerNICs, Skip: 1, Times: 2, Status: http.StatusOK, Body: `{"interfaceAttachments": []}`,
	}
	for name, test := range map[string]struct {
		fault      simulator.Fault // At the request, if it names no route.
		fails      bool            // The job does.
		from       string
		noIP, done bool
		timeout    any
		elsewhere  bool   // In another subnet.
		sent, made int    // Requests, and those that took effect.
		want       string // With ERROR an error, otherwise of the last line.
	}{
		"done":                      {sent: 1, made: 1, want: "after "},
		"without an address":        {noIP: true, sent: 1, made: 1, want: "after "},
		"nothing to do":             {done: true, want: "nothing had to be requested"},
		"the answer is lost":        {fault: lost, sent: 1, made: 1, want: "after "},
		"the answer is lost, no IP": {noIP: true, fault: lost, sent: 1, made: 1, want: "after "},
		"the request is lost":       {fault: simulator.Fault{Cut: simulator.CutBefore}, sent: 1, want: "ERROR: Network Card … Not Started"},
		"refused":                   {fault: simulator.Fault{Status: http.StatusBadRequest, Body: `{"error":{"code":"SDRS.1340","message":"no"}}`}, sent: 1, want: "ERROR: Network Card … Refused"},
		"the job fails":             {fails: true, sent: 1, made: 1, want: "ERROR: Network Card … Failed"},
		"the job fails, unseen":     {fails: true, fault: lost, sent: 1, made: 1, want: "ERROR: Network Card … Failed"},
		"unprotected":               {from: "available", sent: 1, made: 1, want: "after "},
		"shows late":                {noIP: true, fault: late, sent: 1, made: 1, want: "after "},
		"of another subnet":         {elsewhere: true, want: "nothing had to be requested"},
		"no time at all":            {timeout: "1ns", want: "ERROR: Protected Instance Not Readable"},
		"after a failover":          {from: "failed-over", want: "ERROR: Network Cards Not Changed"},
	} {
		for action, route := range map[string]string{
			"sdrs_add_nic":    simulator.RouteAddNIC,
			"sdrs_remove_nic": simulator.RouteDeleteNIC,
		} {
			adds := action == "sdrs_add_nic"
			if test.noIP && !adds || test.elsewhere && adds {
				continue
			}
			t.Run(action+", "+name, func(t *testing.T) {
				t.Parallel()
				c := tftest.Simulate(t, tftest.Ticking()...)
				cards := func(server *simulator.Server) int {
					n := 0
					for k, nic := range server.NICs {
						if nic.IP == ip || test.noIP && k > 0 {
							n++
						}
					}
					return n
				}
				group, _ := c.Group(demo.ID)
				config := tftest.Attributes{
					"protected_instance_id": demo.Instances[0].ID, "subnet_id": group.Instances[0].SourceServer.NICs[0].SubnetID,
				}
				if !test.noIP {
					config["ip_address"] = ip
				}
				if adds {
					config["security_group_ids"] = []any{demo.ID}
				}
				if adds == test.done { // It is there before.
					if _, failed := c.NewAction(t, "sdrs_add_nic").Invoke(t.Context(), t, config); len(failed) > 0 {
						t.Fatal(tftest.Text(failed))
					}
				}
				config["timeout"] = test.timeout
				if test.elsewhere {
					config["subnet_id"] = demo.ID
				}
				if test.from != "" {
					c.Lead(t, test.from)
				}
				c.ResetRequests()
				if test.fails {
					c.FailNextJob("SDRS.1312", "no")
				}
				if fault := test.fault; fault.Cut != 0 || fault.Status != 0 {
					fault.Route = cmp.Or(fault.Route, route)
					c.Inject(fault)
				}
				a := c.NewAction(t, action)
				if planned := tftest.Text(a.Plan(t, config)); strings.Contains(
					planned,
					"WARNING: Network Cards Can't Be Changed Now",
				) != (test.from == "failed-over") {
					t.Errorf("the plan says %q", planned)
				}
				messages, diagnostics := a.Invoke(t.Context(), t, config)
				said := tftest.Text(diagnostics)
				if len(diagnostics) == 0 && len(messages) > 0 {
					said = messages[len(messages)-1]
				}
				change := "Removal"
				if adds {
					change = "Addition"
				}
				if want := strings.Replace(test.want, "…", change, 1); !strings.Contains(said, want) {
					t.Errorf("%q lacks %q", said, want)
				}
				for _, request := range c.Requests() {
					if request.Route == simulator.RouteAddNIC && !strings.Contains(request.Body, `"security_groups":[{"id":"`+demo.ID) {
						t.Errorf("asked for %s", request.Body)
					}
				}
				if sent, made := c.Count(route), c.Accepted(route); sent != test.sent || made != test.made {
					t.Errorf("%d sent, %d took effect, want %d and %d", sent, made, test.sent, test.made)
				}
				group, _ = c.Group(demo.ID)
				changed := test.done || test.made > 0 && !test.fails
				there := cards(&group.Instances[0].SourceServer) + cards(&group.Instances[0].TargetServer)
				if want := adds == changed; there != map[bool]int{true: 1}[want] {
					t.Errorf("there are %d cards, want it to be there: %v", there, want)
				}
			})
		}
	}
}

func TestNICOfAnInstanceThatIsNotThere(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	config := tftest.Attributes{
		"protected_instance_id": "00000000-0000-4000-8000-000000000000", "subnet_id": "00000000-0000-4000-8000-000000000001", "ip_address": "10.0.0.9",
	}
	a := c.NewAction(t, "sdrs_remove_nic")
	later := tftest.Change(config, "protected_instance_id", tftest.Unknown)
	if said := a.Plan(t, later); len(said) > 0 {
		t.Errorf("before the id is known the plan says %s", tftest.Text(said))
	}
	_, diagnostics := a.Invoke(t.Context(), t, config)
	for _, said := range []string{tftest.Text(diagnostics), tftest.Text(a.Plan(t, config))} {
		if !strings.Contains(said, "Protected Instance Not Found") {
			t.Errorf("got %s", said)
		}
	}
}
