package main

import (
	"io"
	"strings"
)

// indent sets Terraform's words off from the demo's.
const indent = "  "

// What Terraform warns of at each plan and apply with a provider from dev_overrides: from this line to one with that end.
const (
	overridesWarning    = "Warning: Provider development overrides are in effect"
	overridesWarningEnd = "releases."
)

// screen shows what Terraform prints, indented. It leaves out the warning about dev_overrides, which has nothing to do
// with the story.
type screen struct {
	out io.Writer
	// text is what was shown, without the indent.
	text strings.Builder
	// line is the beginning of a line whose end is yet to come.
	line string
	// held is what there is of the warning. It is shown after all should its end never come.
	held []string
	// blank is set after a blank line; another one is what the warning left behind.
	blank bool
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
		if err := s.take(line); err != nil {
			return len(p), err
		}
	}
}

func (s *screen) take(line string) error {
	switch {
	case line == overridesWarning, len(s.held) > 0:
		s.held = append(s.held, line)
		if strings.HasSuffix(line, overridesWarningEnd) {
			s.held = nil
		}
		return nil
	default:
		return s.show(line)
	}
}

func (s *screen) show(line string) error {
	if line == "" && s.blank {
		return nil
	}
	s.blank = line == ""
	s.text.WriteString(line + "\n")
	if line != "" {
		line = indent + line
	}
	_, err := io.WriteString(s.out, line+"\n")
	return err
}

// flush shows what is still held back.
func (s *screen) flush() error {
	rest := s.held
	if s.line != "" {
		rest = append(rest, s.line)
	}
	s.held, s.line = nil, ""
	for _, line := range rest {
		if err := s.show(line); err != nil {
			return err
		}
	}
	return nil
}
