package load_test

import (
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// moveAway puts the workspace's cloud behind TLS and a round trip, as a real one is: on loopback it takes no time to
// connect.
func (l *load) moveAway(t *testing.T, roundTrip time.Duration) {
	t.Helper()
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(l.Simulator)
	server.Listener = &distance{Listener: server.Listener, roundTrip: roundTrip, opened: &opened}
	// Neither provider uses tickets, and one would look like a turn.
	server.TLS = &tls.Config{SessionTicketsDisabled: true, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	l.Write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	l.Environment = append(slices.Clip(l.Environment), "OS_AUTH_URL="+server.URL+"/v3", "OS_CACERT="+l.Dir+"/ca.pem")
	*l.opened = func() int { return int(opened.Load()) }
}

// distance is a listener whose connections take a round trip to open, and one for each turn of the talk.
type distance struct {
	net.Listener

	roundTrip time.Duration
	opened    *atomic.Int32
}

func (d *distance) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	d.opened.Add(1)
	distant := &distantConn{Conn: conn, roundTrip: d.roundTrip}
	distant.due.Store(int64(2 * d.roundTrip)) // The handshake of TCP is over at once on loopback.
	return distant, nil
}

type distantConn struct {
	net.Conn

	roundTrip time.Duration
	due       atomic.Int64 // How long the next bytes are on their way.
}

func (c *distantConn) Write(data []byte) (int, error) {
	c.due.Store(int64(c.roundTrip))
	return c.Conn.Write(data)
}

func (c *distantConn) Read(data []byte) (int, error) {
	n, err := c.Conn.Read(data)
	if n > 0 {
		time.Sleep(time.Duration(c.due.Swap(0)))
	}
	return n, err
}
