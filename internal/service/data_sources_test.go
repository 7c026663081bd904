package service_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestListsNotReadable(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	for _, f := range lists(t, c) {
		list := c.NewDataSource(t, f.typeName, nil)
		read := func(status int, code string) string {
			remove := c.Inject(simulator.Fault{Status: status, Body: `{"error": {"code": "` + code +
				`", "message": "no role"}}`})
			defer remove()
			return tftest.WithoutRequestID(tftest.Text(list.Read(t, nil).Diagnostics))
		}
		refused := read(http.StatusForbidden, "SDRS.0009")
		things, _, _ := strings.Cut(strings.TrimPrefix(refused, "ERROR: "), " Not Permitted")
		tftest.WantText(t, refused, `
ERROR: `+things+` Not Permitted

The user may not list the `+strings.ToLower(things)+`. Nothing was changed.

  HTTP status: 403
  Error code: SDRS.0009
  Reason: no role
  Request ID: -

Give the user the permissions for SDRS in this project.
`)
		tftest.WantText(t, read(http.StatusNotImplemented, "SDRS.0013"), `
ERROR: `+things+` Not Readable

The `+strings.ToLower(things)+` can't be listed. Nothing was changed.

  HTTP status: 501
  Error code: SDRS.0013
  Reason: no role
  Request ID: -

Check that the API can be reached, and region and endpoints of the provider. Then try again.
`)
	}
}

// Where there is nothing a list is empty, and not null.
func TestListsMayBeEmpty(t *testing.T) {
	t.Parallel()
	s := tftest.Simulate(t)
	s.DeleteGroup(s.GroupID)
	for _, f := range lists(t, s) {
		source := tftest.Source{Cloud: s, DataSource: s.NewDataSource(t, f.typeName, nil)}
		found := source.List(t, nil)
		if f.texts["protection_group_id"].id && len(found) > 0 {
			t.Errorf("%s: %v", f.name, found)
		}
	}
}

func TestNothingIsReadBeforeTheProviderIsKnown(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	all := lists(t, c)
	c.ResetRequests()
	arguments := c.Arguments()
	arguments["auth_url"] = tftest.Unknown
	for _, f := range all {
		text := tftest.Text(c.NewDataSource(t, f.typeName, arguments).Read(t, nil).Diagnostics)
		if !strings.Contains(text, "Provider Not Configured") || !strings.Contains(text, "depends_on") {
			t.Errorf("%s: %s", f.name, text)
		}
	}
	if n := len(c.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}
