package sdrs

import (
	"encoding/json"
	"time"
)

// Time is a point in time as the API writes it, in one of three ways, always UTC. It is zero for null, and for what
// can't be read: no decision rests on a time, and none may fail for one.
type Time struct{ time.Time }

// layouts are those of groups and instances, of replication pairs, and of jobs. Fractions are optional when parsing.
var layouts = []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", time.RFC3339}

// UnmarshalJSON reads null or a string.
func (t *Time) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	t.Time = time.Time{}
	if text == nil {
		return nil
	}
	for _, layout := range layouts {
		if parsed, err := time.Parse(layout, *text); err == nil {
			t.Time = parsed.UTC()
			return nil
		}
	}
	return nil
}
