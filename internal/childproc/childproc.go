// Package childproc starts processes that do not outlive this one.
package childproc

import "syscall"

// Attributes returns the attributes of a process that the kernel sends the signal when the thread that started it ends,
// even by SIGKILL. On systems other than Linux no kernel does this: there the caller stops its children itself.
//
// Source: prctl(2), PR_SET_PDEATHSIG.
func Attributes(onOurEnd syscall.Signal) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{}
	setDeathSignal(a, onOurEnd)
	return a
}
