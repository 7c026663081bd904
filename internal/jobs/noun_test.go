package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

var (
	_ jobs.Job = sdrs.Job{}
	_ jobs.Job = ecs.Job{}
)

// jobTime is how long a job of the harbor takes.
const jobTime = time.Minute

// harbor is a cloud of a made-up noun, the ship: its creates and deletes are jobs, and nothing but the job tells the id
// of a new ship. Its natural key is its name.
type harbor struct {
	clock *simulator.ManualClock
	ships map[string]string // Names by id.
	begun map[string]begun  // Jobs by id.
	// answer is what a request gets; nil: what is true. It may take effect all the same.
	answer map[string]func() error
	asked  map[string]int
}

type begun struct {
	ends   time.Time
	ship   string
	failed bool
	done   func()
}

func newHarbor() *harbor {
	return &harbor{
		clock: simulator.NewManualClock(time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)),
		ships: map[string]string{}, begun: map[string]begun{}, answer: map[string]func() error{}, asked: map[string]int{},
	}
}

// request counts a request, and lets time do its work. Its answer may be another one.
func (h *harbor) request(call string) error {
	h.asked[call]++
	for id, job := range h.begun {
		if job.done != nil && !h.clock.Now().Before(job.ends) {
			job.done()
			job.done = nil
			h.begun[id] = job
		}
	}
	if answer := h.answer[call]; answer != nil {
		return answer()
	}
	return nil
}

func (h *harbor) begin(ship string, done func()) string {
	id := fmt.Sprintf("job-%d", len(h.begun)+1)
	h.begun[id] = begun{ends: h.clock.Now().Add(jobTime), ship: ship, done: done}
	return id
}

func (h *harbor) create(name string) (string, error) {
	err := h.request("create")
	if err != nil && !cloud.OutcomeUnknown(err) {
		return "", err
	}
	id := fmt.Sprintf("ship-%d", h.asked["create"])
	h.ships[id] = name
	job := h.begin(id, nil)
	if err != nil {
		return "", err
	}
	return job, nil
}

func (h *harbor) delete(id string) (string, error) {
	err := h.request("delete")
	if err != nil && !cloud.OutcomeUnknown(err) {
		return "", err
	}
	job := h.begin(id, func() { delete(h.ships, id) })
	if err != nil {
		return "", err
	}
	return job, nil
}

func (h *harbor) job(id string) (sdrs.Job, error) {
	if err := h.request("job"); err != nil {
		return sdrs.Job{}, err
	}
	job := h.begun[id]
	answer := sdrs.Job{ID: id, Status: cloud.JobRunning}
	switch over := !h.clock.Now().Before(job.ends); {
	case over && job.failed:
		answer.Status, answer.ErrorCode, answer.FailReason = cloud.JobFail, "SHIP.1", "no berth"
	case over:
		answer.Status, answer.Entities.InstanceID = cloud.JobSuccess, job.ship
	}
	return answer, nil
}

func (h *harbor) show(id string) error {
	if err := h.request("show"); err != nil {
		return err
	}
	if _, found := h.ships[id]; !found {
		return &cloud.APIError{Status: http.StatusNotFound, Code: "SHIP.404"}
	}
	return nil
}

func (h *harbor) named(name string) (string, error) {
	if err := h.request("list"); err != nil {
		return "", err
	}
	for id, other := range h.ships {
		if other == name {
			return id, nil
		}
	}
	return "", nil
}

// build is what the create of a noun takes: submit, await, and the id from the job's entities. Where the job does not
// tell, the natural key does.
func (h *harbor) build(ctx context.Context, wait *jobs.Wait, name string) (string, error) {
	var id string
	find := func(context.Context) (found bool, err error) {
		id, err = h.named(name)
		return id != "", err
	}
	jobID, err := wait.Submit(ctx, func(context.Context) (string, error) { return h.create(name) },
		func(ctx context.Context) (bool, error) {
			err := wait.Until(ctx, func(ctx context.Context) (bool, error) { _, err := find(ctx); return true, err })
			return id != "", err
		})
	if err != nil || jobID == "" {
		return id, err
	}
	job, known, err := jobs.Await(ctx, wait, func(context.Context) (sdrs.Job, error) { return h.job(jobID) }, nil)
	if err != nil || known {
		return job.Entities.InstanceID, err
	}
	return id, wait.Until(ctx, func(ctx context.Context) (bool, error) { return find(ctx) })
}

// scrap is what the delete of a noun takes: submit, await, and until it is gone.
func (h *harbor) scrap(ctx context.Context, wait *jobs.Wait, id string) error {
	gone := func(context.Context) (bool, error) {
		err := h.show(id)
		if failure, ok := errors.AsType[*cloud.APIError](err); ok && failure.Code == "SHIP.404" {
			return true, nil
		}
		return false, err
	}
	jobID, err := wait.Submit(ctx, func(context.Context) (string, error) { return h.delete(id) }, gone)
	if err != nil {
		return err
	}
	if jobID != "" {
		if _, _, err := jobs.Await(ctx, wait, func(context.Context) (sdrs.Job, error) { return h.job(jobID) },
			nil); err != nil {
			return err
		}
	}
	return wait.Until(ctx, gone)
}
