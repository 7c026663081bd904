//go:build unix

package tftest

import (
	"os/exec"
	"syscall"
)

// interruptFamily makes a command a process group of its own, and lets the end of its context interrupt all of it: the
// go command, interrupted alone, leaves its linker running.
func interruptFamily(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
}
