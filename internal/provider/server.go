package provider

import (
	"cmp"
	"context"
	"os"
	runtimedebug "runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// stopLimit is how long Ctrl-C waits for actions to say how they ended. They end within about a second.
const stopLimit = 5 * time.Second

// frameworkServer is what the framework's server implements of the protocol.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// server is the framework's server, and lets interrupted actions tell their errors. tf6server ends the stream of an
// action as soon as the provider has stopped, with no word of how the action ended, and Terraform takes that for a
// success: "Apply complete!" and exit code 0, while a switch is half done. So the provider has not stopped before the
// actions have.
type server struct {
	frameworkServer

	// versions returns those of the resources' schemas, by type.
	versions func() map[string]int64

	// stops is how often the provider was stopped: by Ctrl-C, and in a debugger it goes on after that.
	stops atomic.Int64

	mu      sync.Mutex
	actions []chan struct{} // Each is closed when its action has sent its last event.
}

// NewServer returns the provider as a server of Terraform's protocol 6.
func NewServer(version string, options ...Option) tfprotov6.ProviderServer {
	provider := New(version, options...)
	framework := providerserver.NewProtocol6(provider)()
	return &server{
		frameworkServer: framework.(frameworkServer), //nolint:forcetypeassert // It is the framework's own.
		versions:        sync.OnceValue(provider.schemaVersions),
	}
}

// schemaVersions returns the versions of the schemas of the resources, by type.
func (p *Provider) schemaVersions() map[string]int64 {
	versions := map[string]int64{}
	for _, newResource := range p.Resources(context.Background()) {
		named, described := resource.MetadataResponse{}, resource.SchemaResponse{}
		of := newResource()
		of.Metadata(context.Background(), resource.MetadataRequest{ProviderTypeName: typeName}, &named)
		of.Schema(context.Background(), resource.SchemaRequest{}, &described)
		versions[named.TypeName] = described.Schema.Version
	}
	return versions
}

// UpgradeResourceState passes on a state of the schema's version as it is. Terraform asks this for each resource in
// each run, and has taken out what the schema lacks; the framework would take all apart, to put it together again.
func (s *server) UpgradeResourceState(
	ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	version, known := s.versions()[req.TypeName]
	if !known || version != req.Version || req.RawState == nil || len(req.RawState.JSON) == 0 {
		return s.frameworkServer.UpgradeResourceState(ctx, req)
	}
	return &tfprotov6.UpgradeResourceStateResponse{
		UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON},
	}, nil
}

// Serve serves the provider to Terraform, until that ends it. With debug set a debugger can attach to it, and it logs
// all.
func Serve(version string, debug bool) error {
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		logWhatIsShown()
	}
	if os.Getenv("GOGC") == "" { // What a refresh leaves is little, and looking for it was a quarter of its CPU time.
		runtimedebug.SetGCPercent(garbagePercent)
	}
	return tf6server.Serve(Address, func() tfprotov6.ProviderServer { return NewServer(version) }, options...)
}

// garbagePercent is GOGC: the heap grows to so many percent more than what is in use, some MB.
const garbagePercent = 400

// logWhatIsShown sets the levels that the framework and the provider log at to the one that Terraform shows. Otherwise
// they write all, and Terraform reads it only to throw it away: a quarter of the CPU time of a refresh.
func logWhatIsShown() {
	shown := cmp.Or(os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "OFF")
	for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_SDRS"} {
		if os.Getenv(variable) == "" {
			_ = os.Setenv(variable, shown) // It fails for names with = alone.
		}
	}
}

// invalid is what is wrong with the configuration of an action. Terraform asks that before the values of variables are
// known, and not again: without this `-var mode=planed` would go on, as what is not `planned`.
func (s *server) invalid(
	ctx context.Context,
	action string,
	config *tfprotov6.DynamicValue,
) ([]*tfprotov6.Diagnostic, error) {
	resp, err := s.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: action, Config: config})
	if err != nil {
		return nil, err
	}
	return errorsOf(resp.Diagnostics), nil
}

func errorsOf(diagnostics []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	return slices.DeleteFunc(diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity != tfprotov6.DiagnosticSeverityError
	})
}

// beginPlan begins a plan, and returns which of its diagnostics it is to say. One that Ctrl-C has ended, and that
// Terraform throws away, warns of nothing: that something could not be read since then is no news of the cloud. The
// context of the call does not tell: tf6server ends it only after the provider has stopped, and the framework its own
// before.
func (s *server) beginPlan() (said func([]*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic) {
	before := s.stops.Load()
	return func(diagnostics []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
		if s.stops.Load() != before {
			return errorsOf(diagnostics)
		}
		return diagnostics
	}
}

// PlanResourceChange plans a change of a resource.
func (s *server) PlanResourceChange(
	ctx context.Context,
	req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	said := s.beginPlan()
	resp, err := s.frameworkServer.PlanResourceChange(ctx, req)
	if resp != nil {
		resp.Diagnostics = said(resp.Diagnostics)
	}
	return resp, err
}

// PlanAction plans an action whose configuration is valid.
func (s *server) PlanAction(
	ctx context.Context,
	req *tfprotov6.PlanActionRequest,
) (*tfprotov6.PlanActionResponse, error) {
	if problems, err := s.invalid(ctx, req.ActionType, req.Config); err != nil || len(problems) > 0 {
		return &tfprotov6.PlanActionResponse{Diagnostics: problems}, err
	}
	said := s.beginPlan()
	resp, err := s.frameworkServer.PlanAction(ctx, req)
	if resp != nil {
		resp.Diagnostics = said(resp.Diagnostics)
	}
	return resp, err
}

// InvokeAction starts an action whose configuration is valid, and notes when its last event has been sent.
func (s *server) InvokeAction(
	ctx context.Context, req *tfprotov6.InvokeActionRequest,
) (*tfprotov6.InvokeActionServerStream, error) {
	problems, err := s.invalid(ctx, req.ActionType, req.Config)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return &tfprotov6.InvokeActionServerStream{Events: func(send func(tfprotov6.InvokeActionEvent) bool) {
			send(tfprotov6.InvokeActionEvent{Type: tfprotov6.CompletedInvokeActionEventType{Diagnostics: problems}})
		}}, nil
	}
	stream, err := s.frameworkServer.InvokeAction(ctx, req)
	if err != nil {
		return nil, err
	}
	done := make(chan struct{})
	s.mu.Lock()
	s.actions = append(s.actions, done)
	s.mu.Unlock()

	events := stream.Events
	stream.Events = func(send func(tfprotov6.InvokeActionEvent) bool) {
		defer func() {
			close(done)
			s.mu.Lock()
			s.actions = slices.DeleteFunc(s.actions, func(action chan struct{}) bool { return action == done })
			s.mu.Unlock()
		}()
		events(send)
	}
	return stream, nil
}

// StopProvider ends what runs, and returns when the actions have said how they ended.
func (s *server) StopProvider(
	ctx context.Context,
	req *tfprotov6.StopProviderRequest,
) (*tfprotov6.StopProviderResponse, error) {
	s.stops.Add(1)
	s.mu.Lock()
	actions := slices.Clone(s.actions)
	s.mu.Unlock()
	resp, err := s.frameworkServer.StopProvider(ctx, req)

	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	for _, done := range actions {
		select {
		case <-done:
		case <-ctx.Done():
		}
	}
	return resp, err
}
