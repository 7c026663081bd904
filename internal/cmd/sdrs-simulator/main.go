// Command sdrs-simulator serves the simulated cloud with an estate of its own, for trying the provider out without a
// cloud. It prints the environment variables that point the provider at it, ready for eval.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const shutdownTimeout = 2 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()

	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		_, _ = fmt.Fprintln(os.Stderr, "sdrs-simulator:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. Each line of stdin brings the zone of a scenario up, or down again.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("sdrs-simulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:9080", "loopback `address` to listen on; port 0 takes any free one")
	jobDuration := flags.Duration("job-duration", 10*time.Second, "how long each job takes")
	estates := strings.Join(simulator.EstateNames, ", ")
	estateName := flags.String("estate", "web-shop", "what the project holds, one of: "+estates)
	groups := flags.Int("groups", 6, "how many protection groups the estate mixed has")
	servers := flags.Int("servers", 3, "how many servers each of them has")
	rate := flags.Float64("sync-rate", 0, "how many GB of each disk are synchronized in a second; 0 is all at once")
	scenario := flags.String(
		"scenario",
		"",
		"what has happened: az-down=`ZONE`, all production is in this availability zone, and the zone is down",
	)
	verbose := flags.Bool("verbose", false, "log each request")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err := requireLoopback(*listen); err != nil {
		return err
	}

	if *groups < 0 || *servers < 0 || !(*rate >= 0) || *jobDuration < 0 {
		return errors.New("-groups, -servers, -sync-rate, and -job-duration must not be negative") // Nor NaN.
	}
	if sized := setOf(flags, "groups", "servers"); sized != "" && *estateName != "mixed" {
		return fmt.Errorf("-%s is for -estate mixed, and not for %s", sized, *estateName)
	}
	estate, err := simulator.NamedEstate(*estateName, *groups, *servers)
	if err != nil {
		return fmt.Errorf("-estate: %w", err)
	}

	down, isDown := strings.CutPrefix(*scenario, "az-down=")
	if *scenario != "" && (!isDown || down == "") {
		return fmt.Errorf("-scenario: there is no scenario %q, only az-down=ZONE", *scenario)
	}
	if zones := zonesOf(estate); isDown && len(estate.Groups) > 0 && !slices.Contains(zones, down) {
		return fmt.Errorf("-scenario: no protection group has a site in %q, only in %s", down, strings.Join(zones, ", "))
	}
	options := []simulator.Option{
		simulator.WithEstate(estate.Leaving(down)), simulator.WithJobDuration(*jobDuration), simulator.WithSyncRate(*rate),
	}
	if isDown {
		options = append(options, simulator.WithZoneDown(down))
	}

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		return fmt.Errorf("%w; -listen takes another address, such as 127.0.0.1:0 for any free port", err)
	}
	cloud := simulator.New(options...)
	server := &http.Server{
		Handler:           cloud,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(stderr, "", 0),
	}
	if *verbose {
		server.Handler = logged(cloud, log.New(stderr, "", log.Ltime))
	}

	if err := printEnvironment(stdout, "http://"+listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	_, _ = fmt.Fprintf(stderr, "%sServing the estate %s at http://%s. Ctrl-C ends it.\n",
		inventory(estate.Leaving(down)), *estateName, listener.Addr())

	if isDown {
		_, _ = fmt.Fprintf(stderr, "%s is down. Enter brings it up, or down again.\n", down)
		go changeZone(cloud, down, stdin, stderr)
	}
	return serve(ctx, server, listener)
}

// changeZone brings a zone up at the first line of in, down at the second, and so on.
func changeZone(cloud *simulator.Simulator, zone string, in io.Reader, out io.Writer) {
	isDown := true
	for lines := bufio.NewScanner(in); lines.Scan(); {
		isDown = !isDown
		cloud.SetZoneDown(zone, isDown)
		state := "up"
		if isDown {
			state = "down"
		}
		_, _ = fmt.Fprintf(out, "%s is %s.\n", zone, state)
	}
}

// setOf is one of the flags of these names that was given; empty: none was.
func setOf(flags *flag.FlagSet, names ...string) (set string) {
	flags.Visit(func(f *flag.Flag) {
		if slices.Contains(names, f.Name) {
			set = f.Name
		}
	})

	return set
}

// zonesOf are the availability zones that the groups of an estate have their sites in.
func zonesOf(estate simulator.Estate) []string {
	var zones []string
	for _, g := range estate.Groups {
		zones = append(zones, g.SourceAZ, g.TargetAZ)
	}
	slices.Sort(zones)

	return slices.Compact(zones)
}

// inventory lists what an estate holds, a line for each thing whose id somebody may want to write down.
func inventory(estate simulator.Estate) string {
	var lines strings.Builder
	for _, v := range estate.VPCs {
		_, _ = fmt.Fprintf(&lines, "VPC %s (%s)\n", v.Name, v.ID)
	}
	for _, server := range estate.Servers {
		_, _ = fmt.Fprintf(&lines, "server %s (%s) in %s\n", server.Name, server.ID, server.AZ)
	}
	for _, d := range estate.Disks {
		if len(d.Attachments) == 0 {
			_, _ = fmt.Fprintf(&lines, "spare disk %s (%s) in %s, %d GB\n", d.Name, d.ID, d.AZ, d.SizeGB)
		}
	}
	for _, g := range estate.Groups {
		active, standby := g.SourceAZ, g.TargetAZ
		if g.PriorityStation == simulator.StationTarget {
			active, standby = standby, active
		}
		_, _ = fmt.Fprintf(&lines, "protection group %s (%s) active in %s, standby in %s, %d servers\n",
			g.Name, g.ID, active, standby, len(g.Instances))
	}

	return lines.String()
}

// requireLoopback refuses addresses that other machines could reach: the account's password is public.
func requireLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("-listen: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("-listen: %q is not a loopback address", host)
	}

	return nil
}

// forgetCloud is a shell command that takes away the credentials of another cloud, which would go first or contradict.
const forgetCloud = `unset $(env | sed -n 's/^\(OS_[A-Z_]*\)=.*/\1/p')`

// printEnvironment writes the commands that set the variables which the provider reads, and no others.
func printEnvironment(w io.Writer, base string) error {
	account := simulator.DefaultAccount()
	if _, err := fmt.Fprintln(w, forgetCloud); err != nil {
		return err
	}
	for _, variable := range [][2]string{
		{"OS_AUTH_URL", base + "/v3"},
		{"OS_REGION_NAME", account.Region},
		{"OS_DOMAIN_NAME", account.DomainName},
		{"OS_USERNAME", account.UserName},
		{"OS_PASSWORD", account.Password},
		{"OS_TENANT_NAME", account.ProjectName},
	} {
		if _, err := fmt.Fprintf(w, "export %s=%s\n", variable[0], variable[1]); err != nil {
			return err
		}
	}

	return nil
}

// serve runs the server until ctx ends, and then lets requests finish for a moment.
func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	// ctx has ended, so the shutdown needs a time of its own.
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(shutdown); err != nil {
		return server.Close()
	}

	return nil
}

// logged writes one line for each request. Paths and statuses hold no secret.
func logged(handler http.Handler, logger *log.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := &statusRecorder{ResponseWriter: w}
		defer func() { logger.Printf("%s %s %d", r.Method, r.URL.RequestURI(), recorder.status) }()
		handler.ServeHTTP(recorder, r)
	})
}

// statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter

	status int
}

func (w *statusRecorder) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the original.
func (w *statusRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
