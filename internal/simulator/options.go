package simulator

import "time"

// WithDomains replaces the active-active domains, which are DemoDomain alone by default.
func WithDomains(domains ...Domain) Option { return func(s *Simulator) { s.domains = domains } }

// WithQuota sets how many protection groups and replication pairs there may be, 50 and 100 by default; -1 is no limit.
func WithQuota(groups, pairs int) Option {
	return func(s *Simulator) { s.groupQuota, s.pairQuota = groups, pairs }
}

// IDShown says when a job's entities hold the id of what the job creates.
type IDShown int

// The readings of a job's entities. The reference shows an id in a job that has succeeded, and says nothing of others.
const (
	IDAtEnd     IDShown = iota // of each job that has ended, a failed one too
	IDOnSuccess                // of a job that has succeeded
	IDFromStart                // from the moment on that the job is accepted
)

// WithIDShown sets when a job's entities hold the id of what the job creates, IDAtEnd by default.
func WithIDShown(when IDShown) Option { return func(s *Simulator) { s.idsShown = when } }

// WithSoldOutRefused lets a sold-out domain take no new group: SDRS.0205. By default it does.
func WithSoldOutRefused() Option { return func(s *Simulator) { s.soldOutRefused = true } }

// WithProtectedGroupsKept lets an empty group that is protected not be deleted: SDRS.1002. By default it can be.
func WithProtectedGroupsKept() Option { return func(s *Simulator) { s.protectedStays = true } }

// WithBusy lets a group take one change at a time: while a job of the group or of its members runs, and for a while
// after it, each further change and action is refused with code, SDRS.1002 or SDRS.0209. By default they run in
// parallel.
func WithBusy(code string, after time.Duration) Option {
	return func(s *Simulator) { s.busyCode, s.busyAfter = code, after }
}
