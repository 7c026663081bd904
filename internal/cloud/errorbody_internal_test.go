package cloud

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A gateway that fails may answer anything, and a read is repeated. The test is not parallel: it counts all
// allocations.
func TestErrorBodiesAreBounded(t *testing.T) {
	var keys strings.Builder
	for i := range 1_000_000 {
		fmt.Fprintf(&keys, `"%x":1,`, i)
	}
	for name, test := range map[string]struct {
		body string
		most float64
	}{
		"a million keys":     {body: `{"error":{"code":"X"},` + keys.String() + `"z":1}`, most: 50},
		"as much as is read": {body: `{"error":{"code":"X"},` + keys.String()[:maxErrorBody-100] + `":1}`, most: 50_000},
		"deep":               {body: `{"error":` + strings.Repeat(`{"a":`, 9000), most: 1000},
	} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		got := answer{status: http.StatusForbidden, header: http.Header{}, body: []byte(test.body)}
		if n := testing.AllocsPerRun(1, func() { _ = newAPIError(req, got) }); n > test.most {
			t.Errorf("%s: %.0f allocations, want %.0f at most", name, n, test.most)
		}
	}
}
