package cloud_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// listen serves each connection on loopback by serve, given the number of connections before it, and returns the
// address.
func listen(t *testing.T, serve func(n int, conn net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It ends with the test.
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	var conns []net.Conn
	wait.Go(func() {
		for n := 0; ; n++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			wait.Go(func() { serve(n, conn); _ = conn.Close() })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		mu.Lock()
		for _, conn := range conns {
			_ = conn.Close()
		}
		mu.Unlock()
		wait.Wait()
	})
	return listener.Addr().String()
}

// sessionAt returns a session whose requests to SDRS go to another place than the simulator.
func sessionAt(t *testing.T, endpoint string) *cloud.Session {
	t.Helper()
	config := newCloud(t).config()
	config.Insecure = true
	config.Endpoints = map[cloud.Service]string{cloud.SDRS: endpoint}
	session, err := cloud.NewSession(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// http1 reads the requests of a connection, and lets next answer each, until that returns false.
func http1(conn net.Conn, next func(request *http.Request, body string) bool) {
	in := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		body, err := io.ReadAll(request.Body)
		if err != nil || !next(request, string(body)) {
			return
		}
	}
}

const answered = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

// A POST is counted where it arrives, as whole requests of raw connections: what lies between may repeat it, too.
func TestActionsAreSentOnceOnTheWire(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		// answer is written to the connection after a POST, which is then closed, unless it is held.
		answer      string
		reset, held bool
		// idle ends a kept connection before the POST is sent.
		idle          bool
		sent          int
		unknown, done bool
	}{
		"answered":       {answer: answered, sent: 1, done: true},
		"closed":         {sent: 1, unknown: true},
		"reset":          {reset: true, sent: 1, unknown: true},
		"half an answer": {answer: "HTTP/1.1 200 OK\r\nContent-Le", sent: 1, unknown: true},
		"half a body":    {answer: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", sent: 1, unknown: true},
		"garbage":        {answer: "no HTTP\r\n\r\n", sent: 1, unknown: true},
		"another protocol": {
			answer: "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", held: true, sent: 1, unknown: true,
		},
		"early hints without end": {answer: strings.Repeat("HTTP/1.1 103 Hints\r\n\r\n", 100), sent: 1, unknown: true},
		"idle connection closed":  {idle: true, answer: answered, sent: 1, done: true},
	} {
		for _, encrypted := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, encrypted %t", name, encrypted), func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				var mu sync.Mutex
				posts := 0
				idle := make(chan struct{})
				certificates := serverCertificates(t)
				address := listen(t, func(_ int, conn net.Conn) {
					raw := conn
					if encrypted {
						conn = tls.Server(conn, certificates)
					}
					http1(conn, func(r *http.Request, _ string) bool {
						if r.Method == http.MethodGet {
							_, _ = io.WriteString(conn, answered)
							if test.idle {
								_ = raw.Close()
								close(idle)
							}
							return !test.idle
						}
						mu.Lock()
						posts++
						mu.Unlock()
						_, _ = io.WriteString(conn, test.answer)
						if test.reset {
							_ = raw.(*net.TCPConn).SetLinger(0) //nolint:forcetypeassert // It is one.
						}
						if test.held {
							<-ctx.Done()
						}
						_ = raw.Close()
						return false
					})
				})
				scheme := "http://"
				if encrypted {
					scheme = "https://"
				}
				session := sessionAt(t, scheme+address)
				if _, err := group(t.Context(), session); err != nil { // The connection is reused.
					t.Fatal(err)
				}
				if test.idle {
					<-idle
				}
				err := act(ctx, session)
				if ctx.Err() != nil {
					t.Error("it ended with the connection")
				}
				mu.Lock()
				defer mu.Unlock()
				if posts != test.sent {
					t.Errorf("%d POSTs on the wire, want %d", posts, test.sent)
				}
				if (err == nil) != test.done || cloud.OutcomeUnknown(err) != test.unknown {
					t.Errorf("got %v, unknown is %t", err, cloud.OutcomeUnknown(err))
				}
			})
		}
	}
}

// serverCertificates is a TLS configuration that offers HTTP/2 first.
func serverCertificates(t *testing.T) *tls.Config {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.EnableHTTP2 = true
	server.StartTLS()
	server.Close()
	config := server.TLS.Clone()
	config.NextProtos = []string{"h2", "http/1.1"}
	return config
}

// A server that speaks HTTP/2 may tell a client that it did not process a request, which net/http then repeats by
// itself: so HTTP/2 is not spoken.
func TestActionsAreSentByHTTP1(t *testing.T) {
	t.Parallel()
	spoken := make(chan string, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		spoken <- r.Proto
		_, _ = io.WriteString(w, `{"job_id":"j"}`)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	if err := act(t.Context(), sessionAt(t, server.URL)); err != nil || <-spoken != "HTTP/1.1" {
		t.Errorf("got %v", err)
	}
}
