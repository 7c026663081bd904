package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a network in memory with a small cloud on it: in a synctest bubble time passes by itself there, while
// nobody waits for it. On loopback it would stand still.
type memory struct {
	session *Session
	server  *http.Server
	conns   chan net.Conn
	closed  chan struct{}
	// dial comes before each connection; where it fails, there is none.
	dial func(context.Context) error
	// silent is set where nobody listens at the other end of a connection.
	silent bool
	// answer serves a request to SDRS, and login one to IAM, unless it returns true: then that succeeds.
	answer http.HandlerFunc
	login  func(http.ResponseWriter) bool
	// trace watches what post does, after the session has seen it.
	trace httptrace.ClientTrace

	mu sync.Mutex
	// sent is when each request that is no login was received, since the start of the last [memory.reset].
	sent  []time.Duration
	start time.Time
}

// newMemory returns a network with a session on it, which repeats as the provider does by default.
func newMemory(t *testing.T) *memory {
	t.Helper()
	m := &memory{
		conns: make(chan net.Conn), closed: make(chan struct{}), dial: func(context.Context) error { return nil },
		answer: accept, login: logsIn(0), start: time.Now(),
	}
	m.server = &http.Server{Handler: m, ReadHeaderTimeout: time.Hour}
	go func() { _ = m.server.Serve(m) }()
	config := Config{
		AuthURL: "http://iam.test/v3", UserName: "u", Password: "p", DomainName: "d", ProjectName: "eu-de",
		RetryWait: defaultRetryWait, RequestTimeout: defaultRequestTimeout, MaxRetries: 5,
		Endpoints: map[Service]string{SDRS: "http://sdrs.test/v1", ECS: "http://ecs.test/v1"},
	}
	pool, err := config.transport()
	if err != nil {
		t.Fatal(err)
	}
	pool.Proxy = nil
	pool.DialContext = m.connect
	t.Cleanup(func() {
		time.Sleep(time.Hour) // What goes on without anybody waiting for it has ended by then, such as a login.
		pool.CloseIdleConnections()
		_ = m.server.Close()
	})
	if m.session, err = newSession(t.Context(), config, pool); err != nil {
		t.Fatal(err)
	}
	pool.CloseIdleConnections() // What the tests are about begins with a connection.
	return m
}

func (m *memory) connect(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := m.dial(ctx); err != nil {
		return nil, err
	}
	ours, theirs := net.Pipe()
	if m.silent {
		return ours, nil
	}
	select {
	case m.conns <- theirs:
		return ours, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

// Accept makes it a net.Listener, as Close and Addr do.
func (m *memory) Accept() (net.Conn, error) {
	select {
	case conn := <-m.conns:
		return conn, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { close(m.closed); return nil }
func (m *memory) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

func (m *memory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(r.URL.Path, "/v3/") {
		if !m.login(w) {
			return
		}
		w.Header().Set("X-Subject-Token", "token")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"token": {"catalog": [], "project": {"id": "p", "name": "eu-de"}}}`))
		return
	}
	m.mu.Lock()
	m.sent = append(m.sent, time.Since(m.start))
	m.mu.Unlock()
	m.answer(w, r)
}

// times returns when requests were received.
func (m *memory) times() []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sent
}

func (m *memory) post(ctx context.Context) error {
	m.start = time.Now()
	var answer struct{}
	ctx = httptrace.WithClientTrace(ctx, &m.trace)
	return m.session.Post(ctx, SDRS, "/server-groups/x/action", json.RawMessage(`{}`), &answer)
}

func (m *memory) get(ctx context.Context) error {
	var answer struct{}
	return m.session.Get(ctx, SDRS, "/server-groups/x", nil, &answer)
}

func accept(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) }

// answering returns a handler that answers with a status and headers, given in pairs.
func answering(status int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
	}
}

// logsIn returns a login that takes so long, and succeeds.
func logsIn(after time.Duration) func(http.ResponseWriter) bool {
	return func(http.ResponseWriter) bool { time.Sleep(after); return true }
}

// takes returns a connection that takes so long to be made, or until the context ends.
func takes(d time.Duration, err error) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d):
			return err
		}
	}
}

// An action that could not be sent in time is not sent: what was checked before may not hold any longer.
func TestActionsLeaveInTime(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*memory){
		"throttled":               func(m *memory) { m.answer = answering(429) },
		"throttled for long":      func(m *memory) { m.answer = answering(429, "Retry-After", "9") },
		"throttled for a moment":  func(m *memory) { m.answer = answering(429, "Retry-After", "0") },
		"throttled for ages":      func(m *memory) { m.answer = answering(429, "Retry-After", "9223372036854775807") },
		"slow renewal":            func(m *memory) { m.answer, m.login = answering(401), logsIn(36*time.Second) },
		"slow connection":         func(m *memory) { m.dial = takes(sendLimit+time.Second, nil) },
		"connections that fail":   func(m *memory) { m.dial = takes(9*time.Second, errors.New("no route")) },
		"connected just too late": func(m *memory) { m.dial = takes(sendLimit+1, nil) },
		"throttled, then slow": func(m *memory) {
			m.answer = func(w http.ResponseWriter, r *http.Request) {
				m.dial = takes(time.Minute, nil)
				answering(429, "Connection", "close")(w, r)
			}
		},
		"throttled, then lost unwritten, then slow": func(m *memory) {
			m.session.config.RequestTimeout = time.Hour
			m.answer = func(w http.ResponseWriter, r *http.Request) { m.dial = takes(time.Minute, nil); answering(429)(w, r) }
			m.trace.GotConn = func(got httptrace.GotConnInfo) {
				if got.Reused {
					_ = got.Conn.Close()
				}
			}
		},
		"hanging TLS handshakes": func(m *memory) {
			m.session.identity.overrides[SDRS] = "https://sdrs.test/v1"
			m.silent = true
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := newMemory(t)
				prepare(m)
				err := m.post(t.Context())
				if waited := time.Since(m.start); waited > sendLimit {
					t.Errorf("the caller is told after %s", waited)
				}
				if !Postponed(err) || OutcomeUnknown(err) {
					t.Errorf("got %v, want an error after which checks are made again", err)
				}
				for _, sent := range m.times() {
					if sent > sendLimit {
						t.Errorf("sent after %s", sent)
					}
				}
				if n := len(m.times()); n > 10 {
					t.Errorf("sent %d times", n)
				}
			})
		})
	}
}

// The limit is for sending: an answer may come later, and counts, also where it is a refusal.
func TestAnswersMayComeAfterTheLimit(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusConflict} {
		synctest.Test(t, func(t *testing.T) {
			m := newMemory(t)
			m.dial = takes(20*time.Second, nil)
			m.answer = func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(20 * time.Second)
				w.WriteHeader(status)
				accept(w, r)
			}
			m.session.config.RequestTimeout = time.Minute
			err := m.post(t.Context())
			_, refused := errors.AsType[*APIError](err)
			if want := status == http.StatusConflict; refused != want || (err != nil) != want {
				t.Errorf("%d: got %v", status, err)
			}
			if waited := time.Since(m.start); waited != 40*time.Second {
				t.Errorf("waited %s", waited)
			}
		})
	}
}

// Reads side by side keep as many connections for the next ones.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(t)
		var made atomic.Int32
		m.dial = func(context.Context) error { made.Add(1); return nil }
		// By then all of a round have come.
		m.answer = func(w http.ResponseWriter, r *http.Request) { time.Sleep(time.Second); accept(w, r) }
		for range 3 {
			var round sync.WaitGroup
			for range idleConnections {
				round.Go(func() {
					if err := m.get(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			round.Wait()
		}
		if n := made.Load(); n != idleConnections {
			t.Errorf("%d connections, want %d", n, idleConnections)
		}
	})
}

// What was still on its way to be sent when the context ended is never sent; the grace is for answers.
func TestNothingIsSentAfterTheContext(t *testing.T) {
	t.Parallel()
	const interrupt = 100 * time.Millisecond
	for name, prepare := range map[string]func(m *memory, cancel func()){
		"connecting":            func(m *memory, _ func()) { m.dial = takes(interrupt+400*time.Millisecond, nil) },
		"connecting, just then": func(m *memory, _ func()) { m.dial = takes(interrupt+1, nil) },
		"connected, just then": func(m *memory,
			cancel func(),
		) {
			m.dial = func(context.Context) error { cancel(); return nil }
		},
		"logging in again": func(m *memory, _ func()) {
			m.answer = answering(401)
			m.login = logsIn(interrupt + 400*time.Millisecond)
		},
		"throttled": func(m *memory, _ func()) { m.answer = answering(429) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 20 { // Two things happen at once.
				synctest.Test(t, func(t *testing.T) {
					m := newMemory(t)
					ctx, cancel := context.WithCancel(t.Context())
					prepare(m, cancel)
					time.AfterFunc(interrupt, cancel)
					err := m.post(ctx)
					if waited := time.Since(m.start); waited > interrupt {
						t.Errorf("the caller is told after %s", waited)
					}
					if err == nil || OutcomeUnknown(err) {
						t.Errorf("got %v, want an error and a known outcome", err)
					}
					time.Sleep(time.Minute)
					for _, sent := range m.times() {
						if sent >= interrupt {
							t.Errorf("sent after %s", sent)
						}
					}
				})
			}
		})
	}
}

// A throttled read is repeated ten times as often as another, and slowly, whatever the cloud asks for.
func TestThrottledReadsAreRepeatedMoreOften(t *testing.T) {
	t.Parallel()
	for value, most := range map[string]time.Duration{
		"": 10 * time.Minute, "0": 10 * time.Minute,
		"9223372036854775807": time.Hour,
	} {
		synctest.Test(t, func(t *testing.T) {
			m := newMemory(t)
			m.answer = answering(429, "Retry-After", value)
			start := time.Now()
			if err := m.get(t.Context()); !Transient(err) {
				t.Errorf("got %v, want a transient error", err)
			}
			if n := len(m.times()); n != 51 {
				t.Errorf("%d reads, want ten times max_retries more than one", n)
			}
			if took := time.Since(start); took < 2*time.Minute || took > most {
				t.Errorf("Retry-After %q: took %s", value, took)
			}
		})
	}
}

// A read that gets no answer is given up, and repeated like one that gets a bad one.
func TestReadsEndInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(t)
		m.session.config.MaxRetries = 1
		m.answer = func(http.ResponseWriter, *http.Request) { time.Sleep(time.Hour) }
		start := time.Now()
		err := m.get(t.Context())
		if took := time.Since(start); !Transient(err) || took > 3*defaultRequestTimeout || len(m.times()) != 2 {
			t.Errorf("after %s: %v", took, err)
		}
	})
}
