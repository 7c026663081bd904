package cloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// fault is what the network and the cloud do to one request.
type fault struct {
	// Connecting is how long a connection takes, and Refused how many before it fail.
	Connecting time.Duration
	Refused    int
	// Answering is how long the answer takes, Status what it is, and RetryAfter its header of that name.
	Answering  time.Duration
	Status     int
	RetryAfter string
	// Broken is what is written in place of a whole answer where Status is 0.
	Broken string
	// Closed is set where the server closes the connection after the answer, without a word.
	Closed bool
	// Login is how long logging in again takes, and LoginStatus what IAM answers.
	Login       time.Duration
	LoginStatus int
}

// faults draws any fault.
func faults() *rapid.Generator[fault] {
	delay := rapid.Map(rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 3000), rapid.IntRange(0, 40_000)),
		func(n int) time.Duration {
			return time.Duration(n) * time.Millisecond
		})
	return rapid.Custom(func(t *rapid.T) fault {
		return fault{
			Connecting: delay.Draw(t, "connecting"),
			Refused:    rapid.SampledFrom([]int{0, 0, 1, 3, 9}).Draw(t, "refused"),
			Answering:  delay.Draw(t, "answering"),
			Status: rapid.SampledFrom([]int{
				0, 200, 202, 302, 303, 400, 401, 401, 404, 408, 409, 429, 429, 429, 500, 501, 502, 503, 504,
			}).Draw(t, "status"),
			RetryAfter: rapid.SampledFrom([]string{
				"", "0", "7", "3600", "9223372036854775807", "Fri, 31 Dec 1999 23:59:59 GMT",
			}).Draw(t, "Retry-After"),
			Broken: rapid.SampledFrom([]string{
				"", "no HTTP\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
				"HTTP/1.1 429 Slow\r\nContent-Length: 9\r\n\r\n{",
				"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
			}).Draw(t, "broken"),
			Closed:      rapid.Bool().Draw(t, "closed"),
			Login:       delay.Draw(t, "login"),
			LoginStatus: rapid.SampledFrom([]int{201, 201, 201, 401, 503}).Draw(t, "login status"),
		}
	})
}

// arrival is a request on the wire.
type arrival struct {
	At time.Duration
	// status is what it was answered; 0 where the client was gone by then, or got no whole answer.
	status int
}

// unprocessed reports whether the cloud provably did nothing, refused whether it gave its verdict against the request.
func (a arrival) unprocessed() bool { return a.status == 429 || a.status == 401 }
func (a arrival) refused() bool     { return a.status >= 400 && a.status < 500 && a.status != 408 }

// walk is a call whose requests meet one fault after the other, the last for ever.
type walk struct {
	method string
	series []fault
	// interrupted is when the caller's context ends, after the start; 0: never.
	interrupted time.Duration
	// kept is set where there is a connection from an earlier request, and broken where the server has closed it.
	kept, broken bool

	mu       sync.Mutex
	arrivals []arrival
	refused  map[int]int
	err      error
	took     time.Duration
}

// now returns the fault that the next request meets, and its number.
func (w *walk) now() (fault, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.arrivals)
	return w.series[min(n, len(w.series)-1)], n
}

func (w *walk) run(t *testing.T) {
	t.Helper()
	m := newMemory(t)
	if w.kept {
		m.answer = func(out http.ResponseWriter, _ *http.Request) { reply(out, fault{Status: 200, Closed: w.broken}) }
		if err := m.get(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	m.dial = func(ctx context.Context) error {
		f, n := w.now()
		w.mu.Lock()
		w.refused[n]++
		last := w.refused[n] > f.Refused
		w.mu.Unlock()
		if last {
			return takes(f.Connecting, nil)(ctx)
		}
		return takes(f.Connecting, errors.New("no route"))(ctx)
	}
	m.login = func(out http.ResponseWriter) bool {
		f, _ := w.now()
		time.Sleep(f.Login)
		if f.LoginStatus == http.StatusCreated {
			return true
		}
		out.WriteHeader(f.LoginStatus)
		return false
	}
	m.answer = func(out http.ResponseWriter, request *http.Request) {
		f, n := w.now()
		w.mu.Lock()
		w.arrivals = append(w.arrivals, arrival{At: time.Since(m.start)})
		w.mu.Unlock()
		select {
		case <-request.Context().Done(): // The client has gone.
			return
		case <-time.After(f.Answering):
		}
		w.mu.Lock()
		w.arrivals[n].status = f.Status
		w.mu.Unlock()
		reply(out, f)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m.start = time.Now()
	if w.interrupted > 0 {
		time.AfterFunc(w.interrupted, cancel)
	}
	var out struct{}
	switch w.method {
	case http.MethodPost:
		w.err = m.session.Post(ctx, SDRS, "/server-groups/x", struct{}{}, &out)
	case http.MethodPut:
		w.err = m.session.Put(ctx, SDRS, "/server-groups/x", struct{}{}, &out)
	case http.MethodDelete:
		w.err = m.session.Delete(ctx, SDRS, "/server-groups/x", nil, &out)
	case http.MethodGet:
		w.err = m.get(ctx)
	}
	w.took = time.Since(m.start)
	time.Sleep(time.Hour) // What is sent behind the caller's back has arrived by then.
}

// reply answers by a fault.
func reply(out http.ResponseWriter, f fault) {
	if f.Status != 0 && !f.Closed {
		out.Header().Set("Retry-After", f.RetryAfter)
		out.WriteHeader(f.Status)
		_, _ = io.WriteString(out, "{}")
		return
	}
	conn, _, err := out.(http.Hijacker).Hijack() //nolint:forcetypeassert // HTTP/1.1 has it.
	if err != nil {
		return
	}
	answer := f.Broken
	if f.Status != 0 {
		answer = fmt.Sprintf("HTTP/1.1 %d X\r\nRetry-After: %s\r\nContent-Length: 2\r\n\r\n{}", f.Status, f.RetryAfter)
	}
	_, _ = io.WriteString(conn, answer)
	_ = conn.Close()
}

// Whatever happens on the way: what acts is on the wire at most once but for what the cloud provably did not process,
// nothing is written after its context has ended or later than its limit, and the caller is told what is known, in
// time.
func TestAnySeriesOfFaults(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodGet} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				w := &walk{
					method:  method,
					series:  rapid.SliceOfN(faults(), 1, 5).Draw(rt, "faults"),
					kept:    rapid.Bool().Draw(rt, "kept"),
					broken:  rapid.Bool().Draw(rt, "broken"),
					refused: map[int]int{},
				}
				if rapid.Bool().Draw(rt, "interrupted") {
					w.interrupted = time.Duration(rapid.IntRange(1, 70_000).Draw(rt, "at")) * time.Millisecond
				}
				synctest.Test(t, w.run)
				w.check(rt)
			})
		})
	}
}

func (w *walk) check(t *rapid.T) {
	changes := w.method != http.MethodGet
	known := w.err != nil && !OutcomeUnknown(w.err)
	for i, a := range w.arrivals {
		if w.method == http.MethodPost && i < len(w.arrivals)-1 && !a.unprocessed() {
			t.Errorf("POST again after %+v", a)
		}
		if w.interrupted > 0 && a.At > w.interrupted {
			t.Errorf("on the wire %s after the start, interrupted at %s", a.At, w.interrupted)
		}
		if changes && a.At > sendLimit {
			t.Errorf("on the wire %s after the start", a.At)
		}
		if changes && known && !a.refused() {
			t.Errorf("%+v may have taken effect, got %v", a, w.err)
		}
		if changes && Postponed(w.err) && !a.unprocessed() {
			t.Errorf("%+v was processed, got %v", a, w.err)
		}
	}
	if n := len(w.arrivals); w.err == nil && (n == 0 || w.arrivals[n-1].status/100 != 2) {
		t.Errorf("done after %+v", w.arrivals)
	}
	if changes && w.took > sendLimit+defaultRequestTimeout || w.interrupted > 0 && w.took > w.interrupted+answerGrace {
		t.Errorf("told after %s, interrupted at %s", w.took, w.interrupted)
	}
}
