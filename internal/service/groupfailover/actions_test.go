package groupfailover_test

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestActionWithServers(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t, simulator.WithServerJobDuration(20*time.Millisecond))
	for _, instance := range simulator.DemoGroup().Instances {
		c.SetServerStatus(instance.SourceServer.ID, "ACTIVE")
	}
	messages, diagnostics := c.NewAction(t, "sdrs_planned_failover").Invoke(t.Context(), t, tftest.Attributes{
		"protection_group_id": c.GroupID, "priority_station": "target",
		"stop_servers": true, "force_stop_after": "5m", "start_servers": true, "timeout": "1m",
	})
	if len(diagnostics) > 0 {
		t.Error(tftest.Text(diagnostics))
	}
	text := strings.Join(messages, "\n")
	for _, part := range []string{"2 servers not SHUTOFF yet", "reversing (", ", job ", "2 servers not ACTIVE yet"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
}
