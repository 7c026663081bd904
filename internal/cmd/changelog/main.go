// Command changelog keeps CHANGELOG.md from the files in .changes: an entry in unreleased/ for each change, and a file
// for each version that is out. Two pull requests that each add a file of their own do not conflict.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

func main() {
	err := run(".", os.Args[1:], time.Now().UTC(), os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		_, _ = fmt.Fprintln(os.Stderr, "changelog:", err)
		os.Exit(1)
	}
}

// run does in the repository at root what the flags ask for. Without any it writes CHANGELOG.md.
func run(root string, args []string, now time.Time, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("changelog", flag.ContinueOnError)
	flags.SetOutput(stderr)
	notes := flags.String("notes", "", "print the release notes of `version`, and write nothing")
	release := flags.String("release", "", "make the unreleased entries those of `version`, dated today")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *notes != "" && *release != "" {
		return errors.New("-notes writes nothing, and -release does: give one of them")
	}

	c := changes{root}
	if *notes != "" {
		text, err := c.notes(strings.TrimPrefix(*notes, "v"))
		if err != nil {
			return err
		}
		_, err = io.WriteString(stdout, text)
		return err
	}
	if *release != "" {
		if err := c.release(strings.TrimPrefix(*release, "v"), now); err != nil {
			return err
		}
	}
	return c.write()
}
