package groupprotection

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// keptKey is where it is kept.
const keptKey = "protection"

// kept is what is kept beside the state.
type kept struct {
	// Unsynchronized is set while a wait for the pairs has yet to be finished.
	Unsynchronized bool `json:"unsynchronized,omitempty"`
	// Known is set in the plan for what is in the state, and Tainted is the group of a plan to create it that knows
	// nothing of that: Terraform makes one for what it has marked as tainted, and deletes that with the private state of
	// this plan.
	Known   bool   `json:"known,omitempty"`
	Tainted string `json:"tainted,omitempty"`
}

// planned is what a plan keeps.
func (k kept) planned(plan *protectionModel, inState bool) kept {
	k.Known = k.Known || inState
	if k.Tainted = ""; !k.Known {
		k.Tainted = plan.ProtectionGroupID.ValueString()
	}
	return k
}

// replaces reports whether a deletion makes way for what protects the same group: a tainted resource, whose creation
// did not see the end of the synchronization. To disable protection would begin that anew.
func (k kept) replaces(groupID string) bool {
	return k.Tainted != "" && cloud.SameID(k.Tainted, groupID)
}

func keptOf(ctx context.Context, private tfkit.PrivateReader) (kept, diag.Diagnostics) {
	var k kept
	encoded, diags := private.GetKey(ctx, keptKey)
	if len(encoded) > 0 && json.Unmarshal(encoded, &k) != nil {
		return kept{}, diags
	}
	return k, diags
}

func keep(ctx context.Context, private tfkit.PrivateWriter, k kept) diag.Diagnostics {
	encoded, err := json.Marshal(k)
	if err != nil {
		panic(err) // Can't be: it is flags and text.
	}
	return private.SetKey(ctx, keptKey, encoded)
}
