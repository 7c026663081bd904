package tftest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Action drives an action of the provider by the plugin protocol, as Terraform 1.14 and newer do.
type Action struct {
	server interface {
		tfprotov6.ProviderServer
		tfprotov6.ActionServer
	}
	typeName string
	schema   tftypes.Type
}

// NewAction returns an action of a provider that is configured for the simulator.
func (c *Cloud) NewAction(t testing.TB, typeName string) *Action {
	t.Helper()
	server, diagnostics := c.configured(t, nil)
	if len(diagnostics) > 0 {
		t.Fatal(Text(diagnostics))
	}
	a := &Action{typeName: typeName, schema: schemas().ActionSchemas[typeName].Schema.ValueType()}
	var ok bool
	if a.server, ok = server.(interface {
		tfprotov6.ProviderServer
		tfprotov6.ActionServer
	}); !ok {
		t.Fatal("the provider has no actions")
	}
	return a
}

// Stop stops the provider of the action, as Ctrl-C does.
func (a *Action) Stop(t testing.TB) {
	t.Helper()
	stop(t, a.server)
}

// Validate validates a configuration.
func (a *Action) Validate(t testing.TB, config Attributes) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := a.server.ValidateActionConfig(t.Context(),
		&tfprotov6.ValidateActionConfigRequest{ActionType: a.typeName, Config: dynamic(t, a.schema, config)})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// Plan plans an invocation.
func (a *Action) Plan(t testing.TB, config Attributes) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := a.server.PlanAction(t.Context(),
		&tfprotov6.PlanActionRequest{ActionType: a.typeName, Config: dynamic(t, a.schema, config)})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// Invoke invokes the action, and returns its progress messages.
func (a *Action) Invoke(ctx context.Context, t testing.TB, config Attributes) ([]string, []*tfprotov6.Diagnostic) {
	t.Helper()
	stream, err := a.server.InvokeAction(ctx,
		&tfprotov6.InvokeActionRequest{ActionType: a.typeName, Config: dynamic(t, a.schema, config)})
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	var diagnostics []*tfprotov6.Diagnostic
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			messages = append(messages, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diagnostics = event.Diagnostics
		}
	}
	return messages, diagnostics
}
