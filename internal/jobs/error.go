package jobs

import (
	"fmt"
	"strings"
	"time"
)

// Kind says how something that was asked of the cloud ended, other than well.
type Kind int

// The kinds of [Error].
const (
	// NotSent: the request could not be sent. Nothing happened.
	NotSent Kind = iota
	// Refused: the cloud refused the request. Nothing happened.
	Refused
	// NotStarted: the answer was lost, and nothing showed since that the request was accepted.
	NotStarted
	// Failed: the request was accepted, and its job failed.
	Failed
	// TimedOut: the wait met its deadline. What was started goes on.
	TimedOut
	// Interrupted: the wait was canceled. What was started goes on.
	Interrupted
	// LostContact: what is waited for can't be read. What was started goes on.
	LostContact
)

var kinds = map[Kind]string{
	NotSent: "not sent", Refused: "refused", NotStarted: "not started", Failed: "failed", TimedOut: "timed out",
	Interrupted: "interrupted", LostContact: "lost contact",
}

// String names the kind.
func (k Kind) String() string { return kinds[k] }

// Error is the only error of a [Wait].
type Error struct {
	Kind Kind
	// JobID is the job that is waited for; empty where there is none, or where it is not known.
	JobID string
	// Waited is the time since the wait began.
	Waited time.Duration
	// Reads is how often the cloud was asked for a sign of a request that has NotStarted.
	Reads int
	// Code and Reason are those of a job that Failed.
	Code, Reason string
	// Unsent is set where whoever waited knows that nothing was requested by then.
	Unsent bool
	// Err is the refusal, how the answer was lost, or why the last read failed.
	Err error
}

// Error is one line for a log.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s after %s", e.Kind, e.Waited)
	if e.JobID != "" {
		text += ", job " + e.JobID
	}
	if reason := strings.TrimSpace(e.Code + " " + e.Reason); reason != "" {
		text += ": " + reason
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
