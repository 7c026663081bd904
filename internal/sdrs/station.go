package sdrs

// Station is one of the two sites of a protection group, fixed when the group is created.
type Station string

// The sites of a protection group.
const (
	// Source is the production site that was named when the group was created.
	Source Station = "source"
	// Target is the DR site that was named when the group was created.
	Target Station = "target"
)

// Other returns the opposite site.
func (s Station) Other() Station {
	if s == Source {
		return Target
	}
	return Source
}

// Valid reports whether s is one of the two sites.
func (s Station) Valid() bool { return s == Source || s == Target }
