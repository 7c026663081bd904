package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// indent sets Terraform's words off from the demo's.
const indent = "  "

// What Terraform warns of at each plan and apply with a provider from dev_overrides: from this line to one with that
// end.
const (
	overridesWarning    = "Warning: Provider development overrides are in effect"
	overridesWarningEnd = "releases."
)

// screen shows what Terraform prints, indented, line by line. It leaves out the warning about dev_overrides, which has
// nothing to do with the story.
type screen struct {
	out io.Writer
	// all is set where all lines are shown, and not only those with one of the parts to look at.
	all   bool
	parts []string
	// text is what Terraform has printed, without the indent.
	text strings.Builder
	// line is the beginning of a line whose end is yet to come.
	line string
	// blank is set after a blank line; another one is what the warning left behind.
	skipping, blank bool
}

// say prints a line. Where nobody reads any longer, a signal ends the story.
func (s *screen) say(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }

// begin waits for what Terraform prints, with the parts to look at.
func (s *screen) begin(parts []string) {
	s.parts = parts
	s.text.Reset()
}

// end returns what Terraform has printed since begin, and shows it where something went wrong.
func (s *screen) end(failed bool) string {
	text := s.text.String()
	if failed && !s.all {
		s.say("%s", text)
	}
	return text
}

// Write takes any piece of the output.
func (s *screen) Write(p []byte) (int, error) {
	s.line += string(p)
	for {
		line, rest, ended := strings.Cut(s.line, "\n")
		if !ended {
			return len(p), nil
		}
		s.line = rest
		s.skipping = s.skipping || line == overridesWarning
		if s.skipping {
			s.skipping = !strings.HasSuffix(line, overridesWarningEnd)
			continue
		}
		if line == "" && s.blank {
			continue
		}
		s.blank = line == ""
		s.text.WriteString(line + "\n")
		if !s.all && !slices.ContainsFunc(s.parts, func(part string) bool { return strings.Contains(line, part) }) {
			continue
		}
		if line != "" {
			line = indent + line
		}
		if _, err := io.WriteString(s.out, line+"\n"); err != nil {
			return len(p), err
		}
	}
}
