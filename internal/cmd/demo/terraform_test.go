package main

import (
	"bytes"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"
)

func TestEnvironmentLeadsNowhereElse(t *testing.T) {
	t.Setenv("OS_CLOUD", "production")
	t.Setenv("OS_ACCESS_KEY", "of production")
	t.Setenv("TF_VAR_priority_station", "target")
	t.Setenv("TF_DATA_DIR", "/elsewhere")
	t.Setenv("TFENV_AUTO_INSTALL", "false")
	env := environment("/tmp/demo", "/tmp/demo/terraform.tfrc", "http://127.0.0.1:1")
	for _, name := range []string{"OS_CLOUD", "OS_ACCESS_KEY", "TF_VAR_priority_station", "TF_DATA_DIR"} {
		if value, found := env[name]; found {
			t.Errorf("%s=%s reaches Terraform", name, value)
		}
	}
	if env["TFENV_AUTO_INSTALL"] != "false" {
		t.Error("what a version manager needs does not reach it")
	}
	if env["OS_AUTH_URL"] != "http://127.0.0.1:1/v3" {
		t.Errorf("OS_AUTH_URL is %q", env["OS_AUTH_URL"])
	}
	if refused := tfexec.ProhibitedEnv(env); len(refused) > 0 {
		t.Errorf("terraform-exec refuses %v", refused)
	}
}

const warned = `
Warning: Provider development overrides are in effect

The following provider development overrides are set in the CLI
configuration:
 - terraform-sdrs/sdrs in /tmp/demo

The behavior may therefore not match any released version of the provider and
applying changes may cause the state to become incompatible with published
releases.
`

func TestScreenLeavesOutTheOverridesWarning(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, printed, shown, text string }{
		{"between blank lines", warned + "\nNo changes.\n", "\n  No changes.\n", "\nNo changes.\n"},
		{"followed at once", warned + "x: Creating...\n\nWarning: Other\n", "\n  x: Creating...\n\n  Warning: Other\n", "\nx: Creating...\n\nWarning: Other\n"},
		{"without its end", overridesWarning + "\n\nnew words\n", "  " + overridesWarning + "\n\n  new words\n", overridesWarning + "\n\nnew words\n"},
		{"last line without an end", "one\ntwo", "  one\n  two\n", "one\ntwo\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, size := range []int{1, 7, len(test.printed)} {
				var out bytes.Buffer
				s := &screen{out: &out}
				for rest := []byte(test.printed); len(rest) > 0; {
					piece := rest[:min(size, len(rest))]
					rest = rest[len(piece):]
					if _, err := s.Write(piece); err != nil {
						t.Fatal(err)
					}
				}
				if err := s.flush(); err != nil {
					t.Fatal(err)
				}
				if out.String() != test.shown {
					t.Errorf("in pieces of %d: shows %q, want %q", size, out.String(), test.shown)
				}
				if s.text.String() != test.text {
					t.Errorf("in pieces of %d: text is %q, want %q", size, s.text.String(), test.text)
				}
			}
		})
	}
}
