package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// BenchmarkStartToSchema starts the provider as Terraform does and asks for its schema. It reports the peak memory of
// the process and the size of the binary, too.
func BenchmarkStartToSchema(b *testing.B) {
	binary, err := build()
	if err != nil {
		b.Fatal(err)
	}
	var peak int64
	for b.Loop() {
		used, err := startToSchema(b.Context(), binary)
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

// startToSchema returns the peak memory of one start, in bytes.
func startToSchema(ctx context.Context, binary string) (int64, error) {
	command := exec.CommandContext(ctx, binary) //nolint:gosec // Built by this test.
	command.Env = []string{
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=6", "TMPDIR=" + os.TempDir(),
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := command.Start(); err != nil {
		return 0, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return 0, err
	}
	fields := strings.Split(strings.TrimSpace(line), "|") // 1|6|unix|/tmp/plugin123|grpc|
	if len(fields) < 5 {
		return 0, fmt.Errorf("no handshake: %q", line)
	}
	connection, err := grpc.NewClient("unix://"+fields[3], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return 0, err
	}
	defer func() { _ = connection.Close() }()
	// The messages' types are internal to terraform-plugin-go; an empty one skips over what it does not know.
	if err := connection.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{}); err != nil {
		return 0, err
	}
	if err := command.Process.Kill(); err != nil {
		return 0, err
	}
	_ = command.Wait() // It was killed.
	usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, fmt.Errorf("no usage")
	}
	return usage.Maxrss * 1024, nil
}
