// Package simtest is the simulated cloud as a test wants it: listening on loopback, quiet, and with a session at hand.
// It alone of the simulator's rooms knows the client of this repository, and only to log in.
package simtest

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TB is what is needed of a test; testing.TB and rapid's T are ones.
type TB interface {
	Helper()
	Context() context.Context
	Cleanup(end func())
	Fatal(arguments ...any)
}

// Cloud is a simulator that listens until its test ends.
type Cloud struct {
	*simulator.Simulator

	Account simulator.Account
	URL     string // of the listener, without a path
	Server  *httptest.Server

	connections atomic.Int32
	around      func(http.RoundTripper) http.RoundTripper // the client's connections
}

// New starts a simulator, which has no groups but those of the options.
func New(tb TB, options ...simulator.Option) *Cloud {
	tb.Helper()

	return start(tb, options, itself, (*httptest.Server).Start)
}

// NewTLS starts a simulator that is served with TLS and the certificate of httptest.
func NewTLS(tb TB, config *tls.Config, options ...simulator.Option) *Cloud {
	tb.Helper()

	return start(tb, options, itself, func(server *httptest.Server) {
		server.TLS = config
		server.StartTLS()
	})
}

// InMemory starts a simulator on a network of pipes: in a bubble of testing/synctest time passes by itself there, as
// fast as everybody waits. On loopback it would stand still.
func InMemory(tb TB, options ...simulator.Option) *Cloud {
	tb.Helper()

	n := &pipes{accepts: make(chan net.Conn), closed: make(chan struct{})}
	c := start(tb, options, itself, func(server *httptest.Server) {
		_ = server.Listener.Close()
		server.Listener = n
		server.Start()
	})
	c.around = func(http.RoundTripper) http.RoundTripper { return &http.Transport{DialContext: n.dial} }

	return c
}

// pipes is a network in memory.
type pipes struct {
	accepts chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.accepts <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept is that of a net.Listener, as are Close and Addr.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepts:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })

	return nil
}

// Addr is an address that nobody looks up.
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }

// Behind starts a simulator behind a handler, which may answer in its place.
func Behind(tb TB, front func(simulated http.Handler) http.Handler, options ...simulator.Option) *Cloud {
	tb.Helper()

	return start(tb, options, front, (*httptest.Server).Start)
}

func itself(simulated http.Handler) http.Handler { return simulated }

func start(
	tb TB, options []simulator.Option, front func(http.Handler) http.Handler, listen func(*httptest.Server),
) *Cloud {
	c := &Cloud{Simulator: simulator.New(options...), Account: simulator.DefaultAccount()}
	c.Server = httptest.NewUnstartedServer(front(c.Simulator))
	c.Server.Config.ErrorLog = log.New(io.Discard, "", 0) // faults are what tests are about
	c.Server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.connections.Add(1)
		}
	}
	listen(c.Server)
	tb.Cleanup(c.Server.Close)
	c.URL = c.Server.URL

	return c
}

// Connections returns how many connections were opened so far.
func (c *Cloud) Connections() int { return int(c.connections.Load()) }

// Config is that of a client which logs in with the account's password.
func (c *Cloud) Config() cloud.Config {
	return cloud.Config{
		AuthURL: c.URL + "/v3", UserName: c.Account.UserName, Password: c.Account.Password,
		DomainName: c.Account.DomainName, ProjectName: c.Account.ProjectName, Around: c.around,
	}
}

// Session logs in with Config, as changed by all of change.
func (c *Cloud) Session(tb TB, change ...func(*cloud.Config)) *cloud.Session {
	tb.Helper()

	config := c.Config()
	for _, edit := range change {
		edit(&config)
	}
	session, err := cloud.NewSession(tb.Context(), config)
	if err != nil {
		tb.Fatal(err)
	}

	return session
}
