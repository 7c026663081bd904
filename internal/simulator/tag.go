package simulator

import (
	"regexp"
	"slices"
	"strings"
)

// Tag is a tag of a protected instance.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// tagAsked is a tag of a request. Its value may be left out where tags are deleted.
type tagAsked struct {
	Key   string  `json:"key"`
	Value *string `json:"value"`
}

type tagBody struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func tagsWire(tags []Tag) []tagBody {
	all := []tagBody{}
	for _, tag := range tags {
		all = append(all, tagBody(tag))
	}

	return all
}

// The characters of keys and values are those of the user guide, the strictest of the sources.
var (
	tagKeys   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,36}$`)
	tagValues = regexp.MustCompile(`^[A-Za-z0-9_-]{0,43}$`)
)

// validTags checks tags that are to be set, of which there may be so many.
func validTags(tags []Tag, limit int) *Problem {
	if len(tags) > limit {
		return refused("SDRS.2203", "More than %d tags.", limit)
	}
	seen := map[string]bool{}
	for _, tag := range tags {
		switch {
		case tag.Key == "":
			return refused("SDRS.2205", "The key of a tag is empty.")
		case !tagKeys.MatchString(tag.Key):
			return refused("SDRS.2204", "The tag key %q is invalid.", tag.Key)
		case !tagValues.MatchString(tag.Value):
			return refused("SDRS.2207", "The tag value %q is invalid.", tag.Value)
		case seen[tag.Key]:
			return refused("SDRS.2209", "The tag key %s is there twice.", tag.Key)
		}
		seen[tag.Key] = true
	}

	return nil
}

// setTags adds tags to an instance, in place of those with the same keys.
func (s *Simulator) setTags(i *Instance, tags []Tag) *Problem {
	if problem := validTags(tags, s.tagLimit); problem != nil {
		return problem
	}
	after := slices.Clone(i.Tags)
	for _, tag := range tags {
		n := slices.IndexFunc(after, func(other Tag) bool { return other.Key == tag.Key })
		if n < 0 {
			after = append(after, tag)

			continue
		}
		after[n] = tag
	}
	if len(after) > s.tagLimit {
		return refused("SDRS.2203", "The instance would have %d tags, of at most %d.", len(after), s.tagLimit)
	}
	i.Tags = after

	return nil
}

// deleteTag reports whether the instance had it.
func (i *Instance) deleteTag(key string) bool {
	before := len(i.Tags)
	i.Tags = slices.DeleteFunc(i.Tags, func(tag Tag) bool { return tag.Key == key })

	return len(i.Tags) < before
}

// listTags serves GET protected-instances/{id}/tags.
func (s *Simulator) listTags(in *incoming) (any, *Problem) {
	_, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1320")
	if problem != nil {
		return nil, problem
	}

	return object{"tags": tagsWire(i.Tags)}, nil
}

// addTag serves POST protected-instances/{id}/tags.
func (s *Simulator) addTag(in *incoming) (any, *Problem) {
	asked, problem := parameters[tagAsked](in, "tag")
	if problem != nil {
		return nil, problem
	}
	_, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1320")
	if problem != nil {
		return nil, problem
	}
	if asked.Value == nil {
		return nil, refused("SDRS.2208", "The tag has no value.")
	}

	return nil, s.setTags(i, []Tag{{asked.Key, *asked.Value}})
}

// deleteTagAsked serves DELETE protected-instances/{id}/tags/{key}.
func (s *Simulator) deleteTagAsked(in *incoming) (any, *Problem) {
	_, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1320")
	if problem != nil {
		return nil, problem
	}
	if !i.deleteTag(in.PathValue("key")) {
		problem := refused("SDRS.2206", "The tag key %s is not found.", in.PathValue("key"))
		problem.Status = 404

		return nil, problem
	}

	return nil, nil
}

// actOnTags serves POST protected-instances/{id}/tags/action.
func (s *Simulator) actOnTags(in *incoming) (any, *Problem) {
	asked, problem := parameters[struct {
		Action string     `json:"action"`
		Tags   []tagAsked `json:"tags"`
	}](in, "")
	if problem != nil {
		return nil, problem
	}
	_, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1320")
	if problem != nil {
		return nil, problem
	}
	var tags []Tag
	for _, tag := range asked.Tags {
		if tag.Value == nil && asked.Action == "create" {
			return nil, refused("SDRS.2208", "The tag %s has no value.", tag.Key)
		}
		tags = append(tags, Tag{tag.Key, given(tag.Value)})
	}
	switch {
	case len(tags) == 0:
		return nil, refused("SDRS.2202", "There are no tags.")
	case asked.Action == "create":
		return nil, s.setTags(i, tags)
	case asked.Action != "delete":
		return nil, refused("SDRS.2201", "action must be create or delete.")
	}
	for _, tag := range tags {
		i.deleteTag(tag.Key) // one that is not there is no mistake here
	}

	return nil, nil
}

// given is an optional text of a request.
func given(text *string) string {
	if text == nil {
		return ""
	}

	return *text
}

// tagQuery is a key with the values that match it, or with none for any. A value that begins with a star is a part.
type tagQuery struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}

func (q tagQuery) matches(i *Instance) bool {
	return slices.ContainsFunc(i.Tags, func(tag Tag) bool {
		return tag.Key == q.Key && (len(q.Values) == 0 || slices.ContainsFunc(q.Values, func(value string) bool {
			part, fuzzy := strings.CutPrefix(value, "*")

			return tag.Value == value || fuzzy && strings.Contains(tag.Value, part)
		}))
	})
}

// listProjectTags serves GET protected-instances/tags.
func (s *Simulator) listProjectTags(*incoming) (any, *Problem) {
	tags := []object{}
	values := map[string][]string{}
	var keys []string
	for _, g := range s.groups {
		for _, i := range g.Instances {
			for _, tag := range i.Tags {
				if values[tag.Key] == nil {
					keys = append(keys, tag.Key)
				}
				if !slices.Contains(values[tag.Key], tag.Value) {
					values[tag.Key] = append(values[tag.Key], tag.Value)
				}
			}
		}
	}
	for _, key := range keys {
		tags = append(tags, object{"key": key, "values": values[key]})
	}

	return object{"tags": tags}, nil
}

// tagSearch is the body of POST protected-instances/resource_instances/action.
type tagSearch struct {
	Action     string     `json:"action"`
	Limit      *string    `json:"limit"`
	Offset     *string    `json:"offset"`
	Tags       []tagQuery `json:"tags"`
	TagsAny    []tagQuery `json:"tags_any"`
	NotTags    []tagQuery `json:"not_tags"`
	NotTagsAny []tagQuery `json:"not_tags_any"`
	Matches    []Tag      `json:"matches"`
}

// accepts tells whether an instance has all of Tags and one of TagsAny, and neither all of NotTags nor one of
// NotTagsAny.
func (t tagSearch) accepts(i *Instance) bool {
	has := func(q tagQuery) bool { return q.matches(i) }
	hasNot := func(q tagQuery) bool { return !q.matches(i) }
	for _, match := range t.Matches {
		if !strings.Contains(i.Name, match.Value) {
			return false
		}
	}

	return !slices.ContainsFunc(t.Tags, hasNot) && (len(t.TagsAny) == 0 || slices.ContainsFunc(t.TagsAny, has)) &&
		(len(t.NotTags) == 0 || slices.ContainsFunc(t.NotTags, hasNot)) && !slices.ContainsFunc(t.NotTagsAny, has)
}

// searchByTags serves POST protected-instances/resource_instances/action.
func (s *Simulator) searchByTags(in *incoming) (any, *Problem) {
	asked, problem := parameters[tagSearch](in, "")
	if problem != nil {
		return nil, problem
	}
	q := filter{limit: defaultLimit}
	switch {
	case asked.Action != "filter" && asked.Action != "count":
		return nil, refused("SDRS.2210", "action must be filter or count.")
	case asked.Action == "count" && (asked.Limit != nil || asked.Offset != nil):
		return nil, refused("SDRS.2211", "limit and offset are not supported with count.")
	}
	if problem := number(given(asked.Limit), &q.limit, 1, 1000, "SDRS.2220"); problem != nil {
		return nil, problem
	}
	if problem := number(given(asked.Offset), &q.offset, 0, 1<<30, "SDRS.0222"); problem != nil {
		return nil, problem
	}
	for _, match := range asked.Matches {
		if match.Key != "resource_name" {
			return nil, refused("SDRS.2214", "The key %q of matches is invalid.", match.Key)
		}
	}

	found := []object{}
	for _, g := range s.groups {
		for n := range g.Instances {
			if i := &g.Instances[n]; asked.accepts(i) {
				found = append(found, object{
					"resource_id": i.ID, "resource_name": i.Name, "resource_detail": s.instanceWire(g, i), "tags": tagsWire(i.Tags),
				})
			}
		}
	}
	if asked.Action == "count" {
		return object{"total_count": len(found)}, nil
	}
	start := min(q.offset, len(found))

	return object{"resources": found[start:min(start+q.limit, len(found))], "total_count": len(found)}, nil
}
