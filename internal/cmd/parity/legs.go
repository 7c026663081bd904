package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// leg is what a planned failover looked like from outside.
type leg struct {
	name string
	// jobStates and groupStates are the statuses in order, from the first read after the action on.
	jobStates, groupStates []string
	// reads is how often the job had a state.
	reads map[string]int
	// lasted is how long the job took by its own times; below zero: it has none.
	lasted time.Duration
	// ended, rested, and flipped are when the job, the status of the group, and its station were first read as in the end,
	// since the action was accepted; below zero: never.
	ended, rested, flipped time.Duration
	// unseen is the time before the end of the job was seen in which nobody looked.
	unseen time.Duration
}

const never = time.Duration(-1)

// legs are the planned failovers in exchanges.
func legs(exchanges []Exchange) []leg {
	var all []leg
	var job, wanted string
	var accepted int64
	var looked time.Duration
	for _, e := range exchanges {
		if e.Service != serviceSDRS || e.Leg == "" {
			continue
		}
		if len(all) == 0 || all[len(all)-1].name != e.Leg {
			all, job = append(all, leg{
				name: e.Leg, ended: never, rested: never, flipped: never, lasted: never, reads: map[string]int{},
			}), ""
		}
		now := &all[len(all)-1]
		after := time.Duration(e.AfterMS-accepted) * time.Millisecond
		whole, _ := e.Answer.(object)
		switch {
		case e.Method != http.MethodGet && e.Status == http.StatusOK:
			job, accepted, looked = text(e.Answer, "job_id"), e.AfterMS, 0
			asked, _ := e.Request.(object)
			wanted = text(asked["reverse-server-group"], "priority_station")
		case job == "" || e.Status != http.StatusOK:
		case strings.HasPrefix(e.Path, "jobs/"):
			status := text(e.Answer, "status")
			now.jobStates = then(now.jobStates, status)
			now.reads[status]++
			if now.ended == never && (status == "SUCCESS" || status == "FAIL") {
				now.ended, now.unseen = after, after-looked
				if begin, end := at(e.Answer, "begin_time"), at(e.Answer, "end_time"); !begin.IsZero() && !end.IsZero() {
					now.lasted = end.Sub(begin)
				}
			}
			looked = after
		case whole["server_group"] != nil:
			status, station := text(whole["server_group"], "status"), text(whole["server_group"], "priority_station")
			now.groupStates = then(now.groupStates, status)
			now.rested = since(now.rested, status == "protected" || strings.HasPrefix(status, "error"), after)
			now.flipped = since(now.flipped, station == wanted, after)
		}
	}
	return all
}

// then adds a state to those before it, unless it is the last one.
func then(states []string, state string) []string {
	if len(states) > 0 && states[len(states)-1] == state {
		return states
	}
	return append(states, state)
}

// since is from when on something holds: it does now, and did from before on, or does not.
func since(before time.Duration, holds bool, now time.Duration) time.Duration {
	switch {
	case !holds:
		return never
	case before == never:
		return now
	default:
		return before
	}
}

// jobDuration is how long the job of the action that exchanges begin with takes, as far as they show: by its own times,
// within what was seen.
func jobDuration(exchanges []Exchange) time.Duration {
	if exchanges[0].Status != http.StatusOK {
		return 10 * deadline
	}
	if found := legs(exchanges); len(found) > 0 && found[0].ended != never {
		first := found[0]
		if first.lasted != never {
			return min(max(first.lasted, first.ended-first.unseen+time.Millisecond), first.ended)
		}
		return first.ended
	}
	return deadline
}

// legs compares the switches of two clouds, which were looked at in the same moments.
func (c *comparison) legs(cloud, simulated []leg) {
	for n, seen := range cloud {
		other := leg{ended: never, rested: never, flipped: never}
		if n < len(simulated) {
			other = simulated[n]
		}
		differ := func(field, cloud, simulator string) {
			if cloud != simulator {
				c.add(seen.name+field, difference{where: seen.name, field: field, cloud: cloud, simulator: simulator})
			}
		}
		if !slices.Equal(seen.lasting(other), other.lasting(seen)) {
			differ("order of the job's states", order(seen.jobStates), order(other.jobStates))
		}
		differ("order of the group's states", order(seen.groupStates), order(other.groupStates))
		timing := func(field string, ofCloud, ofOther time.Duration) {
			known := ofCloud != never && ofOther != never && seen.ended != never && other.ended != never
			if !known || ((ofCloud-seen.ended)-(ofOther-other.ended)).Abs() > seen.unseen {
				differ(field, lag(ofCloud, seen.ended), lag(ofOther, other.ended))
			}
		}
		timing("lag of the group's status after the end of the job", seen.rested, other.rested)
		timing("flip of the station after the end of the job", seen.flipped, other.flipped)
	}
}

// lasting are the states of a job without those that were read only once, and in the other never: such a state may have
// been there between two reads.
func (l leg) lasting(other leg) []string {
	return slices.DeleteFunc(slices.Clone(l.jobStates), func(state string) bool {
		return l.reads[state] == 1 && other.reads[state] == 0 && state != "SUCCESS" && state != "FAIL"
	})
}

func order(states []string) string { return strings.Join(states, ", ") }

// lag is how long after the end of a job something was seen.
func lag(seen, end time.Duration) string {
	if seen == never || end == never {
		return "none"
	}
	return fmt.Sprintf("%.0f s", (seen - end).Seconds())
}
