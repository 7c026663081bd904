package sdrs_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestIsNotFound is the table of which answers mean that a group is gone, and drop it from the state. The
// troubleshooting guide has it in short.
func TestIsNotFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		gone   bool
	}{
		"the code in a 400": {
			status: 400, body: `{"error": {"code": "SDRS.1013", "message": "the group does not exist"}}`, gone: true,
		},
		"the code in a 404": {
			status: 404, body: `{"error": {"code": "SDRS.1013", "message": "the group does not exist"}}`, gone: true,
		},
		"the code under another key": {
			status: 400, body: `{"badrequest": {"code": "SDRS.1013", "message": "the group does not exist"}}`, gone: true,
		},
		"the code, flat": {
			status: 404, body: `{"error_code": "SDRS.1013", "error_msg": "the group does not exist"}`, gone: true,
		},
		"itemNotFound with the code": {
			status: 404, body: `{"itemNotFound": {"code": "SDRS.1013", "message": "no such group"}}`, gone: true,
		},
		"itemNotFound with 404": {
			status: 404, body: `{"itemNotFound": {"code": 404, "message": "no such group"}}`, gone: true,
		},
		"itemNotFound with \"404\"": {
			status: 404, body: `{"itemNotFound": {"code": "404", "message": "no such group"}}`, gone: true,
		},
		"itemNotFound, no code":    {status: 404, body: `{"itemNotFound": {"message": "no such group"}}`},
		"itemNotFound, no message": {status: 404, body: `{"itemNotFound": {"code": 404}}`},
		"itemNotFound of a server": {
			status: 404, body: `{"itemNotFound": {"code": "Ecs.0114", "message": "no such server"}}`,
		},
		"itemNotFound of a job": {
			status: 404, body: `{"itemNotFound": {"code": "SDRS.0201", "message": "no such job"}}`,
		},
		"itemNotFound in a 400": {status: 400, body: `{"itemNotFound": {"code": 404, "message": "no such group"}}`},
		"itemNotFound behind error": {
			status: 404, body: `{"error": {"message": "no route"}, "itemNotFound": {"code": 404, "message": "no such group"}}`,
		},
		"itemNotFound of the gateway": {
			status: 404,
			body:   `{"error_code": "APIGW.0101", "error_msg": "no", "itemNotFound": {"code": 404, "message": "no such group"}}`,
		},
		"another code of SDRS": {status: 404, body: `{"error": {"code": "SDRS.0013", "message": "internal error"}}`},
		"an instance":          {status: 400, body: `{"error": {"code": "SDRS.1320", "message": "no such instance"}}`},
		"a pair":               {status: 400, body: `{"error": {"code": "SDRS.1608", "message": "no such pair"}}`},
		"a malformed id":       {status: 400, body: `{"error": {"code": "SDRS.0207", "message": "bad id"}}`},
		"no right to see it":   {status: 403, body: `{"error": {"code": "SDRS.1013", "message": "no"}}`},
		"a failure":            {status: 500, body: `{"error": {"code": "SDRS.1013", "message": "no"}}`},
		"the gateway: no such API": {
			status: 404, body: `{"error_code": "APIGW.0101", "error_msg": "The API does not exist", "request_id": "1"}`,
		},
		"the gateway: no backend": {status: 404, body: `{"error_code": "APIG.0201", "error_msg": "Backend not found"}`},
		"the gateway, no code":    {status: 404, body: `{"error_msg": "not found"}`},
		"IAM": {
			status: 404, body: `{"error": {"code": 404, "message": "no such resource", "title": "Not Found"}}`,
		},
		"a service's own words": {status: 404, body: `{"error": {"message": "the group does not exist"}}`},
		"no route":              {status: 404, body: `{"message": "no Route matched with those values"}`},
		"no path": {
			status: 404, body: `{"status": 404, "error": "Not Found", "message": "No handler", "path": "/v1"}`,
		},
		"no resource": {status: 404, body: `{"code": 404, "message": "404 page not found"}`},
		"Kubernetes": {
			status: 404,
			body:   `{"kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404, "message": "not found", "details": {}}`,
		},
		"FastAPI":          {status: 404, body: `{"detail": "Not Found"}`},
		"errors in a list": {status: 404, body: `{"errors": [{"code": "SDRS.1013", "message": "no"}]}`},
		"another key":      {status: 404, body: `{"fault": {"code": 404, "message": "not found"}}`},
		"an empty object":  {status: 404, body: `{}`},
		"null":             {status: 404, body: `null`},
		"a list":           {status: 404, body: `[]`},
		"a text":           {status: 404, body: `404 page not found`},
		"HTML":             {status: 404, body: `<html><h1>Not Found</h1><p>SDRS.1013`},
		"cut off":          {status: 404, body: `{"itemNotFound": {"code": 404, "message": "no su`},
		"nothing":          {status: 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sim := newClient(t)
			sim.Inject(simulator.Fault{
				Route: simulator.RouteGroup, Status: test.status,
				Header: http.Header{"Content-Type": {"application/json"}}, Body: test.body,
			})
			_, err := client.Group(t.Context(), groupID)
			if err == nil || sdrs.IsNotFound(err) != test.gone {
				t.Errorf("gone is %v: %v", !test.gone, err)
			}
		})
	}
	if sdrs.IsNotFound(nil) || sdrs.IsNotFound(errors.New("404")) {
		t.Error("gone without an answer")
	}
}

// What is no word about a group may be one about another thing.
func TestNotFoundOfOtherThings(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]struct{ instance, pair, drill bool }{
		"SDRS.1320": {instance: true},
		"SDRS.0208": {instance: true},
		"SDRS.1608": {pair: true},
		"SDRS.0213": {pair: true},
		"SDRS.1902": {drill: true},
		"SDRS.1913": {}, // As 1301.
		"SDRS.1301": {}, // It can't be deleted now, or is gone: not to be told from the code.
		"SDRS.1013": {},
	} {
		err := error(&cloud.APIError{Status: 400, Code: code})
		if sdrs.IsInstanceNotFound(err) != want.instance || sdrs.IsPairNotFound(err) != want.pair ||
			sdrs.IsDrillNotFound(err) != want.drill {
			t.Errorf("%s: want %+v", code, want)
		}
	}
	client, sim := newClient(t)
	sim.Inject(simulator.Fault{Status: 404, Body: `{"error": {"code": "SDRS.2206", "message": "no such key"}}`})
	if err := client.DeleteTag(t.Context(), "i", "tier"); err != nil {
		t.Errorf("a tag that is not there: %v", err)
	}
}
