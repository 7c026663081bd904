//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// endWithFamily lets the end of a command's context kill its children, too. The go command, interrupted alone, leaves
// its linker running.
func endWithFamily(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
