package load_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// BenchmarkStart starts the provider as Terraform does, up to its handshake. It reports the peak memory of the process
// and the size of the binary, too.
func BenchmarkStart(b *testing.B) {
	binary := tftest.Provider(b)
	var peak int64
	for b.Loop() {
		used, err := start(b.Context(), binary)
		if err != nil {
			b.Fatal(err)
		}
		peak = max(peak, used)
	}
	file, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/start")
	b.ReportMetric(float64(peak)/1e6, "MB-peak")
	b.ReportMetric(float64(file.Size())/1e6, "MB-binary")
}

// BenchmarkSchema builds the schema that Terraform asks for after the handshake.
func BenchmarkSchema(b *testing.B) {
	for b.Loop() {
		server, err := providerserver.NewProtocol6WithError(provider.New("test"))()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
			b.Fatal(err)
		}
	}
}

// start returns the peak memory of one start, in bytes.
func start(ctx context.Context, binary string) (int64, error) {
	command := exec.CommandContext(ctx, binary)
	command.Env = append(os.Environ(), "PLUGIN_PROTOCOL_VERSIONS=6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
	stdout, err := command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := command.Start(); err != nil {
		return 0, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	peak := peakMemory(fmt.Sprintf("/proc/%d", command.Process.Pid))
	_ = command.Process.Kill()
	_ = command.Wait()                                                     // It was killed.
	if fields := strings.Split(line, "|"); err != nil || len(fields) < 5 { // 1|6|unix|/tmp/plugin123|grpc|
		return 0, fmt.Errorf("no handshake: %q, %w", line, err)
	}
	return peak, nil
}
