package cloud

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfterIsBounded(t *testing.T) {
	t.Parallel()
	throttled := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"3600"}}}
	read, action := &attempts{idempotent: true}, &attempts{}
	for range 3 {
		if action.late() {
			t.Errorf("an action is given up after %s", action.waited)
		}
		if wait := read.backoff(0, time.Second, 0, throttled); wait != time.Minute {
			t.Errorf("a read waits %s", wait)
		}
		if wait := action.backoff(0, time.Second, 0, throttled); wait != 10*time.Second {
			t.Errorf("an action waits %s", wait)
		}
	}
	if read.late() || !action.late() {
		t.Errorf("given up: read %t, action %t", read.late(), action.late())
	}
}
