package cloud

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns text with everything escaped that a terminal does not show as itself: control characters and line
// breaks, direction overrides, zero-width characters, and bytes that are not UTF-8. Text that comes from outside, such
// as names and reasons, goes through it before it is shown: it could forge lines of output otherwise.
func Printable(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, hidden) {
		return text
	}
	var escaped strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if hidden(r) || r == utf8.RuneError && size == 1 {
			quoted := strconv.QuoteToASCII(text[:size])
			escaped.WriteString(quoted[1 : len(quoted)-1])
		} else {
			escaped.WriteString(text[:size])
		}
		text = text[size:]
	}
	return escaped.String()
}

func hidden(r rune) bool { return !unicode.IsGraphic(r) }
