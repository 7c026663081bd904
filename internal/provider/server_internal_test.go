package provider

import (
	"os"
	"testing"
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
