package failover_test

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// deadline is what a switch is given, in simulated time. Undisturbed it takes less than a minute.
const deadline = 10 * time.Minute

// inDoubt is how much longer than undisturbed a switch takes whose action leaves no trace: the group is looked at 30
// times.
const inDoubt = 25 * time.Second

// untilLost is how long a wait of this switch goes on in which no read succeeds.
const untilLost = 160 * time.Second

// what is a fault, and how a switch ends that meets it.
type what struct {
	name string
	// times is how many requests it hits; 0: all, as long as the switch is at the place.
	times int
	// fault is what the simulator does to a request; edit and drip are what happens to its real answer on the way.
	fault simulator.Fault
	edit  func([]byte) []byte
	drip  bool
	// refused closes the door to the place.
	refused bool
	// moving lets the group read as if it moved on.
	moving bool
	// happens comes before the first request is served.
	happens func(*scene)
	// jump is by how much the clock jumps then.
	jump time.Duration
	// sited is set for one of operations that are about a site, planned for one of a planned failover.
	sited, planned bool
	// twin is set for a fault that differs little from one above. It is left to `make faults`.
	twin bool
	ends ends
	// unsited are the ends of operations that are not about a site, where they differ.
	unsited ends
}

// outcome is how a switch ends.
type outcome struct {
	// end is done, or the kind of the error.
	end string
	// accepted is how many actions the cloud has accepted from the run by then.
	accepted int
	// extra bounds the time beyond that of an undisturbed switch.
	extra time.Duration
	// again is set where the action that was accepted failed, so that it takes another one.
	again bool
}

// ends are the outcomes at the places that a fault is tried at.
type ends map[*place]outcome

// passing ends well everywhere, at most that much later.
func passing(extra time.Duration) ends {
	e := ends{}
	for _, at := range places {
		e[at] = outcome{end: "done", accepted: 1, extra: extra}
	}
	return e.at(outcome{end: "NotStarted", extra: inDoubt + extra}, doubt)
}

// lossy is, a little later, passing for a fault that swallows a request: an action is never repeated.
func lossy() ends {
	return passing(6*time.Second).at(outcome{end: "NotStarted", extra: inDoubt}, action)
}

// refusal is the end where an answer is final, and permanent. Checks that can't be made do not stop a switch, and a job
// that can't be read does not either.
func refusal() ends {
	return passing(time.Second).
		at(outcome{end: "LostContact", extra: time.Second}, observation, lastLook, doubt).
		at(outcome{end: "ServersFailed"}, stopLook, stopAsk).
		at(outcome{end: "Refused"}, action).
		at(outcome{end: "done", accepted: 1, extra: time.Second}, polling).
		at(outcome{end: "LostContact", accepted: 1, extra: time.Second}, authentication).
		at(outcome{end: "LostContact", accepted: 1}, acceptance, verification).
		at(outcome{end: "ServersFailed", accepted: 1}, startLook, startAsk)
}

// foreign is the end where a proxy refuses once in the cloud's place: reads are repeated, and what was to act was not
// done.
func foreign() ends {
	return passing(2*time.Second).at(outcome{end: "Refused"}, action).at(outcome{end: "ServersFailed"}, stopAsk).
		at(outcome{end: "ServersFailed", accepted: 1}, startAsk)
}

// outage is the end where nothing gets through any longer. Without its job the group still tells how the switch ended.
func outage() ends {
	return refusal().
		at(outcome{end: "done", accepted: 1, extra: time.Second}, polling).
		at(outcome{end: "LostContact", accepted: 1, extra: untilLost}, authentication).
		at(outcome{end: "NotStarted", extra: inDoubt}, action).
		at(outcome{end: "LostContact", extra: untilLost}, observation, lastLook, doubt).
		at(outcome{end: "ServersFailed", extra: untilLost}, stopLook).
		at(outcome{end: "LostContact", accepted: 1, extra: untilLost}, acceptance, verification).
		at(outcome{end: "ServersFailed", accepted: 1, extra: untilLost}, startLook).
		at(outcome{end: "TimedOut", extra: deadline}, stopAsk).
		at(outcome{end: "TimedOut", accepted: 1, extra: deadline}, startAsk)
}

// at returns e with another outcome at some places.
func (e ends) at(o outcome, some ...*place) ends {
	changed := maps.Clone(e)
	for _, at := range some {
		changed[at] = o
	}
	return changed
}

// only returns e for some places.
func (e ends) only(some ...*place) ends {
	fewer := maps.Clone(e)
	maps.DeleteFunc(fewer, func(at *place, _ outcome) bool { return !slices.Contains(some, at) })
	return fewer
}

// except returns e without some places.
func (e ends) except(some ...*place) ends {
	fewer := maps.Clone(e)
	for _, at := range some {
		delete(fewer, at)
	}
	return fewer
}

// neverSent is the end where neither an action nor a request about servers left this machine, or got past the gateway.
func (e ends) neverSent() ends {
	return e.at(outcome{end: "Refused"}, action).at(outcome{end: "ServersFailed"}, stopAsk).
		at(outcome{end: "ServersFailed", accepted: 1}, startAsk)
}

// tookEffect is the end where all that was asked for happened, and only the answers were lost.
func (e ends) tookEffect() ends {
	return e.at(outcome{end: "done", accepted: 1, extra: 6 * time.Second}, stopAsk, action, startAsk)
}

// badPassword is the end where IAM refuses for good, which is never asked twice.
func (e ends) badPassword() ends {
	return e.at(outcome{end: "LostContact", accepted: 1, extra: time.Second}, authentication)
}

// goodPassword is the end where what answered in place of IAM is no verdict on the credentials, and the next answer is.
func (e ends) goodPassword() ends {
	return e.at(outcome{end: "done", accepted: 1, extra: 2 * time.Second}, authentication)
}

var (
	acted    = []*place{stopAsk, action, startAsk}
	statuses = []*place{
		observation, servers, stopLook, stopJob, lastLook, acceptance, doubt, polling, verification,
		startLook, startJob,
	}
	reads = slices.DeleteFunc(slices.Clone(places), func(at *place) bool {
		return at == authentication ||
			slices.Contains(acted, at)
	})
	html = "<html><body><h1>It works!</h1></body></html>"
)

// once is a fault that hits one request, and forever one that hits all: the longer matrix has it.
func once(name string, fault simulator.Fault, at ends) what {
	return what{name: name + ", once", times: 1, fault: fault, ends: at}
}

func forever(name string, fault simulator.Fault, at ends) what {
	return what{name: name + ", for ever", twin: true, fault: fault, ends: at}
}

// twins are left to the longer matrix.
func twins(all ...what) []what {
	for i := range all {
		all[i].twin = true
	}
	return all
}

// faults is the matrix: what goes wrong, and what comes of it at each place.
func faults() []what {
	cutBefore, cutAfter := simulator.Fault{Cut: simulator.CutBefore}, simulator.Fault{Cut: simulator.CutAfter}
	expired := answering(403, `{"error":{"code":"SDRS.0011","message":"X-Auth-Token is invalid in the request"}}`)
	throttled := answering(429, `{"error_msg":"throttled","error_code":"APIGW.0308","request_id":"x"}`)
	patient := simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"1"}}}
	truncated, stalled := simulator.Fault{Truncate: 20}, simulator.Fault{Delay: 30 * time.Second}
	another := simulator.Fault{Instead: ofAnother}
	mysterious := replacing(`"status":"[^"]*"`, `"status":"MYSTERIOUS"`)
	unchanged := replacing(`"priority_station":"target"`, `"priority_station":"source"`)
	late, lateAfter := outcome{end: "TimedOut", extra: deadline}, outcome{end: "TimedOut", accepted: 1, extra: deadline}
	shut := passing(2 * time.Second).neverSent().except(authentication)
	table := []what{
		{name: "connection refused, once", times: 1, refused: true, ends: shut},
		{name: "connection refused, for ever", twin: true, refused: true, ends: outage().neverSent().except(authentication)},
		once("cut before the effect", cutBefore, lossy()), forever("cut before the effect", cutBefore, outage()),
		once("cut after the effect", cutAfter, passing(6*time.Second)),
		forever("cut after the effect", cutAfter, outage().tookEffect()),

		once("401", sdrsError(401, "SDRS.0006"), passing(time.Second).badPassword()),
		forever("401", sdrsError(401, "SDRS.0006"), refusal()),
		once("403 invalid token", expired, passing(time.Second).badPassword()),
		forever("403 invalid token", expired, refusal()),
		forever("403 no permission", sdrsError(403, "SDRS.0005"), refusal()),
		once("404", sdrsError(404, "SDRS.1013"), refusal().goodPassword()),
		once("404 of ECS", sdrsError(404, "Ecs.0114"), ends{servers: {end: "NotReady"}}),
		once("408", answering(408, ""), lossy()), forever("408", answering(408, ""), outage()),
		once("429", answering(429, ""), passing(time.Second)),
		forever("429", throttled, outage().at(late, action)),

		once("HTML body", answering(200, html), lossy()), forever("HTML body", answering(200, html), outage()),
		once("HTML body after the effect", afterwards(200, html), passing(6*time.Second).only(acted...)),
		forever("empty body", answering(200, ""), outage()),
		once("truncated JSON", truncated, passing(6*time.Second)),
		forever("truncated JSON", truncated, outage().tookEffect()),
		{
			name: "about another object, once", times: 1, fault: another, edit: anotherJob,
			ends: passing(2 * time.Second).only(reads...),
		},
		{name: "about another object, for ever", fault: another, edit: anotherJob, ends: outage().only(reads...)},
		{
			name: "unknown status, once", times: 1, edit: mysterious,
			ends: passing(2*time.Second).at(outcome{end: "NotReady"}, servers).only(statuses...),
		},
		{name: "unknown status, for ever", edit: mysterious, ends: ends{
			observation: late, stopLook: late, lastLook: late, servers: {end: "NotReady"},
			stopJob: {end: "done", accepted: 1}, startJob: {end: "done", accepted: 1},
			polling:    {end: "done", accepted: 1, extra: time.Second},
			acceptance: lateAfter, verification: lateAfter, startLook: lateAfter,
		}, unsited: ends{acceptance: {end: "NotStarted", accepted: 1, extra: inDoubt}}},

		{
			name: "the job fails", times: 1, happens: func(s *scene) { s.FailNextJob("SDRS.0013", "no") },
			ends: ends{action: {end: "JobFailed", accepted: 1, again: true}},
		},
		{
			name: "somebody else does it first", times: 1,
			happens: func(s *scene) { _, _ = console[s.operation.Moving].do(s) },
			ends:    ends{lastLook: {end: "done", extra: 2 * time.Second}, action: {end: "done", extra: 2 * time.Second}},
		},
		{
			name: "a server is started meanwhile", planned: true, times: 1,
			happens: func(s *scene) { s.SetServerStatus(targetServer, "ACTIVE") },
			ends:    ends{polling: {end: "JobFailed", accepted: 1, again: true}},
		},
		{
			name: "job FAIL, says ECS", times: 1, edit: replacing(`"status":"[^"]*"`, `"status":"FAIL"`),
			ends: ends{stopJob: {end: "ServersFailed"}, startJob: {end: "ServersFailed", accepted: 1}},
		},
		{
			name: "job vanishes", times: 1, happens: func(s *scene) { s.ForgetJobs() },
			ends: passing(2 * time.Second).only(polling),
		},
		{name: "job stuck", times: 1, happens: func(s *scene) { s.StallJobs() }, ends: ends{polling: lateAfter}},
		{
			name: "site unchanged for 10 reads", sited: true, times: 10, edit: unchanged,
			ends: passing(10 * time.Second).only(verification),
		},
		{
			name: "site unchanged, for ever", sited: true, edit: unchanged,
			ends: ends{verification: {end: "NotVerified", accepted: 1, extra: 30 * time.Second}},
		},
		{
			name: "group still moving for 10 reads", times: 10, moving: true,
			ends: passing(20 * time.Second).only(verification),
		},

		once("30 s stall", stalled, lossy()), forever("30 s stall", stalled, outage()),
		{name: "slow-drip body, once", times: 1, drip: true, ends: passing(6 * time.Second)},
		{
			name: "clock jumps by 5 min", times: 1, jump: 5 * time.Minute,
			ends: passing(6*time.Second).except(stopLook, startLook),
		},
		{name: "clock jumps by 25 h", times: 1, jump: 25 * time.Hour, ends: tooLate()},
	}
	table = append(table, twins(
		once("403 invalid token at the top", answering(403, `{"message":"X-Auth-Token is invalid"}`),
			passing(time.Second).badPassword()),
		once("404 HTML", answering(404, html), foreign()),
		once("409", sdrsError(409, "SDRS.0209"), refusal().goodPassword()),
		once("429 with Retry-After", patient, passing(time.Second)),
		once("empty body", answering(200, ""), lossy()),
		once("an empty object", answering(200, "{}"),
			lossy().except(instances, pairs, stopJob, startJob)),
	)...)
	for _, error400 := range []struct{ shape, body string }{
		{"", `{"error":{"code":"SDRS.1013","message":"no"}}`},
		{" under another key", `{"badRequest":{"code":"SDRS.1013","message":"no"}}`},
		{" of the gateway", `{"error_msg":"no","error_code":"APIGW.0101","request_id":"x"}`},
		{" of IAM", `{"error":{"code":400,"message":"no","title":"Bad Request"}}`},
		{" without a code", `{"message":"no"}`},
		{" as a list", `[]`},
		{" HTML", html},
		{" without a body", ""},
	} {
		at := refusal()
		if error400.body == html || error400.body == "[]" {
			at = foreign()
		}
		table = append(table, what{
			name: "400" + error400.shape + ", once", twin: error400.shape != "", times: 1, fault: answering(400, error400.body),
			ends: at,
		})
	}
	for _, status := range []int{500, 502, 503, 504} {
		name := strconv.Itoa(status)
		table = append(table,
			what{name: name + ", once", twin: status != 503, times: 1, fault: answering(status, html), ends: lossy()},
			what{name: name + ", five times", twin: status != 503, times: 5, fault: answering(status, html), ends: lossy().
				at(outcome{end: "done", accepted: 1, extra: 30 * time.Second}, stopAsk, startAsk)},
			what{name: name + ", for ever", twin: status != 503, fault: answering(status, html), ends: outage()},
			what{
				name: name + " after the effect, once", twin: status != 503, times: 1, fault: afterwards(status, html),
				ends: passing(6 * time.Second).only(acted...),
			},
		)
	}
	return table
}

// anotherJob makes the answer about a job that of another one, which has failed.
func anotherJob(body []byte) []byte {
	body = replacing(`"status":"(INIT|RUNNING|SUCCESS)"`, `"status":"FAIL"`)(body)
	return replacing(`"job_id":"[^"]*"`, `"job_id":"9d1b2f6a2f0b4b7ea7a30f6f0c0b7d55"`)(body)
}

// tooLate is the end where the deadline has passed by the time that the answer comes.
func tooLate() ends {
	e := ends{}
	accepted := 0
	for _, at := range places {
		if at == acceptance || at == polling { // From here on.
			accepted = 1
		}
		if at == doubt {
			accepted = 0
		}
		e[at] = outcome{end: "TimedOut", accepted: accepted}
	}
	// At the action it is chance whether the token that has expired is renewed before the deadline is noticed.
	return e.at(outcome{end: "TimedOut", accepted: 1}, authentication).except(action)
}

func answering(status int, body string) simulator.Fault {
	return simulator.Fault{Status: status, Body: body}
}

// afterwards is answering, but what was asked for has happened.
func afterwards(status int, body string) simulator.Fault {
	return simulator.Fault{Status: status, Body: body, AfterEffect: true}
}

func sdrsError(status int, code string) simulator.Fault {
	return answering(status, `{"error":{"code":"`+code+`","message":"no"}}`)
}
