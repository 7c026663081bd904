package provider

import (
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// TestLogWhatIsShown sets levels that Terraform shows, and keeps those that the user has set.
func TestLogWhatIsShown(t *testing.T) { //nolint:paralleltest // It sets the environment.
	for _, c := range []struct{ all, provider, sdk, want string }{
		{want: "OFF"},
		{all: "JSON", want: "JSON"},
		{all: "TRACE", provider: "warn", want: "warn"},
		{sdk: "DEBUG", want: "DEBUG"},
	} {
		t.Setenv("TF_LOG", c.all)
		t.Setenv("TF_LOG_PROVIDER", c.provider)
		t.Setenv("TF_LOG_SDK", c.sdk)
		t.Setenv("TF_LOG_PROVIDER_SDRS", c.sdk)
		logWhatIsShown()
		for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_SDRS"} {
			if got := os.Getenv(variable); got != c.want {
				t.Errorf("%+v: %s=%s", c, variable, got)
			}
		}
	}
}

// TestStateIsPassedOn leaves a state of the schema's version as it is, and any other to the framework.
func TestStateIsPassedOn(t *testing.T) {
	t.Parallel()
	const state = `{"id":"40df180b-9fe2-471a-8c64-1b758dc84189"}`
	for _, version := range []int64{0, 1} {
		resp, err := NewServer("test").UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
			TypeName: "sdrs_protection_group", Version: version, RawState: &tfprotov6.RawState{JSON: []byte(state)},
		})
		if err != nil {
			t.Fatal(err)
		}
		if same := resp.UpgradedState != nil && string(resp.UpgradedState.JSON) == state; same != (version == 0) {
			t.Errorf("version %d: %+v", version, resp)
		}
	}
}
