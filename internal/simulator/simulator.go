// Package simulator is a cloud on loopback: IAM, SDRS and ECS of one region behind one http.Handler, with faults to
// inject and a log of the requests, so that a client can be tested without a cloud and without credentials.
//
// It is written from the API references alone and shares no code with the clients of this repository, so that a
// client's misreading of the API shows up as a failing test.
//
// Nothing runs in the background. The state of the cloud is brought up to date from the clock at each access.
package simulator

import (
	"net/http"
	"sync"
	"time"
)

// Simulator is the simulated cloud. It is safe for concurrent use.
//
// Its base URLs follow from each request's scheme and host: {base}/v3 is IAM, {base}/sdrs/v1/{project_id} is SDRS and
// {base}/ecs/v1/{project_id} is ECS.
type Simulator struct {
	clock             Clock
	jobDuration       time.Duration
	serverJobDuration time.Duration
	tokenLifetime     time.Duration
	statusLag         time.Duration
	stationFlipsEarly bool
	invalidTokenAs403 bool
	account           Account
	mux               *http.ServeMux
	routes            map[string]string // pattern of mux to route
	mu                sync.Mutex        // guards everything below
	groups            []*Group
	jobs              []*job
	serverJobs        []*serverJob
	failures          []failureJob
	lastJob           uint64
	failNext          *jobFailure
	jobsForgotten     bool
	jobsStalled       bool
	tokens            map[string]grant // by token
	keys              map[string]key   // by access key
	issuedSecrets     []string
	faults            []*injectedFault
	requests          []*Request
}

// Option changes how a new Simulator behaves.
type Option func(*Simulator)

// WithClock sets the clock that jobs, tokens and time stamps follow. The default is the wall clock.
func WithClock(c Clock) Option { return func(s *Simulator) { s.clock = c } }

// WithJobDuration sets how long each SDRS job takes, 3 s by default. During the first tenth it reads INIT, then RUNNING.
func WithJobDuration(d time.Duration) Option { return func(s *Simulator) { s.jobDuration = d } }

// WithServerJobDuration sets how long stopping or starting servers takes, 1 s by default.
func WithServerJobDuration(d time.Duration) Option {
	return func(s *Simulator) { s.serverJobDuration = d }
}

// WithTokenLifetime sets how long tokens and temporary keys are valid, 24 h by default.
func WithTokenLifetime(d time.Duration) Option { return func(s *Simulator) { s.tokenLifetime = d } }

// WithStatusLag lets a group lag behind its own job: for this long after the job reads SUCCESS or FAIL the group, its
// instances and its pairs still read as they did while it ran. The default is 0.
func WithStatusLag(d time.Duration) Option { return func(s *Simulator) { s.statusLag = d } }

// WithStationFlipsEarly lets a group's priority_station read the new site from the moment a planned failover is
// accepted. The reference doesn't say what it reads meanwhile; by default it reads the old one. A failed planned
// failover puts it back.
func WithStationFlipsEarly() Option { return func(s *Simulator) { s.stationFlipsEarly = true } }

// WithInvalidTokenAs403 lets SDRS and ECS answer an invalid or expired token with 403 "X-Auth-Token is invalid", as
// some services do, instead of 401.
func WithInvalidTokenAs403() Option { return func(s *Simulator) { s.invalidTokenAs403 = true } }

// WithGroups seeds the cloud with protection groups. By default there are none.
func WithGroups(groups ...Group) Option {
	return func(s *Simulator) {
		for _, g := range groups {
			s.addGroup(g)
		}
	}
}

// New returns a simulated cloud with the account of DefaultAccount.
func New(options ...Option) *Simulator {
	account := DefaultAccount()
	s := &Simulator{
		clock:             wallClock{},
		jobDuration:       3 * time.Second,
		serverJobDuration: time.Second,
		tokenLifetime:     24 * time.Hour,
		account:           account,
		tokens:            map[string]grant{},
		keys:              map[string]key{account.AccessKey: {secret: account.SecretKey}},
	}
	for _, option := range options {
		option(s)
	}
	s.route()

	return s
}

// AddGroup adds a protection group, or replaces the one with the same id.
func (s *Simulator) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.advance()
	s.addGroup(g)
}

// Group returns a copy of a group as it is at this moment of the simulator's clock.
func (s *Simulator) Group(id string) (Group, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.advance()
	g := s.find(id)
	if g == nil {
		return Group{}, false
	}

	return g.clone(), true
}

// UpdateGroup lets change edit anything about a group, without any rule but one: a server that is not SHUTOFF afterwards
// dooms a planned failover that runs. An unknown group is not changed. change must not call the simulator.
func (s *Simulator) UpdateGroup(id string, change func(*Group)) {
	s.mu.Lock()
	defer s.mu.Unlock()

	now := s.advance()
	g := s.find(id)
	if g == nil {
		return
	}
	change(g)
	g.UpdatedAt = now
	s.watchServers()
}

// DeleteGroup removes a group with all that belongs to it. A job that runs on it fails.
func (s *Simulator) DeleteGroup(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.advance()
	s.deleteGroup(id)
}

// Switch starts a planned failover towards station (source or target) at the console: the rules are those of POST
// server-groups/{id}/action, the request log knows nothing of it. A refusal is a *Problem.
func (s *Simulator) Switch(groupID, station string) (jobID string, err error) {
	return s.console(groupID, ActionReverse, station)
}

// Failover starts an unplanned failover at the console.
func (s *Simulator) Failover(groupID string) (jobID string, err error) {
	return s.console(groupID, ActionFailover, "")
}

// Protect enables protection at the console or, after a failover, reprotects.
func (s *Simulator) Protect(groupID string) (jobID string, err error) {
	return s.console(groupID, ActionStart, "")
}

// Unprotect disables protection at the console.
func (s *Simulator) Unprotect(groupID string) (jobID string, err error) {
	return s.console(groupID, ActionStop, "")
}

func (s *Simulator) console(groupID, action, station string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	now := s.advance()
	jobID, problem := s.act(now, groupID, action, station)
	if problem != nil {
		return "", problem
	}

	return jobID, nil
}

// SetServerStatus puts a server into a status, e.g. ACTIVE, at once. A server that is not SHUTOFF dooms a planned
// failover that runs on its group. An unknown server is ignored.
func (s *Simulator) SetServerStatus(serverID, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.advance()
	if server := s.server(serverID); server != nil {
		server.Status = status
	}
	s.watchServers()
}

// FailNextJob lets the job of the next accepted SDRS action end as FAIL with this code and reason.
func (s *Simulator) FailNextJob(code, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.failNext = &jobFailure{code: code, reason: reason}
}

// ForgetJobs lets every job id, of SDRS and of ECS, answer 404 from now on. The jobs still take effect.
func (s *Simulator) ForgetJobs() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.jobsForgotten = true
}

// StallJobs keeps running and future SDRS jobs from ending until ResumeJobs.
func (s *Simulator) StallJobs() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.advance()
	s.jobsStalled = true
}

// ResumeJobs ends what StallJobs began. Jobs that are overdue by then end at once.
func (s *Simulator) ResumeJobs() {
	s.mu.Lock()
	defer s.mu.Unlock()

	now := s.advance()
	s.jobsStalled = false
	for _, j := range s.jobs {
		if !j.ended && j.end.Before(now) {
			j.end = now
		}
	}
}
