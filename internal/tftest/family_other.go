//go:build !unix

package tftest

import "os/exec"

// interruptFamily does nothing where there are no process groups: the command is killed, and its children end a moment
// later.
func interruptFamily(*exec.Cmd) {}
