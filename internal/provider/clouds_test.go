package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An entry has the keys of its file, and no others. The environment is the process's: this test can't run beside
// others.
func TestKeysOfAnEntry(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clouds.yaml")
	content := `
clouds:
  permanent: {auth: {auth_url: "https://iam", ak: own, sk: own-secret}}
  temporary: {auth: {auth_url: "https://iam", ak: own, sk: own-secret, security_token: own-token}}
  half: {auth: {auth_url: "https://iam", ak: own}}
  password: {auth: {auth_url: "https://iam", username: u, password: p}}
  backends: {auth: {auth_url: "https://iam", ak: ambient, sk: ambient-secret, security_token: ambient-token}}
  broken: {auth: {auth_url: "https://u:hunter2@iam.{region_name}", username: u}}
`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "OS_") || strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	t.Setenv("OS_CLIENT_CONFIG_FILE", file)
	type keys struct{ access, secret, token string }
	own, backends := keys{"own", "own-secret", ""}, keys{"ambient", "ambient-secret", "ambient-token"}
	for name, test := range map[string]struct {
		environment map[string]string
		want        map[string]keys
	}{
		"none": {
			want: map[string]keys{
				"permanent": own, "temporary": {"own", "own-secret", "own-token"}, "half": {}, "password": {}, "backends": backends,
			},
		},
		"a token": {
			environment: map[string]string{"AWS_SECURITY_TOKEN": "ambient-token"},
			want: map[string]keys{
				"permanent": own, "temporary": {"own", "own-secret", "own-token"}, "half": {}, "password": {},
			},
		},
		"a token of OpenStack": {
			environment: map[string]string{"OS_SECURITY_TOKEN": "ambient-token"},
			want:        map[string]keys{"permanent": own},
		},
		"of the backend": {
			environment: map[string]string{
				"AWS_ACCESS_KEY_ID": "ambient", "AWS_SECRET_ACCESS_KEY": "ambient-secret", "AWS_SECURITY_TOKEN": "ambient-token",
			},
			want: map[string]keys{"permanent": own, "half": {}, "password": {}, "backends": backends},
		},
		"all that the library reads": {
			environment: map[string]string{
				"AWS_ACCESS_KEY_ID": "ambient", "AWS_ACCESS_SECRET_KEY": "ambient-secret", "AWS_SECURITY_TOKEN": "ambient-token",
			},
			want: map[string]keys{"permanent": own, "temporary": {"own", "own-secret", "own-token"}, "password": {}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range test.environment {
				t.Setenv(variable, value)
			}
			for entry, want := range test.want {
				loaded, err := loadCloud(entry)
				s := loaded.settings
				if got := (keys{s["access_key"], s["secret_key"], s["security_token"]}); err != nil || got != want {
					t.Errorf("%s: got %v, %v, want %v", entry, got, err, want)
				}
			}
		})
	}
	if _, err := loadCloud("broken"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}
