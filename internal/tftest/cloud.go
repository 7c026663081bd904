// Package tftest is what acceptance tests share: a cloud to run against, simulated or real, and the provider.
package tftest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// Cloud is what an acceptance test runs against.
type Cloud struct {
	// Simulator is nil where the cloud is real.
	*simulator.Simulator
	// GroupID is the protection group that the test may switch.
	GroupID string
	url     string
	// getenv is the provider's environment; nil: none.
	getenv func(string) string
}

// Real reports whether acceptance tests run against the real cloud (SDRS_TEST_CLOUD=real), with the credentials of the
// environment and the group SDRS_TEST_PROTECTION_GROUP_ID.
func Real() bool { return os.Getenv("SDRS_TEST_CLOUD") == "real" }

// NewCloud returns the real cloud where [Real] holds, otherwise a simulator of its own with the demo group, whose jobs
// take no time worth waiting for.
func NewCloud(t testing.TB, options ...simulator.Option) *Cloud {
	t.Helper()
	if Real() {
		return &Cloud{GroupID: os.Getenv("SDRS_TEST_PROTECTION_GROUP_ID")}
	}
	return Simulate(t, options...)
}

// Simulate returns a simulator of its own, for tests that need what only a simulator can do.
func Simulate(t testing.TB, options ...simulator.Option) *Cloud {
	t.Helper()
	if Real() {
		t.Skip("needs the simulator: it injects faults, or switches the group behind Terraform's back")
	}
	cloud := SimulateEstate(t, simulator.WebShopEstate(), options...)
	cloud.GroupID = simulator.DemoGroup().ID
	return cloud
}

// SimulateEstate returns a simulator of its own like [Simulate], with another estate than the demo group.
func SimulateEstate(t testing.TB, estate simulator.Estate, options ...simulator.Option) *Cloud {
	t.Helper()
	if Real() {
		t.Skip("needs the simulator: it declares an estate of servers that are not there")
	}
	options = append([]simulator.Option{
		simulator.WithEstate(estate),
		simulator.WithJobDuration(20 * time.Millisecond), simulator.WithServerJobDuration(20 * time.Millisecond),
	}, options...)
	cloud := simtest.New(t, options...)
	return &Cloud{Simulator: cloud.Simulator, url: cloud.URL}
}

// Providers returns the provider in process: against the simulator, it polls without waiting and ignores the
// environment of whoever runs the tests.
func (c *Cloud) Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	if c.Simulator == nil {
		return providers()
	}
	return providers(
		provider.WithEnvironment(c.environment),
		provider.WithRetryWait(time.Millisecond),
		provider.WithWorkflow(failover.WithPollInterval(time.Millisecond)),
	)
}

// Arguments are those that log in to the simulator with a password.
func (c *Cloud) Arguments() Attributes {
	account := simulator.DefaultAccount()
	return Attributes{
		"auth_url":    c.url + "/v3",
		"user_name":   account.UserName,
		"password":    account.Password,
		"domain_name": account.DomainName,
		"tenant_name": account.ProjectName,
	}
}

// ProviderBlock returns the provider's configuration: that of Arguments, and nothing where the cloud is real.
func (c *Cloud) ProviderBlock() string {
	block := "provider \"sdrs\" {\n"
	if c.Simulator != nil {
		for name, value := range c.Arguments() {
			block += fmt.Sprintf("  %s = %q\n", name, value)
		}
	}
	return block + "}\n"
}

// URL returns where the simulator listens.
func (c *Cloud) URL() string { return c.url }

// Reversed returns how many planned failovers the cloud accepted, and false where it is real and keeps no count.
func (c *Cloud) Reversed() (int, bool) {
	if c.Simulator == nil {
		return 0, false
	}
	return c.Accepted(simulator.ActionReverse), true
}

// InEnvironment returns the same cloud with a provider that has an environment: arguments come from it, too.
func (c *Cloud) InEnvironment(getenv func(string) string) *Cloud {
	return &Cloud{Simulator: c.Simulator, GroupID: c.GroupID, url: c.url, getenv: getenv}
}

func (c *Cloud) environment(name string) string {
	if c.getenv == nil {
		return ""
	}
	return c.getenv(name)
}

func providers(options ...provider.Option) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"sdrs": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test", options...), nil },
	}
}
