// Package simulator is a cloud on loopback: IAM, SDRS, ECS and EVS of one region behind one http.Handler, with faults to
// inject and a log of the requests, so that a client can be tested without a cloud and without credentials.
//
// It is written from the API references alone and shares no code with the clients of this repository, so that a
// client's misreading of the API shows up as a failing test. What they leave open is decided here, and said so in the
// doc comment of whatever decides it.
//
// Where a client could depend on what is left open, an option has the other reading. docs/research has a page for each,
// and for what no option stands for.
//
// A whole project to start from is an Estate.
//
// Nothing runs in the background. The state of the cloud is brought up to date from the clock at each access.
package simulator

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/iam"
)

// Simulator is the simulated cloud. It is safe for concurrent use.
//
// Its base URLs follow from each request's scheme and host: {base}/v3 is IAM, {base}/sdrs/v1/{project_id} is SDRS,
// {base}/ecs/v1/{project_id} is ECS and {base}/evs/v2/{project_id} is EVS.
type Simulator struct {
	*iam.Service

	clock                 Clock
	jobDuration           time.Duration
	serverJobDuration     time.Duration
	tokenLifetime         time.Duration
	statusLag             time.Duration
	stationFlipsEarly     bool
	idsShown              IDShown
	soldOutRefused        bool
	protectedStays        bool
	busyCode              string
	missingAs404          bool
	lateCodes             []string // that a job fails with
	partsLeft             bool     // by a creation that failed
	newAfterSwitch        bool     // members may be added then
	separatePairs         SeparatePairs
	eipFlagAlone          bool // delete_target_eip counts without delete_target_server
	originalSites         bool // production and DR of a resize are source and target
	tagLimit              int
	memberLimit           int // instances in a group, -1 for none
	looseLimit            int // unattached pairs in a group, -1 for none
	attachedNeeded        bool
	failedAttachmentsStay bool // error-attaching
	productionFirst       bool // in what is shown of an instance or a pair
	recordsBlock          bool // the deletion of their group
	nicsAtBoth            bool
	looseStopped          bool // unattached pairs are not synchronized
	unseen                time.Duration
	syncRate              float64 // GB/s, 0 for at once
	busyAfter             time.Duration
	groupQuota            int
	pairQuota             int
	domains               []Domain
	networks              []VPC
	invalidTokenAs403     bool
	mux                   *http.ServeMux
	routes                map[string]string // pattern of mux to route
	mu                    sync.Mutex        // guards everything below
	now                   time.Time         // of the last access
	groups                []*Group
	jobs                  []*job
	failed                []*job // that are listed, in the order of their ends
	lastJob               uint64
	lastID                int
	servers               []*Server // that no group protects
	disks                 map[string]*Disk
	gone                  map[string]bool // servers that were deleted, though an instance has them
	failNext              *failure
	downZones             []string
	jobsForgotten         bool
	jobsStalled           bool
	faults                []*injectedFault
	requests              []*Request
}

// Account is the one account of the simulated cloud.
type Account = iam.Account

// DefaultAccount returns the account that every simulator has. All of it is made up, the secrets included.
func DefaultAccount() Account { return iam.DefaultAccount() }

// Option changes how a new Simulator behaves.
type Option func(*Simulator)

// WithClock sets the clock that jobs, tokens and time stamps follow. The default is the wall clock.
func WithClock(c Clock) Option { return func(s *Simulator) { s.clock = c } }

// WithJobDuration sets how long each SDRS job takes, 3 s by default. During the first tenth it reads INIT, then
// RUNNING.
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
	s := &Simulator{
		clock:             wallClock{},
		jobDuration:       3 * time.Second,
		serverJobDuration: time.Second,
		tokenLifetime:     24 * time.Hour,
		groupQuota:        50,
		pairQuota:         100,
		newAfterSwitch:    true,
		eipFlagAlone:      true,
		tagLimit:          20,
		memberLimit:       -1,
		looseLimit:        -1,
		domains:           []Domain{DemoDomain()},
		disks:             map[string]*Disk{},
		gone:              map[string]bool{},
	}
	for _, option := range options {
		option(s)
	}
	s.Service = iam.New(DefaultAccount(), s.tokenLifetime, s.clock.Now,
		iam.Endpoint{Type: "sdrs", Path: pathSDRS}, iam.Endpoint{Type: "ecs", Path: pathECS},
		iam.Endpoint{Type: "volumev2", Path: pathEVS})
	s.listen()

	return s
}

// enter begins an access to the cloud: it brings it up to date and returns the mutex to unlock in the end.
func (s *Simulator) enter() *sync.Mutex {
	s.mu.Lock()
	s.advance()

	return &s.mu
}

// derivedID makes an id in the form of a UUID that depends on nothing but the parts.
func derivedID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))

	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
