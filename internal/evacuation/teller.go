package evacuation

import (
	"slices"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
)

// sayEvery is how far apart the lines about a group are at least.
const sayEvery = 10 * time.Second

// teller says a line for each change of a group, and of those that come too fast the last. Those in flight report
// every ten seconds, and with each report all that is due is said; the table in the end has the rest.
type teller struct {
	clock jobs.Clock
	say   func(string)

	mu      sync.Mutex
	said    map[string]time.Time
	pending []line
}

type line struct{ groupID, text string }

func newTeller(clock jobs.Clock, say func(string)) *teller {
	return &teller{clock: clock, say: say, said: map[string]time.Time{}}
}

// tell takes a line about a group.
func (r *teller) tell(groupID, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = slices.DeleteFunc(r.pending, func(l line) bool { return l.groupID == groupID })
	r.pending = append(r.pending, line{groupID, text})
	now := r.clock.Now()
	r.pending = slices.DeleteFunc(r.pending, func(l line) bool {
		if last, found := r.said[l.groupID]; found && now.Sub(last) < sayEvery {
			return false
		}
		r.said[l.groupID] = now
		r.say(l.text)
		return true
	})
}
