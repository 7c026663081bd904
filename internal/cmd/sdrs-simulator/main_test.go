package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// transcript is a writer that tells when something has been written.
type transcript struct {
	mu      sync.Mutex
	text    bytes.Buffer
	written chan struct{}
}

func newTranscript() *transcript { return &transcript{written: make(chan struct{}, 100)} }

func (w *transcript) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()

	w.written <- struct{}{}

	return w.text.Write(p)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()

	return w.text.String()
}

func TestRun(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	stdout, stderr := &bytes.Buffer{}, newTranscript()
	ended := make(chan error, 1)
	stdin, enter := io.Pipe()
	arguments := []string{"-listen", "127.0.0.1:0", "-verbose", "-scenario", "az-down=eu-de-01"}
	go func() { ended <- run(ctx, arguments, stdin, stdout, stderr) }()
	<-stderr.written // the line that says what is served, after everything on stdout

	environment := variablesOf(t, stdout.String())
	for name, want := range map[string]string{
		"OS_REGION_NAME": "eu-de", "OS_DOMAIN_NAME": "demo-domain", "OS_USERNAME": "demo-user", "OS_TENANT_NAME": "eu-de_demo",
	} {
		if environment[name] != want {
			t.Errorf("%s: got %q", name, environment[name])
		}
	}
	if len(environment) != 6 {
		t.Errorf("got %d variables", len(environment))
	}

	body := `{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"` + environment["OS_USERNAME"] +
		`","password":"` + environment["OS_PASSWORD"] + `","domain":{"name":"` + environment["OS_DOMAIN_NAME"] + `"}}}}}}`
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, environment["OS_AUTH_URL"]+"/auth/tokens",
		strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusCreated {
		t.Errorf("login: got %d", response.StatusCode)
	}
	_ = response.Body.Close()

	_, _ = enter.Write([]byte("\n"))
	for !strings.Contains(stderr.String(), "eu-de-01 is up.\n") {
		<-stderr.written
	}

	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for _, want := range []string{"web-shop", "POST /v3/auth/tokens 201\n"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr: got %q, want it to contain %q", stderr, want)
		}
	}
	if strings.Contains(stderr.String(), environment["OS_PASSWORD"]) {
		t.Error("stderr: contains the password")
	}
}

// variablesOf returns the OS_ variables of a shell that was logged in to another cloud, after commands.
func variablesOf(t *testing.T, commands string) map[string]string {
	t.Helper()

	shell := exec.CommandContext(t.Context(), "sh", "-c", commands+"env") //nolint:gosec // What people are to paste.
	shell.Env = []string{"PATH=" + os.Getenv("PATH"), "OS_CLOUD=mine", "OS_TOKEN=a-token", "OS_TENANT_ID=mine"}
	output, err := shell.Output()
	if err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{}
	for line := range strings.Lines(string(output)) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), "="); strings.HasPrefix(name, "OS_") {
			environment[name] = value
		}
	}

	return environment
}

func TestRunRefusals(t *testing.T) {
	t.Parallel()

	for name, args := range map[string][]string{
		"all addresses": {"-listen", ":0"},
		"any address":   {"-listen", "0.0.0.0:0"},
		"any IPv6":      {"-listen", "[::]:0"},
		"another host":  {"-listen", "example.com:0"},
		"no port":       {"-listen", "127.0.0.1"},
		"bad port":      {"-listen", "127.0.0.1:x"},
		"unknown flag":  {"-x"},
		"an argument":   {"x"},
		"bad duration":  {"-job-duration", "soon"},
		"bad estate":    {"-estate", "castle"},
		"bad scenario":  {"-scenario", "flood=eu-de-01"},
		"bad zone":      {"-scenario", "az-down=eu-de-1"},
		"no number":     {"-groups", "50"},
		"bad number":    {"-estate", "mixed", "-servers", "-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			stdout := &bytes.Buffer{}
			if err := run(t.Context(), args, strings.NewReader(""), stdout, io.Discard); err == nil {
				t.Error("it ran")
			}
			if stdout.Len() > 0 {
				t.Errorf("stdout: got %q", stdout)
			}
		})
	}
}

func TestInventory(t *testing.T) {
	t.Parallel()

	for name, want := range map[string]map[string]int{
		"empty":    {"VPC ": 1, "server ": 4, "spare disk ": 2, "protection group ": 0},
		"web-shop": {"VPC drill (8e2f3a4b-5c6d-4e7f-9081-92a3b4c5d6e7)": 1, "protection group ": 1},
		"mixed": {
			"active in eu-de-01, standby in eu-de-02, 2 servers": 3, "active in eu-de-02, standby in eu-de-01, 2 servers": 2,
		},
	} {
		estate, err := simulator.NamedEstate(name, 5, 2)
		if err != nil {
			t.Fatal(err)
		}
		for text, count := range want {
			if got := strings.Count("\n"+inventory(estate), text); got != count {
				t.Errorf("%s: got %q %d times, want %d", name, text, got, count)
			}
		}
	}
}
