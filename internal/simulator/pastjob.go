package simulator

import (
	"maps"
	"time"
)

// PastJob is a job of SDRS from before the simulator started, or a sub-job of one, which shares its times and its
// failure. One that has not ended never does, and changes nothing.
type PastJob struct {
	ID, Kind     string
	Begin, End   time.Time
	Ended        bool
	Failed       bool
	Code, Reason string            // of the failure
	Entities     map[string]string // what it is about
	Made         map[string]string // what it was to make, which reads as WithIDShown has it
	Parts        []PastJob

	// What it was about in the list of failed jobs, which has it where FailureStatus is set.
	GroupID, ResourceID, ResourceName, ResourceKind, FailureStatus string
}

// WithPastJobs seeds the cloud with jobs, in the order of their ends. WithIDShown must come before it.
func WithPastJobs(jobs ...PastJob) Option {
	return func(s *Simulator) {
		for _, past := range jobs {
			j := &job{
				part: *s.pastPart(past), service: pathSDRS, begin: past.Begin, end: past.End, ended: past.Ended,
				resource: resource{
					group: past.GroupID, id: past.ResourceID, name: past.ResourceName, kind: past.ResourceKind,
					failure: past.FailureStatus,
				},
			}
			if past.Failed {
				j.failure = &failure{code: past.Code, reason: past.Reason}
			}
			s.jobs = append(s.jobs, j)
			if past.FailureStatus != "" {
				s.failed = append(s.failed, j)
			}
		}
	}
}

func (s *Simulator) pastPart(past PastJob) *part {
	p := &part{id: past.ID, kind: past.Kind, entities: maps.Clone(past.Entities), failed: past.Failed}
	if s.idsShown == IDFromStart || past.Ended && (!past.Failed || s.idsShown == IDAtEnd) {
		if p.entities == nil {
			p.entities = map[string]string{}
		}
		maps.Copy(p.entities, past.Made)
	}
	for _, sub := range past.Parts {
		p.parts = append(p.parts, s.pastPart(sub))
	}

	return p
}

// SetJobDuration changes how long the SDRS jobs take that are accepted from now on, see WithJobDuration.
func (s *Simulator) SetJobDuration(d time.Duration) {
	defer s.enter().Unlock()

	s.jobDuration = d
}
