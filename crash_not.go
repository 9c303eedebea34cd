//go:build !crash

package main

// crashAt is nil but in tests: see crash.go.
var crashAt func(point string)
