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

	// key is the name that wraps code and message in the body: error, badrequest or itemNotFound; empty for the gateway.
	key string
}

// Error returns code and message.
func (p *Problem) Error() string { return p.Code + ": " + p.Message }

// body is the problem as JSON. Only the gateway repeats the request's id.
func (p *Problem) body(requestID string) any {
	if p.key == "" {
		return object{"error_msg": p.Message, "error_code": p.Code, "request_id": requestID}
	}

	return object{p.key: object{"message": p.Message, "code": p.Code}}
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

// missing is the refusal of what doesn't exist, a 400 or a 404.
func (s *Simulator) missing(code, format string, args ...any) *Problem {
	if s.missingAs404 {
		return notFound(code, format, args...)
	}

	return refused(code, format, args...)
}

// gateway is what the API gateway in front of SDRS and ECS answers by itself.
func gateway(status int, code, message string) *Problem {
	return &Problem{Status: status, Code: code, Message: message}
}
