package cloud_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                    "",
		`web-shop "größer" 数据 👍 C:\x`:         `web-shop "größer" 数据 👍 C:\x`,
		"ok\nApply complete!\r\n":             `ok\nApply complete!\r\n`,
		"\x1b[2K\x1b[1A\x00\x7f\t":            `\x1b[2K\x1b[1A\x00\x7f\t`,
		"\u009b2K \u0085":                     `\u009b2K \u0085`, // Control characters beyond ASCII: CSI and NEL.
		"\u2028\u2029":                        `\u2028\u2029`,
		"a\u202egro\u202c \u2066x\u2069":      `a\u202egro\u202c \u2066x\u2069`,
		"pay\u200bpal \u00ad\ufeff\U000e0041": `pay\u200bpal \u00ad\ufeff\U000e0041`,
		"\xff\xfe ok \xe2\x82":                `\xff\xfe ok \xe2\x82`,
		"\ufffd \"C:\\x\"\n":                  "\ufffd \"C:\\x\"\\n",
		"\ufffd":                              "\ufffd", // What a decoder makes of bytes that are not UTF-8.
	} {
		if got := cloud.Printable(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
