package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
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
	// longestWait bounds what a Retry-After can ask for. For an action it is shorter: what was checked before it must still hold.
	longestWait, longestActionWait = time.Minute, maxRetryWait
	// latestAction is how long an action may wait between its attempts in all.
	latestAction = 30 * time.Second
	// answerGrace is how long an action that is on the wire when its context ends may still answer.
	answerGrace = time.Second
)

// attempts is how a request is sent: the http.RoundTripper of its attempts, one after the other.
type attempts struct {
	transport http.RoundTripper
	timeout   time.Duration
	// authorize signs an attempt; nil for requests to IAM, which carry their credentials.
	authorize  func(*http.Request)
	idempotent bool
	count      int
	// waited is how long it has waited between its attempts.
	waited time.Duration
	// failures counts the attempts that failed by more than being throttled, of which most are repeated.
	failures, most int
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
			return ctx.Err() == nil && a.repeatable(resp, err) && !a.late(), nil
		},
		Backoff:      a.backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{status: resp.StatusCode, header: resp.Header, body: body}, err
}

// repeatable reports whether an attempt may be followed by another: whether that may help, and does no harm.
func (a *attempts) repeatable(resp *http.Response, err error) bool {
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		return true
	}
	if a.failures++; a.failures > a.most {
		return false
	}
	if err != nil {
		lost, ok := errors.AsType[*unreachableError](err)
		return ok && Transient(err) && (a.idempotent || !lost.connected)
	}
	switch resp.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return a.idempotent
	default:
		return false
	}
}

// late reports whether an action has been waiting for so long that it must be checked again before it is sent.
func (a *attempts) late() bool { return !a.idempotent && a.waited >= latestAction }

// backoff is exponential with jitter, so that parallel operations do not come back together; Retry-After goes first.
func (a *attempts) backoff(shortest, longest time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := a.pause(shortest, longest, attempt, resp)
	a.waited += wait
	return wait
}

func (a *attempts) pause(shortest, longest time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(shortest, longest, attempt, resp)
	if resp != nil && resp.Header.Get("Retry-After") != "" {
		if !a.idempotent {
			return min(wait, longestActionWait)
		}
		return min(wait, longestWait)
	}
	return wait/2 + rand.N(wait/2+1) //nolint:gosec // Jitter needs no secrecy.
}

// RoundTrip is one attempt: authorized, timed, logged, and with its body read, so that a connection that breaks in the
// middle of an answer is a failed attempt like any other.
func (a *attempts) RoundTrip(original *http.Request) (*http.Response, error) {
	a.count++
	if err := original.Context().Err(); err != nil {
		return nil, err
	}
	bounded := context.WithTimeout
	if !a.idempotent {
		bounded = graceful
	}
	ctx, cancel := bounded(original.Context(), a.timeout)
	defer cancel()
	connected := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }})

	req := original.Clone(ctx)
	if a.authorize != nil {
		a.authorize(req)
	}
	start := time.Now()
	resp, err := a.transport.RoundTrip(req)
	if err == nil {
		err = readBody(resp)
	}
	fields := map[string]any{
		"method": req.Method, "path": req.URL.Path, "attempt": a.count, "duration_ms": time.Since(start).Milliseconds(),
	}
	if err != nil {
		fields["error"] = err.Error()
		tflog.Debug(original.Context(), "Cloud API request failed", fields)
		return nil, &unreachableError{err: err, connected: connected}
	}
	fields["status"], fields["request_id"] = resp.StatusCode, resp.Header.Get("X-Request-Id")
	tflog.Debug(original.Context(), "Cloud API request", fields)
	return resp, nil
}

// graceful returns a context like parent, but that goes on for a moment after parent has ended.
func graceful(parent context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), timeout)
	stop := context.AfterFunc(parent, func() { time.AfterFunc(answerGrace, cancel) })
	return ctx, func() { stop(); cancel() }
}

// readBody replaces the body of an answer by one in memory.
func readBody(resp *http.Response) error {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > maxBody {
		return fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}
