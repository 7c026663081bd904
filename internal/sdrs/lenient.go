package sdrs

import (
	"bytes"
	"encoding/json"
)

// Number is a whole number that the API writes as text in some answers.
type Number int

// UnmarshalJSON reads a number, as such or in quotes.
func (n *Number) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(bytes.Trim(data, `"`), (*int)(n))
}

// Text is text that the API writes as a number in some answers.
type Text string

// UnmarshalJSON reads text, or a number as text.
func (t *Text) UnmarshalJSON(data []byte) error {
	var number json.Number
	if err := json.Unmarshal(data, &number); err == nil {
		*t = Text(number)
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}
