package jobs_test

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func refusal(status int) func() error {
	return func() error { return &cloud.APIError{Status: status, Code: "SHIP.9"} }
}

// times lets only the first answers be others.
func times(n int, answer func() error) func() error {
	return func() error {
		if n--; n < 0 {
			return nil
		}
		return answer()
	}
}

// A create is submitted once, whatever comes of it, and ends with the id of what it made, or an error that says what is
// true.
func TestCreate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(*harbor)
		kind    jobs.Kind
		fails   bool
		late    time.Duration
		text    string
	}{
		"succeeds":           {late: 3 * time.Second},
		"its answer is lost": {prepare: func(h *harbor) { h.answer["create"] = refusal(502) }, late: -jobTime},
		"the job is denied": {
			prepare: func(h *harbor) { h.answer["job"] = refusal(403) }, late: -jobTime + time.Second,
		},
		"the job can't be read a while": {
			prepare: func(h *harbor) { h.answer["job"] = times(40, refusal(503)) }, late: 65 * time.Second,
		},
		"it is refused": {
			prepare: func(h *harbor) { h.answer["create"] = refusal(409) }, fails: true, kind: jobs.Refused, text: "SHIP.9",
		},
		"it can't be sent": {
			prepare: func(h *harbor) { h.answer["create"] = func() error { return errors.New("no route") } },
			fails:   true, kind: jobs.NotSent, text: "no route",
		},
		"it never shows": {
			prepare: func(h *harbor) {
				h.answer["create"] = refusal(504)
				h.answer["list"] = func() error { clear(h.ships); return nil }
			},
			fails: true, kind: jobs.NotStarted, text: "HTTP 504",
		},
		"its evidence can't be read": {
			prepare: func(h *harbor) { h.answer["create"], h.answer["list"] = refusal(504), refusal(403) },
			fails:   true, kind: jobs.LostContact, text: "HTTP 403",
		},
		"the job fails": {
			prepare: func(h *harbor) {
				h.answer["job"] = func() error {
					job := h.begun["job-1"]
					job.failed = true
					h.begun["job-1"] = job
					return nil
				}
			},
			fails: true, kind: jobs.Failed, text: "job job-1: SHIP.1 no berth",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarbor()
			if test.prepare != nil {
				test.prepare(h)
			}
			began := h.clock.Now()
			id, err := h.build(t.Context(), jobs.Waiter{Clock: h.clock, Shortest: time.Second}.Begin(nil), "Vasa")
			failure, failed := errors.AsType[*jobs.Error](err)
			if failed != test.fails || failed && (failure.Kind != test.kind || !strings.Contains(failure.Error(), test.text)) {
				t.Errorf("got %v, want kind %q with %q", err, test.kind, test.text)
			}
			if !failed && (id != "ship-1" || h.ships[id] != "Vasa") {
				t.Errorf("got %q, %v", id, err)
			}
			if late := h.clock.Now().Sub(began) - jobTime; !failed && late > test.late {
				t.Errorf("%s late", late)
			}
			if failed && test.kind == jobs.NotStarted && failure.Reads != jobs.StaleReads {
				t.Errorf("%d reads", failure.Reads)
			}
			if h.asked["create"] != 1 {
				t.Errorf("sent %d times", h.asked["create"])
			}
		})
	}
}

// A delete has ended when a read says that it is gone, whatever its job says.
func TestDelete(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*harbor){
		"succeeds":               func(*harbor) {},
		"the job is denied":      func(h *harbor) { h.answer["job"] = refusal(403) },
		"it shows late":          func(h *harbor) { h.answer["show"] = times(20, func() error { return nil }) },
		"it is not read a while": func(h *harbor) { h.answer["show"] = times(50, refusal(502)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarbor()
			h.ships["ship-1"] = "Vasa"
			prepare(h)
			wait := jobs.Waiter{Clock: h.clock, Shortest: time.Second}.Begin(nil)
			if err := h.scrap(t.Context(), wait, "ship-1"); err != nil || len(h.ships) > 0 || h.asked["delete"] != 1 {
				t.Errorf("got %v after %d requests, left %v", err, h.asked["delete"], h.ships)
			}
		})
	}
}

// The context is the only deadline, and what was started goes on.
func TestWaitsEndWithTheContext(t *testing.T) {
	t.Parallel()
	for _, kind := range []jobs.Kind{jobs.TimedOut, jobs.Interrupted} {
		h := newHarbor()
		wait := jobs.Waiter{Clock: h.clock, Shortest: time.Second}.Begin(nil)
		ctx, cancel := h.clock.WithTimeout(t.Context(), 30*time.Second)
		if kind == jobs.Interrupted {
			h.answer["job"] = times(1, func() error { cancel(); return nil })
		}
		_, err := h.build(ctx, wait, "Vasa")
		cancel()
		if failure, ok := errors.AsType[*jobs.Error](err); !ok || failure.Kind != kind || failure.JobID != "job-1" ||
			failure.Waited > 30*time.Second {
			t.Errorf("got %v, want it to be %s with its job", err, kind)
		}
	}
}

// All that is called has the caller's context. Where that ends meanwhile the wait was interrupted, whatever the call says.
func TestCallsEndWithTheContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	for ending, answer := range map[string]error{
		"send": errors.New("no route"), "accepted": nil, "a job that runs": nil, "a job": refusal(403)(), "ended": nil,
		"a read": refusal(403)(), "another read": nil,
	} {
		clock := simulator.NewManualClock(time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC))
		ctx, end := context.WithCancel(context.WithValue(t.Context(), key{}, true))
		call := func(ctx context.Context, name string) error {
			if ctx.Value(key{}) == nil {
				t.Errorf("%s: %s has another context", ending, name)
			}
			if name == ending {
				end()
				return answer
			}
			return nil
		}
		wait := jobs.Waiter{Clock: clock, Shortest: time.Second}.Begin(func(ctx context.Context, _ bool) bool {
			return call(ctx, "notify") == nil
		})
		looks, statuses := 0, []cloud.JobStatus{cloud.JobInit, cloud.JobRunning, cloud.JobSuccess}
		_, err := wait.Submit(ctx, func(ctx context.Context) (string, error) {
			return "", cmp.Or(call(ctx, "send"), refusal(502)())
		}, func(ctx context.Context) (bool, error) {
			looks++
			return looks > 1 && ctx.Err() == nil, call(ctx, "accepted")
		})
		if (err != nil) != (ending == "send" || ending == "accepted") {
			t.Errorf("%s: submitting ended with %v", ending, err)
		}
		known := false
		if err == nil {
			_, known, err = jobs.Await(ctx, wait, func(ctx context.Context) (sdrs.Job, error) {
				job := sdrs.Job{Status: statuses[0]}
				statuses = statuses[1:]
				if job.Status == cloud.JobRunning {
					return job, call(ctx, "a job that runs")
				}
				if job.Status == cloud.JobSuccess && ending == "ended" {
					return job, refusal(503)()
				}
				if job.Status == cloud.JobInit && ending == "a job" {
					job.Status = cloud.JobSuccess // Said by who refuses to tell: it does not count.
				}
				return job, call(ctx, "a job")
			}, func(ctx context.Context) bool {
				if len(statuses) > 0 {
					t.Errorf("%s: a look at what changes, while the job is known to run", ending)
				}
				return call(ctx, "ended") == nil
			})
		}
		if err == nil {
			looks = 0
			err = wait.Until(ctx, func(ctx context.Context) (bool, error) {
				looks++
				return looks > 1, errors.Join(call(ctx, "a read"), call(ctx, "another read"))
			})
		}
		failure, ok := errors.AsType[*jobs.Error](err)
		if !ok || failure.Kind != jobs.Interrupted || known != strings.HasSuffix(ending, "read") {
			t.Errorf("%s: got %v, known %t", ending, err, known)
		}
		end()
	}
}

// One rule for reads that fail: those that may pass are repeated, 60 in a row, and each success begins anew.
func TestBudgetOfFailedReads(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers func(read int) error
		reads   int
		lost    bool
	}{
		"60 in a row":          {answers: func(n int) error { return failing(n <= 60) }, reads: 61},
		"61 in a row":          {answers: func(n int) error { return failing(n <= 61) }, reads: 61, lost: true},
		"60, one, 60":          {answers: func(n int) error { return failing(n <= 121 && n != 61) }, reads: 122},
		"refused for good":     {answers: func(int) error { return refusal(http.StatusForbidden)() }, reads: 1, lost: true},
		"not about the object": {answers: func(n int) error { return about(n > 3) }, reads: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarbor()
			wait := jobs.Waiter{Clock: h.clock, Shortest: time.Second}.Begin(nil)
			for range 2 { // What succeeds leaves the next one a whole budget.
				reads := 0
				err := wait.Until(t.Context(), func(context.Context) (bool, error) {
					reads++
					err := test.answers(reads)
					return err == nil && reads == test.reads, err
				})
				if failure, ok := errors.AsType[*jobs.Error](err); ok != test.lost || ok && failure.Kind != jobs.LostContact ||
					reads != test.reads {
					t.Errorf("got %v after %d reads, want %d", err, reads, test.reads)
				}
				if test.lost {
					wait.Succeeded()
				}
			}
			reads, looks := 0, 0
			_, known, err := jobs.Await(t.Context(), wait, func(context.Context) (sdrs.Job, error) {
				reads++
				err := test.answers(reads)
				switch {
				case err != nil && reads%2 == 0:
					return sdrs.Job{Status: cloud.JobFail}, err // It does not count.
				case reads < test.reads:
					return sdrs.Job{Status: cloud.JobRunning}, err
				}
				return sdrs.Job{Status: cloud.JobSuccess}, err
			}, func(context.Context) bool { looks++; return false })
			if err != nil || known == test.lost || reads != test.reads || looks == 0 {
				t.Errorf("got %v, known %t, after %d reads of a job, want %d", err, known, reads, test.reads)
			}
		})
	}
}

func failing(yes bool) error {
	if yes {
		return refusal(http.StatusBadGateway)()
	}
	return nil
}

func about(right bool) error {
	asked := "ship-1"
	if right {
		return cloud.CheckID("/ships/ship-1", "ship", asked, asked)
	}
	return cloud.CheckID("/ships/ship-1", "ship", asked, "ship-2")
}

// The interval begins at the shortest, grows to five times that, and begins anew with what is waited for next.
func TestIntervalsGrow(t *testing.T) {
	t.Parallel()
	h := newHarbor()
	var last time.Time
	var intervals []time.Duration
	wait := jobs.Waiter{Clock: h.clock, Shortest: time.Second}.Begin(func(context.Context, bool) bool {
		intervals = append(intervals, h.clock.Now().Sub(last))
		last = h.clock.Now()
		return false
	})
	ends := h.clock.Now().Add(10 * time.Minute)
	over := func(context.Context) (bool, error) { return h.clock.Now().After(ends), nil }
	if err := wait.Until(t.Context(), over); err != nil {
		t.Fatal(err)
	}
	grown := intervals[1:]
	if grown[0] != time.Second || grown[len(grown)-1] != 5*time.Second || !slices.IsSorted(grown) {
		t.Errorf("got %v", grown)
	}
	if w := jobs.NewWaiter(); w.Clock == nil || w.Shortest != time.Second {
		t.Errorf("by default %+v", w)
	}
	wait.Restart()
	began := h.clock.Now()
	if err := wait.Pause(t.Context()); err != nil || h.clock.Now().Sub(began) != time.Second {
		t.Errorf("paused %s after the restart, %v", h.clock.Now().Sub(began), err)
	}
}

// A word is due every ten seconds.
func TestWords(t *testing.T) {
	t.Parallel()
	h := newHarbor()
	var words []time.Duration
	began := h.clock.Now()
	wait := jobs.Waiter{Clock: h.clock, Shortest: time.Second}.Begin(func(_ context.Context, overdue bool) bool {
		if overdue {
			words = append(words, h.clock.Now().Sub(began))
		}
		return overdue
	})
	ends := began.Add(time.Minute)
	if err := wait.Until(t.Context(),
		func(context.Context) (bool, error) { return h.clock.Now().After(ends), nil }); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(words); i++ {
		if between := words[i] - words[i-1]; between < 10*time.Second || between > 13*time.Second {
			t.Errorf("a word after %s: %v", between, words)
		}
	}
	if len(words) < 5 || words[1]-words[0] != 10*time.Second {
		t.Errorf("words at %v", words)
	}
}
