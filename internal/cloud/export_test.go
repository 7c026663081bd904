package cloud

import "time"

// ProjectID returns the id of the project that the session works in.
func (s *Session) ProjectID() string { return s.current().projectID }

// Waits returns how long the session waits before the first repetition, and for an answer.
func (s *Session) Waits() (retry, request time.Duration) {
	return s.config.RetryWait, s.config.RequestTimeout
}
