package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	// maxBody bounds what is read of an answer: the largest real one, 1000 replication pairs, has under 1 MiB.
	maxBody = 10 << 20
	// maxValues bounds what a body is decoded to, a struct of 500 bytes for two bytes of JSON at worst: the largest real
	// one has some 30000 values.
	maxValues = 250_000
	// throttledRetries is how many times more often a request is repeated that was only throttled: many operations side by
	// side must be slowed down by that, and not fail.
	throttledRetries = 10
	// longestWait bounds what a Retry-After can ask for. For an action it is shorter: what was checked before it must
	// still hold.
	longestWait, longestActionWait = time.Minute, maxRetryWait
	// sendLimit is how long after it was asked for an action may still be written: repetitions and their waits, logging in
	// again, and connecting included. What was checked before it may not hold any longer then.
	sendLimit = 30 * time.Second
	// answerGrace is how long an action that is on the wire when its context ends may still answer.
	answerGrace = time.Second
)

// attempts is how a request is sent: the http.RoundTripper of its attempts, one after the other.
type attempts struct {
	transport http.RoundTripper
	timeout   time.Duration
	// authorize signs an attempt; nil for requests to IAM, which carry their credentials.
	authorize func(*http.Request)
	// repeatable is set where sending twice does the same as sending once.
	repeatable bool
	// change is nil for a read.
	change *change
	count  int
	// body is that of the last answer.
	body []byte
	// failures counts the attempts that failed by more than being throttled, of which most are repeated.
	failures, most int
}

// change is what all attempts at a request that changes something share, also those with a new token.
type change struct {
	// caller is the context of who asked for it, while the request's own also ends with the sendLimit.
	caller context.Context
	// unanswered is set where an attempt but the last may have taken effect.
	unanswered bool
}

// answer is a response with its whole body.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request with the session's retries and returns the last answer.
func (s *Session) send(req *retryablehttp.Request, a attempts) (answer, error) {
	a.transport, a.timeout, a.most = s.transport, s.config.RequestTimeout, s.config.MaxRetries
	if once(req.Context()) {
		a.most = 0
	}
	client := retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: &a,
			// Neither service redirects, and a token must not follow one to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     a.most * throttledRetries,
		RetryWaitMin: s.config.RetryWait,
		RetryWaitMax: max(maxRetryWait, s.config.RetryWait),
		// An answer that arrived is never thrown away because the context ended meanwhile.
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			return ctx.Err() == nil && a.again(resp, err), nil
		},
		Backoff:      a.wait,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	_ = resp.Body.Close() // It is in memory.
	return answer{status: resp.StatusCode, header: resp.Header, body: a.body}, nil
}

// again reports whether an attempt may be followed by another: whether that may help, and does no harm.
func (a *attempts) again(resp *http.Response, err error) bool {
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		return true
	}
	if a.failures++; a.failures > a.most {
		return false
	}
	effective := true // As far as anybody knows.
	if err != nil {
		lost, ok := errors.AsType[*unreachableError](err)
		if !ok || !Transient(err) {
			return false
		}
		effective = lost.connected
	} else {
		switch resp.StatusCode {
		case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		default:
			return false
		}
	}
	if effective && !a.repeatable {
		return false
	}
	if a.change != nil {
		a.change.unanswered = a.change.unanswered || effective
	}
	return true
}

// wait returns how long to wait before the next attempt: exponential with jitter, so that parallel operations do not
// come back together, or for as long as the cloud asks for where that is longer, up to a bound.
func (a *attempts) wait(shortest, longest time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(shortest, longest, attempt, nil)
	wait = wait/2 + rand.N(wait/2+1) //nolint:gosec // Jitter needs no secrecy.
	if resp == nil {
		return wait
	}
	bound := longestWait
	if a.change != nil {
		bound = longestActionWait
	}
	return max(wait, min(retryAfter(resp.Header), bound))
}

// retryAfter returns how long an answer asks to wait: 0 where it does not, and negative for a date in the past.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if date, err := http.ParseTime(value); err == nil {
		return time.Until(date)
	}
	seconds, _ := strconv.ParseUint(value, 10, 64) // 0 for what is no number, and the largest for what is beyond it.
	return time.Duration(min(seconds, uint64(longestWait/time.Second))) * time.Second
}

// RoundTrip is one attempt: authorized, timed, logged, and with its body read, so that a connection that breaks in the
// middle of an answer is a failed attempt like any other.
func (a *attempts) RoundTrip(original *http.Request) (*http.Response, error) {
	a.count++
	if err := original.Context().Err(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(original.Context(), a.timeout)
	sent := func() bool { return false }
	if a.change != nil {
		cancel()
		ctx, cancel, sent = gated(original.Context(), a.change.caller, a.timeout)
	}
	defer cancel()

	req := original.Clone(ctx)
	if a.authorize != nil {
		a.authorize(req)
	}
	start := time.Now()
	resp, err := a.transport.RoundTrip(req)
	if err == nil {
		a.body, err = readBody(resp)
	}
	fields := map[string]any{
		"method": req.Method, "path": req.URL.Path, "attempt": a.count, "duration_ms": time.Since(start).Milliseconds(),
	}
	if err != nil {
		fields["error"] = Printable(err.Error())
		tflog.Debug(original.Context(), "Cloud API request failed", fields)
		return nil, &unreachableError{err: err, connected: sent()}
	}
	fields["status"], fields["request_id"] = resp.StatusCode, Printable(resp.Header.Get("X-Request-Id"))
	tflog.Debug(original.Context(), "Cloud API request", fields)
	return resp, nil
}

// readBody returns the body of an answer, and puts it in its place.
func readBody(resp *http.Response) ([]byte, error) {
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols { // What follows is a connection, which heeds no context.
		return nil, errors.New("the answer changes the protocol")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}
