package tftest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Move takes over a resource of another provider, whose state is JSON, as a moved block does, and refreshes.
func (r *Resource) Move(t testing.TB, provider, typeName, state string) State {
	t.Helper()
	resp, err := r.server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/" + provider, SourceTypeName: typeName,
		SourceState: &tfprotov6.RawState{JSON: []byte(state)}, TargetTypeName: r.typeName,
	})
	if err != nil {
		t.Fatal(err)
	}
	if resp.TargetState == nil || Failed(resp.Diagnostics) {
		return State{Diagnostics: resp.Diagnostics}
	}
	return r.Refresh(t, State{
		Attributes: attributes(
			t,
			r.schema,
			resp.TargetState,
		), Identity: identity(t, r.identity, resp.TargetIdentity), private: resp.TargetPrivate,
	})
}
