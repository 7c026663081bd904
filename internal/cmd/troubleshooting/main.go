// Command troubleshooting writes the troubleshooting guide from the code itself: the diagnostics, the readiness checks,
// and the statuses of a protection group. `make docs` runs it.
package main

import (
	"fmt"
	"os"
)

func main() {
	guide, err := troubleshooting()
	if err == nil {
		err = os.WriteFile("docs/guides/troubleshooting.md", guide, 0o644) //nolint:gosec // Public, like all of docs/.
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "troubleshooting:", err)
		os.Exit(1)
	}
}
