package groupprotection_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// The same for the protection of a group, whose plans promise less.
func TestProtectionPlansKeepTheirPromises(t *testing.T) {
	t.Parallel()
	for change, happen := range tftest.Meanwhile() {
		for _, from := range []string{"creation", "import", "update"} {
			t.Run(change+"/"+from, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, "protected")
				config := s.config()
				var prior tftest.State
				switch from {
				case "import":
					prior = s.Import(t, s.GroupID)
				case "update":
					s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = "available" })
					prior = s.Import(t, s.GroupID)
				}
				plan := s.PlanAfter(t, prior, prior.Attributes, config)
				happen(s.Cloud)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				if group, _ := s.Group(s.GroupID); sdrs.Status(group.Status).Phase() == sdrs.Moving {
					cancel()
				}
				text := tftest.Text(s.Apply(ctx, t, plan).Diagnostics)
				if strings.Contains(text, tftest.InconsistentFinalPlan) ||
					change == "deleted" && from != "import" && !strings.Contains(text, "Protection Group Not Found") {
					t.Errorf("got %s", text)
				}
			})
		}
	}
}

// One configuration that switches and protects: the switch comes first, so protection can't promise the site.
func TestProtectionBehindASwitch(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	plan := s.Plan(t, nil, s.config())
	s.Console("target")
	created := s.Apply(t.Context(), t, plan)
	if len(created.Diagnostics) > 0 {
		t.Error(tftest.Text(created.Diagnostics))
	}
	tftest.Want(t, created.Attributes, tftest.Attributes{"active_site": "target"})
	// An update has promised it: the next refresh tells.
	s.Lead(t, "available")
	update := s.Plan(t, s.Read(t, created.Attributes).Attributes, s.config())
	s.Console("source")
	tftest.Want(t, s.Apply(t.Context(), t, update).Attributes, tftest.Attributes{"active_site": "target", "protected": true})
}
