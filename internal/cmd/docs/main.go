// Command docs writes what of the documentation comes from the code itself: the troubleshooting guide, and the picture of
// the statuses of a protection group at its two sites. `make docs` runs it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("docs"); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// run writes the pages into the folder of the documentation.
func run(folder string) error {
	picture, err := drawing()
	if err != nil {
		return err
	}
	guide, err := troubleshooting()
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"images/site-states.svg":    picture,
		"guides/troubleshooting.md": guide,
	} {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // Public, like all of docs/.
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil { //nolint:gosec // Public, like all of docs/.
			return err
		}
	}
	return nil
}
