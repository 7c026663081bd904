package cloud

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
)

// APIError is an answer of IAM, SDRS, ECS, EVS, or the gateway in front of them with a status other than 2xx.
type APIError struct {
	// Method and Path name the refused call, for example POST /v1/{project_id}/server-groups/{id}/action.
	Method, Path string
	// Status is the HTTP status.
	Status int
	// Code is the service's error code (SDRS.1013, APIGW.0308); empty where the body has none. It is [Printable], and
	// so are Message and RequestID.
	Code string
	// Message is the service's explanation, or a description of the body where it has none.
	Message string
	// RequestID identifies the call to the operators of the cloud; empty where the answer has none.
	RequestID string
	// Foreign is set where the body is not one that a service writes: HTML, text, or truncated JSON of a proxy, and
	// with a 404 anything that has neither code nor message where services have them: a gateway that knows no route
	// says no more.
	Foreign bool
	// ItemNotFound is set where a 404 has the body that services have for what does not exist: code and message below
	// the key itemNotFound. Nothing in front of them writes that.
	ItemNotFound bool
	// TokenRejected is set where the request was refused, unprocessed, for its token: by a 401, or a 403 that says so.
	TokenRejected bool
}

// Error returns the refused call, its status, code, message, and request id on one line.
func (e *APIError) Error() string {
	text := fmt.Sprintf("%s %s: HTTP %d", e.Method, e.Path, e.Status)
	if e.Code != "" {
		text += " " + e.Code
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.RequestID != "" {
		text += " (request id " + e.RequestID + ")"
	}
	return Printable(text) // The path may have an id that came from the cloud.
}

// MalformedError is an answer with a 2xx status that can't be read as what was asked for.
type MalformedError struct {
	Method, Path string
	RequestID    string
	Err          error
}

// Error returns the call and what is wrong with its answer.
func (e *MalformedError) Error() string {
	text := fmt.Sprintf("%s %s: the answer can't be read: %s", e.Method, e.Path, e.Err)
	if e.RequestID != "" {
		text += " (request id " + e.RequestID + ")"
	}
	return Printable(text)
}

// Unwrap returns the decoding error.
func (e *MalformedError) Unwrap() error { return e.Err }

// unreachableError is an attempt that ended without an answer.
type unreachableError struct {
	err error
	// connected is set once an action had a connection: from there on the server may have acted on it.
	connected bool
}

// Error returns what net/http says of it, which may quote the server.
func (e *unreachableError) Error() string { return Printable(e.err.Error()) }
func (e *unreachableError) Unwrap() error { return e.err }

// lateError is an action that was not sent in time. It hides the last failure, which may be that of a context.
type lateError struct {
	err error
}

func (e *lateError) Error() string {
	return fmt.Sprintf("not sent within %s, by when what was checked before may not hold any longer: %s", sendLimit, e.err)
}

// unansweredError is the failure of the last attempt at a change, of which an earlier one may have taken effect.
type unansweredError struct {
	err error
}

func (e *unansweredError) Error() string {
	return e.err.Error() + "; an attempt before was not answered"
}
func (e *unansweredError) Unwrap() error { return e.err }

// renewalError is a request that was refused for its token, unprocessed, while logging in again failed. It hides IAM's
// answer: a 404 of IAM must not be read as one of the service that was asked.
type renewalError struct {
	rejection, err error
}

func (e *renewalError) Error() string {
	return fmt.Sprintf("%s; logging in again failed: %s", e.rejection, e.err)
}

// credentialsRefused reports whether a failed login is IAM's verdict on the credentials. All else may pass.
func credentialsRefused(err error) bool {
	failure, ok := errors.AsType[*APIError](err)
	if !ok || failure.Foreign {
		return false
	}
	switch failure.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		return true
	}
	return false
}

// OutcomeUnknown reports whether a failed action may have taken effect all the same: its answer was lost, was none of
// the service's verdicts (4xx but 408), or a 2xx that can't be read. A redirect is no verdict: what answered a POST
// with "see other" may have done it. Only the state of the group tells then.
func OutcomeUnknown(err error) bool {
	if _, unanswered := errors.AsType[*unansweredError](err); unanswered {
		return true
	}
	if _, refused := errors.AsType[*renewalError](err); refused {
		return false
	}
	if failure, ok := errors.AsType[*APIError](err); ok {
		return failure.Status < 400 || failure.Status >= 500 || failure.Status == http.StatusRequestTimeout
	}
	if lost, ok := errors.AsType[*unreachableError](err); ok {
		return lost.connected
	}
	_, malformed := errors.AsType[*MalformedError](err)
	return malformed
}

// Postponed reports whether an action did nothing, and may be sent again once what it depends on was checked again: the
// cloud refused it since there were too many requests, or it could not be sent in time.
func Postponed(err error) bool {
	if OutcomeUnknown(err) {
		return false
	}
	if _, late := errors.AsType[*lateError](err); late {
		return true
	}
	return Throttled(err)
}

// Throttled reports whether the cloud refused a request since there were too many (HTTP 429).
func Throttled(err error) bool {
	failure, ok := errors.AsType[*APIError](err)
	return ok && failure.Status == http.StatusTooManyRequests
}

// Transient reports whether a failed read is worth repeating: the connection failed, the cloud was busy (408, 429,
// 5xx), or a proxy garbled the answer, or gave one of its own.
func Transient(err error) bool {
	if renewal, ok := errors.AsType[*renewalError](err); ok {
		return !credentialsRefused(renewal.err)
	}
	if failure, ok := errors.AsType[*APIError](err); ok {
		return failure.Foreign || failure.Status >= 500 ||
			failure.Status == http.StatusRequestTimeout || failure.Status == http.StatusTooManyRequests
	}
	if _, ok := errors.AsType[*MalformedError](err); ok {
		return true
	}
	_, unreachable := errors.AsType[*unreachableError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return unreachable && !untrusted
}
