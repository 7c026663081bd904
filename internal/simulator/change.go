package simulator

import (
	"maps"
	"strconv"
	"strings"
	"time"
)

// change starts a job of SDRS that changes the cloud when it has ended, or fails to: settle is told which. What it
// creates has the ids in made, by the names of a job's entities.
func (s *Simulator) change(
	kind string, about resource, entities, made map[string]string, settle func(failed bool, at time.Time),
) *job {
	j := &job{part: part{kind: kind, entities: map[string]string{}}, service: pathSDRS, resource: about}
	maps.Copy(j.entities, entities)
	if s.idsShown == IDFromStart {
		maps.Copy(j.entities, made)
	}
	j.steps = []step{
		{after: s.jobDuration, ends: true, do: func(time.Time) {
			if j.failure == nil || s.idsShown != IDOnSuccess {
				maps.Copy(j.entities, made)
			}
		}},
		{after: s.statusLag, do: func(at time.Time) { settle(j.failure != nil, at) }},
	}
	s.start(j)

	return j
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
