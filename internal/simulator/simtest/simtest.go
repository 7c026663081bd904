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
		DomainName: c.Account.DomainName, ProjectName: c.Account.ProjectName,
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
