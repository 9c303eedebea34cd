package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// writeOut writes a whole file, or none: what stood there before stays until
// the new one is on disk. - is standard output.
func writeOut(c *console, file string, data []byte) error {
	if file == "-" {
		if _, err := c.stdout.Write(data); err != nil {
			return fmt.Errorf("write to standard output: %w", err)
		}
		return nil
	}
	if err := replace(file, data, nil); err != nil {
		var at *fs.PathError // it names a file that nobody knows
		if errors.As(err, &at) {
			err = at.Err
		}
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// replace puts data in the place of a file, whether one is there or not:
// whoever reads sees the old one or the new one. The last look before that is
// the caller's; it may be nil. What is no file, such as a pipe, is written to.
func replace(file string, data []byte, last func() error) (err error) {
	mode := fs.FileMode(0o644)
	switch at, err := os.Stat(file); {
	case err == nil && !at.Mode().IsRegular() && !at.IsDir():
		return stream(file, data)
	case err == nil:
		mode = at.Mode().Perm()
		if file, err = filepath.EvalSymlinks(file); err != nil {
			return err
		}
	}
	next, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(next.Name())
		}
	}()
	_, err = next.Write(data)
	if err = errors.Join(err, next.Chmod(mode), next.Sync(), next.Close()); err != nil {
		return err
	}
	if last != nil {
		if err = last(); err != nil {
			return err
		}
	}
	return os.Rename(next.Name(), file)
}

// stream writes to a pipe or a device.
func stream(file string, data []byte) error {
	out, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return errors.Join(err, out.Close())
}
