package command

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the linker for releases.
var version = "dev"

type versionCommand struct{}

// Run prints the version, the commit it was built from where that is known, and the Go version.
func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintf(s.out, "data-api %s %s\n", Version(), runtime.Version())
	return err
}

// Version is the version of the program, and the commit that it was built from where that is known.
func Version() string { return version + commit() }

func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}

	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return " " + setting.Value[:12]
		}
	}

	return ""
}
