package simulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// change starts a job of SDRS that changes the cloud when it has ended, or fails to: settle is told the failure, if
// there is one.
func (s *Simulator) change(j *job, settle func(failure *failure, at time.Time)) *job {
	j.service = pathSDRS
	show := func() {
		for _, p := range j.all() {
			if p.entities == nil {
				p.entities = map[string]string{}
			}
			maps.Copy(p.entities, p.made)
		}
	}
	if s.idsShown == IDFromStart {
		show()
	}
	j.steps = []step{
		{after: s.jobDuration, ends: true, do: func(time.Time) {
			if j.failure == nil || s.idsShown != IDOnSuccess {
				show()
			}
		}},
		{after: s.statusLag, do: func(at time.Time) { settle(j.failure, at) }},
	}
	s.start(j)

	return j
}

// fail dooms a job that has just been accepted.
func (j *job) fail(problem *Problem) {
	if problem != nil && j.failure == nil {
		j.failure = &failure{code: problem.Code, reason: problem.Message}
	}
}

// late returns a refusal in two parts: what is answered at once, and what the job fails with.
func (s *Simulator) late(problem *Problem) (atOnce, inJob *Problem) {
	if problem != nil && slices.Contains(s.lateCodes, problem.Code) {
		return nil, problem
	}

	return problem, nil
}

// allows refuses a change of the members of a group that is neither available nor protected, or busy.
func (s *Simulator) allows(g *Group) *Problem {
	if g.Status != StatusAvailable && g.Status != StatusProtected {
		return refused("SDRS.1002", "The status %s of the protection group does not allow this operation.", g.Status)
	}

	return s.busy(g.ID)
}

// newID returns an id that no other thing has.
func (s *Simulator) newID(kind string) string {
	s.lastID++

	return derivedID("made here", kind, strconv.Itoa(s.lastID))
}

// moving tells whether something happens to a group, an instance or a pair of this status.
func moving(status string) bool {
	return status == StatusFailingOver || strings.HasSuffix(status, "ing") && !strings.HasPrefix(status, "error-")
}

// busy refuses a change of a group while, or shortly after, another one runs, if it was asked for.
func (s *Simulator) busy(groupID string) *Problem {
	if s.busyCode == "" {
		return nil
	}
	for _, j := range s.jobs {
		if j.resource.group == groupID && (len(j.steps) > 0 || s.now.Before(j.end.Add(s.busyAfter))) {
			return refused(s.busyCode, "Another change of the protection group %s is not over yet.", groupID)
		}
	}

	return nil
}
