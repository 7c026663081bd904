package service_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// hostile are strings that no validated attribute takes.
var hostile = []string{
	"", " ", "\t", "\n", "\u00a0", "\u200b", "\ufeff", ".", "..", "/", "../", "../..", "..%2f..", "%2e%2e", "%00", "\x00", "\x1b[31m", "\r\nX-Auth-Token: x",
	"../jobs/x", "x/../../jobs/y?z#a", "?limit=1", "#", ";", "x;y=z", "\\", "'\"<>&|`$(){}*",
	"40df180b-9fe2-471a-8c64-1b758dc84189/action", "40df180b-9fe2-471a-8c64-1b758dc84189\n", " 40df180b-9fe2-471a-8c64-1b758dc84189",
	"40df180b-9fe2-471a-8c64-1b758dc8418\u0669", "\uff14\uff10df180b-9fe2-471a-8c64-1b758dc84189", "40df180b\u20119fe2\u2011471a\u20118c64\u20111b758dc84189",
	"{40df180b-9fe2-471a-8c64-1b758dc84189}", "urn:uuid:40df180b-9fe2-471a-8c64-1b758dc84189", "40df180b-9fe2471a-8c64-1b758dc84189",
	"10.20.0.256", "10.20.0.010", "10.20.0.1.", "40df180b-9fe2-471a-8c64-1b758dc8418", "gggggggg-gggg-gggg-gggg-gggggggggggg",
	"${var.x}", "%{if true}", "null", "日本語", "مرحبا", "\u202etegrat", "e\u0301", "👩‍💻", "SOURCE", "Source", "source ", "source\x00", "targets",
	strings.Repeat("a", 10_000), strings.Repeat("40df180b-9fe2-471a-8c64-1b758dc84189", 300), strings.Repeat("../",
		3_400), strings.Repeat("日", 3_400),
}

// Each validated argument gets values that it must not take, and no request is made for any.
func TestHostileValues(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	invalid := invalidTitles()
	for _, f := range faces(t, c) {
		for argument, null := range f.collections {
			text := tftest.Text(f.Validate(t, f.with(argument, null)))
			if !strings.Contains(text, `("`+argument+`"): Null `) {
				t.Errorf("%s: %s takes null: %s", f.name, argument, text)
			}
		}
		for argument, kind := range f.texts {
			if strings.HasSuffix(argument, "availability_zone") && len(f.Validate(t, f.with(argument, ""))) == 0 {
				t.Errorf("%s: an empty %s passes for none", f.name, argument)
			}
			if kind.free() {
				continue
			}
			values := hostile
			if strings.HasPrefix(argument, "timeout") {
				values = append(slices.Clone(hostile), "0s", "0h0m", "-5m")
			}
			for _, value := range values {
				diagnostics := f.Validate(t, f.with(argument, value))
				if text := tftest.Text(diagnostics); !strings.HasPrefix(text, "ERROR on ") {
					t.Errorf("%s: %s takes %.40q: %s", f.name, argument, value, text)
				}
				for _, diagnostic := range diagnostics {
					if !slices.Contains(invalid, diagnostic.Summary) {
						t.Errorf("%s: %s: the troubleshooting guide lacks %s", f.name, argument, diagnostic.Summary)
					}
				}
			}
		}
	}
	for _, request := range c.Requests() {
		if request.Route == "" || !strings.HasPrefix(request.Path, "/v3/") {
			t.Errorf("%s %s", request.Method, request.Path)
		}
	}
}
