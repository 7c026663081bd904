package tftest

import (
	"slices"
	"testing"
)

func TestEnvironmentLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	users := []string{
		"OS_CLOUD=production", "AWS_SECURITY_TOKEN=of production", "TF_VAR_priority_station=target",
		"TF_DATA_DIR=/elsewhere", "GOGC=400", "TFENV_AUTO_INSTALL=false",
	}
	env := environment(users, "/tmp/w/cli.tfrc", "http://127.0.0.1:1")
	for _, variable := range users[:5] {
		if slices.Contains(env, variable) {
			t.Errorf("%s reaches Terraform", variable)
		}
	}
	for _, variable := range []string{"TFENV_AUTO_INSTALL=false", "OS_AUTH_URL=http://127.0.0.1:1/v3"} {
		if !slices.Contains(env, variable) {
			t.Errorf("%s does not reach Terraform", variable)
		}
	}
}
