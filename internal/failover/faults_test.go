package failover_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// faultCase is one cell of the matrix.
type faultCase struct {
	trial
	what
	at   *place
	want outcome
	// undisturbed is how long the operation takes without any fault, in simulated time.
	undisturbed time.Duration
}

func (c faultCase) String() string { return c.operation.Name + "/" + c.at.name + "/" + c.name }

// alike are the places at which what an operation does is the same for all.
var alike = []*place{authentication, observation, instances, pairs}

// matrix returns the cells, by operation and place; the whole of it, or without twins.
func matrix(t *testing.T, whole bool) []faultCase {
	t.Helper()
	var cases []faultCase
	table := faults()
	for _, trial := range trials {
		undisturbed := trial.undisturbed(t)
		for _, at := range trial.places {
			for _, what := range table {
				if what.planned && trial.operation.Kind != failover.KindPlannedFailover || what.sited &&
					trial.operation.Station == "" {
					continue
				}
				want, tried := what.ends[at]
				if differs, ok := what.unsited[at]; ok && trial.operation.Station == "" {
					want = differs
				}
				twin := what.twin
				if trial.operation.Kind != failover.KindPlannedFailover { // Alike for all, or slow in real time.
					twin = twin || what.drip || what.fault.Delay > 0 || slices.Contains(alike, at)
				}
				if tried && (whole || !twin) {
					cases = append(cases, faultCase{trial: trial, what: what, at: at, want: want, undisturbed: undisturbed})
				}
			}
		}
	}
	return cases
}

// TestFaults runs each operation under every fault at every place. Each run must end as the table says; what must hold
// whatever happens is in [scene.checkSent] and [faultCase.check].
func TestFaults(t *testing.T) {
	t.Parallel()
	cases := matrix(t, reportPath() != "")
	results := make([]result, len(cases))
	next := make(chan int)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for i := range next {
				t.Run(cases[i].String(), func(t *testing.T) { results[i] = cases[i].run(t) })
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	workers.Wait()
	report(t, results)
}

// newScene returns one in which the operation can start, on a cloud that is quick, to make fewer requests.
func (r trial) newScene(t *testing.T) *scene {
	t.Helper()
	s := newScene(t, simulator.WithJobDuration(5*time.Second), simulator.WithServerJobDuration(2*time.Second))
	s.operation, s.policy = r.operation, failover.ServerPolicy{
		Stop:  r.operation.Kind == failover.KindPlannedFailover,
		Start: true,
	}
	s.lead(t, console[r.operation.Moving].from)
	group, _ := s.Group(groupID)
	for _, instance := range group.Instances {
		s.SetServerStatus(serverAt(instance, sdrs.Station(group.PriorityStation)).ID, "ACTIVE")
	}
	s.AddGroup(anotherGroup)
	return s
}

// anotherGroup is one that the switch is not about, and must leave alone. It is at target already, and runs at both
// sites. It is made once, since each request is held against it.
var anotherGroup = func() simulator.Group {
	group := simulator.NewGroup("6c0a1d52-93c4-4f0e-8a55-2d1f2ab7e0c3", "not-ours", 2, 2)
	group.PriorityStation = simulator.StationTarget
	for i := range group.Instances {
		group.Instances[i].SourceServer.Status, group.Instances[i].TargetServer.Status = "ACTIVE", "ACTIVE"
	}
	return group
}()

// ofAnother lets a request be answered about anotherGroup, or as if it had no filter.
func ofAnother(r *http.Request) {
	switch {
	case strings.Contains(r.URL.Path, "/server-groups/"):
		r.SetPathValue("id", anotherGroup.ID)
	case strings.Contains(r.URL.Path, "/cloudservers/"):
		r.SetPathValue("id", anotherGroup.Instances[0].SourceServer.ID)
	default:
		simulator.Unfiltered("server_group_id")(r)
	}
}

// undisturbed returns how long the operation takes without any fault, in simulated time.
func (r trial) undisturbed(t *testing.T) time.Duration {
	t.Helper()
	s := r.newScene(t)
	began := s.clock.Now()
	if _, err := s.do(t, r.operation); err != nil {
		t.Fatal(err)
	}
	return s.clock.Now().Sub(began)
}

// run runs the operation under the fault, and once more without.
func (c faultCase) run(t *testing.T) result {
	t.Helper()
	s := c.newScene(t)
	var client impatient
	if c.fault.Delay > 0 || c.drip {
		s.logIn(t, func(config *cloud.Config) { config.Around = client.around })
	}
	k := c.strike(t, s, &client)
	began := s.clock.Now()
	_, err := s.run(t.Context(), deadline, c.operation)
	took := s.clock.Now().Sub(began)
	if k.end() == 0 {
		t.Error("the fault never struck")
	}
	got := result{
		Operation: c.operation.Name, Where: c.at.name, What: c.name, End: endOf(err), Accepted: s.accepted(),
		Extra: max(took-c.undisturbed-c.jump, 0).Seconds(),
	}
	c.check(t, s, err, got)
	got.Survived = !t.Failed()
	return got
}

// strike arranges the fault.
func (c faultCase) strike(t *testing.T, s *scene, client *impatient) *strike {
	t.Helper()
	if c.at.lead != nil {
		c.at.lead(s)
	}
	k := &strike{scene: s, at: c.at, times: c.times}
	if c.refused {
		s.refuse(t, k)
		return k
	}
	fault := c.fault
	fault.Route = c.at.route
	var once sync.Once
	fault.Match = func(r *http.Request) bool {
		if !k.hit(r.URL.Path) {
			return false
		}
		if answer, ok := r.Context().Value(touched{}).(*touch); ok {
			answer.edit = c.edit
			if c.drip {
				answer.drip = func() { client.giveUp(r) }
			}
			if c.moving {
				answer.edit = replacing(`"status":"`+string(c.operation.Rest)+`"`, `"status":"`+string(c.operation.Moving)+`"`)
			}
		}
		if c.fault.Delay > 0 {
			client.giveUp(r)
		}
		once.Do(func() {
			s.clock.Advance(c.jump)
			if c.happens != nil {
				c.happens(s)
			}
		})
		return true
	}
	s.Inject(fault)
	return k
}

// check is what must hold for every fault: success is true; after a failure the next run finishes what was begun, with
// one action that succeeds in all; nothing else is asked of anything. And the end is the one that the table states.
func (c faultCase) check(t *testing.T, s *scene, err error, got result) {
	t.Helper()
	if got.End != c.want.end {
		t.Errorf("ended %s, want %s: %v", got.End, c.want.end, err)
	}
	if got.Accepted != c.want.accepted {
		t.Errorf("%d actions accepted, want %d", got.Accepted, c.want.accepted)
	}
	if got.Extra > c.want.extra.Seconds() {
		t.Errorf("took %.1f s more than undisturbed, want at most %s", got.Extra, c.want.extra)
	}
	if err == nil {
		s.wantDone(t, c.operation)
		s.wantServers(t, c.source, c.target)
	}

	s.ResumeJobs()
	if c.planned && c.want.again { // What has made the job fail must be mended.
		s.SetServerStatus(targetServer, simulator.ServerStopped)
	}
	if c.at == authentication { // IAM may have refused the session for good.
		s.logIn(t, nil)
	} else {
		s.begin(s.session)
	}
	if _, err := s.do(t, c.operation); err != nil {
		t.Errorf("the next run: %v", err)
	}
	s.wantDone(t, c.operation)
	s.wantServers(t, c.source, c.target)
	total := 1
	if c.want.again {
		total++
	}
	if c.want.end == "done" {
		total = c.want.accepted
	}
	if got := s.accepted(); got != total {
		t.Errorf("%d actions accepted in all, want %d", got, total)
	}
	s.wantOthersLeftAlone(t)
}

// accepted is how many actions on the group the cloud has accepted.
func (s *scene) accepted() int { return s.Accepted(actionOf[s.operation.Kind]) }

// wantOthersLeftAlone checks that nothing was asked of what the switch is not about.
func (s *scene) wantOthersLeftAlone(t stage) {
	t.Helper()
	for _, request := range s.Requests() {
		if request.Method != http.MethodPost {
			continue
		}
		if strings.Contains(request.Path, anotherGroup.ID) {
			t.Errorf("sent %s to another group", request.Body)
		}
		for _, instance := range anotherGroup.Instances {
			if strings.Contains(request.Body, instance.SourceServer.ID) ||
				strings.Contains(request.Body, instance.TargetServer.ID) {
				t.Errorf("sent %s, which names a server of another group", request.Body)
			}
		}
	}
}

// endOf names how a switch ended.
func endOf(err error) string {
	if err == nil {
		return "done"
	}
	if failure, ok := errors.AsType[*failover.Error](err); ok {
		return failure.Kind.String()
	}
	return "an unknown error"
}
