package sdrs

import "testing"

// TestSamePage decodes a body once, and another one again.
func TestSamePage(t *testing.T) {
	t.Parallel()
	var page decodedPage[groupPage]
	decode := func(body string) *Group {
		t.Helper()
		if err := page.Decode([]byte(body)); err != nil {
			t.Fatal(err)
		}
		return &page.page.Groups[0]
	}
	first := decode(`{"server_groups":[{"status":"protected"}]}`)
	if decode(`{"server_groups":[{"status":"protected"}]}`) != first {
		t.Error("an equal body was decoded again")
	}
	again := decode(`{"server_groups":[{"status":"reversing"}]}`)
	if again.Status != "reversing" || first.Status != "protected" {
		t.Errorf("the group was %s, and is %s", first.Status, again.Status)
	}
}
