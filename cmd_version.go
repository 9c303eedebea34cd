package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"agora/static"
)

// Set by the linker; see the Makefile.
var (
	version = "dev"
	commit  = ""
)

type versionCommand struct{}

// Help is shown below the flags.
func (versionCommand) Help() string {
	return "Example:\n\n  agora version"
}

// Run prints what this program was made of.
func (versionCommand) Run(c *console) error {
	_, err := fmt.Fprintf(c.stdout, "agora   %s\ncommit  %s\ngo      %s %s/%s\nassets  %s\n",
		version, cmp.Or(builtFrom(), "unknown"), runtime.Version(), runtime.GOOS, runtime.GOARCH,
		cmp.Or(static.Build(), "unknown"))
	return err
}

// builtFrom is the commit that the program was built from.
func builtFrom() string {
	if commit != "" {
		return commit
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
