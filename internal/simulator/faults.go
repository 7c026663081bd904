package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// Cut says when a fault closes the connection without an answer.
type Cut int

// The moments of a cut. Go's HTTP client repeats a GET by itself when a kept-alive connection is cut before the first
// byte of the answer, so a single cut GET may go unnoticed; a POST is never repeated.
const (
	CutNone   Cut = iota
	CutBefore     // nothing happened
	CutAfter      // the effect happened
)

// Fault is something that goes wrong with requests. The first injected fault that matches a request and isn't used up
// applies; a fault that still skips requests lets the next one have its turn.
type Fault struct {
	Route string                   // one of the Route constants, or empty for any
	Match func(*http.Request) bool // optional further condition; it may read the body
	Skip  int                      // let this many matching requests pass first
	Times int                      // then apply to this many; 0 means every one

	Delay time.Duration // before anything else, in real time; a client that leaves meanwhile ends it, and nothing happens
	Cut   Cut

	Status      int  // answer this instead, with Header and Body, and do nothing; 0 for the real answer
	AfterEffect bool // with Status: the effect happened, only the answer is replaced
	Header      http.Header
	Body        string

	// Instead edits, once its credential was checked, a request to SDRS or ECS: it is answered as if it had been the
	// other.
	Instead func(*http.Request)
	Rewrite func(body []byte) []byte // edits the body of the real answer, whatever its status

	// Truncate above 0 sends the answer with its whole Content-Length but only this many bytes, then cuts the connection.
	Truncate int
}

// OfAnother is a Fault.Instead that answers for another id than the one in the path: another group, server or job.
func OfAnother(id string) func(*http.Request) {
	return func(r *http.Request) { r.SetPathValue("id", id) }
}

// Unfiltered is a Fault.Instead that ignores these parameters of a list, e.g. server_group_id.
func Unfiltered(parameters ...string) func(*http.Request) {
	return func(r *http.Request) {
		query := r.URL.Query()
		for _, name := range parameters {
			query.Del(name)
		}
		r.URL.RawQuery = query.Encode()
	}
}

// CountOfPage is a Fault.Rewrite that lets the count of a list be the number of items on the page.
func CountOfPage(body []byte) []byte {
	var list object
	if err := json.Unmarshal(body, &list); err != nil || list["count"] == nil {
		return body // no list
	}
	for _, value := range list {
		if items, ok := value.([]any); ok {
			list["count"] = len(items)
		}
	}
	edited, err := json.Marshal(list)
	if err != nil {
		return body
	}

	return edited
}

type injectedFault struct {
	Fault

	seen    int
	applied int
}

// Inject adds a fault. The returned function takes it away again.
func (s *Simulator) Inject(f Fault) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()

	injected := &injectedFault{Fault: f}
	s.faults = append(s.faults, injected)

	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()

		s.faults = slices.DeleteFunc(s.faults, func(other *injectedFault) bool { return other == injected })
	}
}

// faultFor returns the fault that a request meets, counting it, or a zero Fault.
func (s *Simulator) faultFor(r *http.Request, route string, body []byte) Fault {
	s.mu.Lock()
	faults := slices.Clone(s.faults)
	s.mu.Unlock()

	for _, f := range faults {
		if f.Route != "" && f.Route != route {
			continue
		}
		// Match is the test's code: it may call the simulator, so it runs outside the lock.
		if f.Match != nil {
			setBody(r, body)
			matches := f.Match(r)
			setBody(r, body)
			if !matches {
				continue
			}
		}
		if s.apply(f) {
			return f.Fault
		}
	}

	return Fault{}
}

// apply counts a matching request and reports whether the fault hits it.
func (s *Simulator) apply(f *injectedFault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	if f.Times > 0 && f.applied >= f.Times {
		return false
	}
	f.seen++
	if f.seen <= f.Skip {
		return false
	}
	f.applied++

	return true
}

// wait holds a request up and reports whether its client is still there.
func (f Fault) wait(r *http.Request) bool {
	if f.Delay <= 0 {
		return true
	}
	timer := time.NewTimer(f.Delay)
	defer timer.Stop()

	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// replacement is the answer that the fault gives in place of the real one.
func (f Fault) replacement() answer {
	header := f.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" && json.Valid([]byte(f.Body)) {
		header.Set("Content-Type", "application/json")
	}

	return answer{status: f.Status, header: header, body: []byte(f.Body)}
}
