package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// writeOut writes a whole file, or none: what stood there before stays until
// the new one is on disk. - is standard output.
func writeOut(c *console, file string, data []byte) (err error) {
	if file == "-" {
		if _, err := c.stdout.Write(data); err != nil {
			return fmt.Errorf("write to standard output: %w", err)
		}
		return nil
	}
	if at, err := os.Stat(file); err == nil && !at.Mode().IsRegular() { // such as a pipe
		return os.WriteFile(file, data, 0o644)
	}
	next, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	defer func() {
		if err != nil {
			_ = next.Close()
			_ = os.Remove(next.Name())
		}
	}()
	if _, err = next.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err = next.Chmod(0o644); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err = next.Close(); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err = os.Rename(next.Name(), file); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
