package simulator

import (
	"fmt"
	"net/http"
)

// Problem is a refusal by the simulated cloud, as the HTTP API sends it and as the console methods return it.
type Problem struct {
	Status  int    // HTTP status
	Code    string // e.g. SDRS.1319
	Message string

	// key is the name that wraps code and message in the body: error, badrequest or itemNotFound.
	key string
}

// Error returns code and message.
func (p *Problem) Error() string { return p.Code + ": " + p.Message }

type problemBody struct {
	Message string `json:"message"`
	Code    string `json:"code"`
}

func (p *Problem) answer() answer {
	return answer{status: p.Status, body: map[string]problemBody{p.key: {Message: p.Message, Code: p.Code}}}
}

// refused is a 400 of the general form, {"error": {...}}.
func refused(code, format string, args ...any) *Problem {
	return &Problem{Status: http.StatusBadRequest, Code: code, Message: fmt.Sprintf(format, args...), key: "error"}
}

// malformed is a 400 of the other form, {"badrequest": {...}}, for a request that makes no sense in itself.
func malformed(code, format string, args ...any) *Problem {
	return &Problem{Status: http.StatusBadRequest, Code: code, Message: fmt.Sprintf(format, args...), key: "badrequest"}
}

// notFound is a 404, {"itemNotFound": {...}}.
func notFound(code, format string, args ...any) *Problem {
	return &Problem{Status: http.StatusNotFound, Code: code, Message: fmt.Sprintf(format, args...), key: "itemNotFound"}
}

// gatewayError is what the API gateway in front of SDRS and ECS answers by itself.
type gatewayError struct {
	Message   string `json:"error_msg"`
	Code      string `json:"error_code"`
	RequestID string `json:"request_id"`
}

func gatewayAnswer(in *incoming, status int, code, message string) answer {
	return answer{status: status, body: gatewayError{Message: message, Code: code, RequestID: in.requestID}}
}

// identityError is the error of IAM, whose code is a number.
type identityError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Title   string `json:"title"`
}

func identityAnswer(status int, message string) answer {
	body := identityError{Code: status, Message: message, Title: http.StatusText(status)}

	return answer{status: status, body: map[string]identityError{"error": body}}
}
