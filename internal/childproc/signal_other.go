//go:build !linux

package childproc

import "syscall"

func setDeathSignal(*syscall.SysProcAttr, syscall.Signal) {}
