package cloud

import "time"

// Waits returns how long the session waits before the first repetition, and for an answer.
func (s *Session) Waits() (retry, request time.Duration) {
	return s.config.RetryWait, s.config.RequestTimeout
}
