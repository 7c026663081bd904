package cloud

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfterIsBounded(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]struct{ read, action time.Duration }{
		"":                              {},
		"soon":                          {},
		"-1":                            {},
		"0":                             {},
		"Fri, 31 Dec 1999 23:59:59 GMT": {},
		"10":                            {read: 10 * time.Second, action: 10 * time.Second},
		"3600":                          {read: time.Minute, action: 10 * time.Second},
		"Fri, 31 Dec 2200 23:59:59 GMT": {read: time.Minute, action: 10 * time.Second},
		"18446744074":                   {read: time.Minute, action: 10 * time.Second}, // 290 ms after an overflow.
		"9223372036854775807":           {read: time.Minute, action: 10 * time.Second}, // -1 s.
		"99999999999999999999999999999": {read: time.Minute, action: 10 * time.Second},
	} {
		throttled := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {value}}}
		read, action := &attempts{}, &attempts{change: &change{}}
		// What nothing is asked for waits between one and two seconds here, and so does what asks for less.
		within := func(wait, want time.Duration) bool {
			return want != 0 && wait == want || want == 0 && wait >= time.Second && wait <= 2*time.Second
		}
		if wait := read.wait(2*time.Second, time.Minute, 0, throttled); !within(wait, want.read) {
			t.Errorf("Retry-After %q: a read waits %s, want %s", value, wait, want.read)
		}
		if wait := action.wait(2*time.Second, time.Minute, 0, throttled); !within(wait, want.action) {
			t.Errorf("Retry-After %q: an action waits %s, want %s", value, wait, want.action)
		}
	}
}

// However often a request is repeated, the waits grow to their bound and stay there.
func TestWaitsNeverOverflow(t *testing.T) {
	t.Parallel()
	for attempt := range MostRetries * throttledRetries {
		wait := (&attempts{}).wait(time.Second, maxRetryWait, attempt, nil)
		if wait < time.Second/2 || wait > maxRetryWait {
			t.Errorf("attempt %d waits %s", attempt, wait)
		}
	}
}
