package tftest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Exchange is a request as it was on the wire, and the status of its answer.
type Exchange struct {
	Time         time.Time // When the whole request had arrived.
	Method, Path string
	Body         []byte
	Status       int // 0 where there was no whole answer.
}

// Action returns the name of the action that the request asks for; empty where it is another request.
func (e Exchange) Action() string {
	if e.Method != http.MethodPost || !strings.HasSuffix(e.Path, "/action") {
		return ""
	}
	var body map[string]json.RawMessage
	_ = json.Unmarshal(e.Body, &body)
	for name := range body {
		return name
	}
	return ""
}

// Wire is a proxy between the provider and the simulator that passes bytes on as they are and keeps what it saw. What
// the provider sends is counted there, and not where the provider believes to have sent it.
type Wire struct {
	backend string

	mu        sync.Mutex
	exchanges []*Exchange
	// arrived is called with each request before it is passed on; nil: nothing is.
	arrived func(Exchange)
}

// Tap puts a wire between the provider and the simulator, until the test ends.
func (c *Cloud) Tap(t testing.TB) *Wire {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{backend: strings.TrimPrefix(c.url, "http://")}
	var connections sync.WaitGroup
	t.Cleanup(connections.Wait)
	t.Cleanup(func() { _ = listener.Close() })
	connections.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Go(func() { w.serve(client) })
			t.Cleanup(func() { _ = client.Close() })
		}
	})
	c.url = "http://" + listener.Addr().String()
	return w
}

// OnRequest has f called with each request before it is passed on; nil: nothing.
func (w *Wire) OnRequest(f func(Exchange)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.arrived = f
}

// Take returns what was on the wire since the last Take, in the order of arrival.
func (w *Wire) Take() []Exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := make([]Exchange, 0, len(w.exchanges))
	for _, exchange := range w.exchanges {
		taken = append(taken, *exchange)
	}
	w.exchanges = nil
	return taken
}

// serve passes requests and answers on until one of both sides ends.
func (w *Wire) serve(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := new(net.Dialer).Dial("tcp", w.backend)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var asked, answered bytes.Buffer
	requests := bufio.NewReader(io.TeeReader(client, &asked))
	answers := bufio.NewReader(io.TeeReader(server, &answered))
	for {
		request, err := http.ReadRequest(requests)
		if err != nil {
			return
		}
		exchange := &Exchange{Method: request.Method, Path: request.URL.Path}
		if exchange.Body, err = io.ReadAll(request.Body); err != nil {
			return
		}
		w.add(exchange)
		if _, err := asked.WriteTo(server); err != nil {
			return
		}
		answer, err := http.ReadResponse(answers, request)
		if err == nil {
			_, err = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
		w.mu.Lock()
		if err == nil {
			exchange.Status = answer.StatusCode
		}
		w.mu.Unlock()
		if _, failed := answered.WriteTo(client); failed != nil || err != nil || answer.Close {
			return
		}
	}
}

func (w *Wire) add(exchange *Exchange) {
	w.mu.Lock()
	exchange.Time = time.Now()
	w.exchanges = append(w.exchanges, exchange)
	arrived := w.arrived
	w.mu.Unlock()
	if arrived != nil {
		arrived(*exchange)
	}
}
