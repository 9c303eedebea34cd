package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"time"
)

// timeForms are the forms of a time in a line; those without a zone mean UTC.
var timeForms = [...]string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly}

// tape is the lines of some files, one after another.
type tape struct {
	files []tapeFile
	size  int64         // of all files, in bytes
	first time.Time     // the earliest time on it, once surveyed
	last  time.Time     // the latest one
	shift time.Duration // added to every time
}

type tapeFile struct {
	name string
	file *os.File
	temp bool
}

// tapeLine is one line, its time moved.
type tapeLine struct {
	place string // file and line, for people
	text  []byte
	at    time.Time // as written in the file; zero: none
	bytes int       // in the file
	wrong string    // why it can't be read; empty: it can
}

// openTape opens the files. Standard input is written to a temporary file
// first: to move all times by the same amount, the last must be known.
func openTape(names []string, stdin io.Reader) (_ *tape, err error) {
	t := &tape{}
	defer func() {
		if err != nil {
			t.close()
		}
	}()
	for _, name := range names {
		var f tapeFile
		if name == "-" {
			f, err = spool(stdin)
		} else {
			f = tapeFile{name: name}
			f.file, err = os.Open(name)
		}
		if err != nil {
			return nil, fmt.Errorf("open what to replay: %w", err)
		}
		t.files = append(t.files, f)
		info, err := f.file.Stat()
		if err != nil {
			return nil, fmt.Errorf("open what to replay: %w", err)
		}
		if info.IsDir() {
			return nil, fmt.Errorf("open what to replay: %s is a folder: name its files, as in %s/*.ndjson", name, name)
		}
		t.size += info.Size()
	}
	return t, nil
}

func spool(stdin io.Reader) (tapeFile, error) {
	f, err := os.CreateTemp("", "agora-replay-*")
	if err != nil {
		return tapeFile{}, err
	}
	file := tapeFile{name: "standard input", file: f, temp: true}
	if _, err := io.Copy(f, stdin); err != nil {
		return tapeFile{}, errors.Join(fmt.Errorf("read standard input: %w", err), file.close())
	}
	return file, nil
}

func (f tapeFile) close() error {
	err := f.file.Close()
	if f.temp {
		err = errors.Join(err, os.Remove(f.file.Name()))
	}
	return err
}

func (t *tape) close() {
	for _, f := range t.files {
		f.close() //nolint:errcheck // they were only read
	}
}

// survey finds the first and the last time.
func (t *tape) survey(ctx context.Context) error {
	return t.play(func(line tapeLine) error {
		if at := line.at; !at.IsZero() {
			if t.first.IsZero() || at.Before(t.first) {
				t.first = at
			}
			if at.After(t.last) {
				t.last = at
			}
		}
		return ctx.Err()
	})
}

// play gives every line that isn't empty, in order, with its time moved.
func (t *tape) play(each func(tapeLine) error) error {
	for _, f := range t.files {
		if _, err := f.file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("read %s: %w", f.name, err)
		}
		in := bufio.NewReaderSize(f.file, 256<<10)
		for number := 1; ; number++ {
			text, err := readLine(in)
			if errors.Is(err, io.EOF) {
				break
			}
			line := tapeLine{place: f.name + ":" + strconv.Itoa(number), text: text, bytes: len(text) + 1}
			switch {
			case errors.Is(err, errLongLine):
				line.wrong = err.Error()
			case err != nil:
				return fmt.Errorf("read %s: %w", f.name, err)
			case len(text) == 0:
				continue
			default:
				line.text, line.at, err = moveTime(text, t.shift)
				if err != nil {
					line.wrong = err.Error()
				}
			}
			if err := each(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// moveTime finds the time of a line and moves it. A line without a time, or
// with one that can't be read, stays as it is: whoever takes it will say so.
func moveTime(text []byte, shift time.Duration) ([]byte, time.Time, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, time.Time{}, fmt.Errorf("this is not one JSON object: %w", err)
	}
	at, ok := readTime(fields["published"])
	if !ok || shift == 0 {
		return text, at, nil
	}
	moved, err := json.Marshal(at.Add(shift).UTC().Format(time.RFC3339Nano))
	if err != nil {
		return nil, at, err
	}
	fields["published"] = moved
	var b bytes.Buffer
	write := json.NewEncoder(&b)
	write.SetEscapeHTML(false)
	if err := write.Encode(fields); err != nil {
		return nil, at, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), at, nil
}

// readTime reads a time as text, or as seconds or milliseconds since 1970.
func readTime(raw json.RawMessage) (time.Time, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		for _, form := range timeForms {
			if t, err := time.Parse(form, s); err == nil {
				return t, true
			}
		}
		return time.Time{}, false
	}
	var n float64
	if json.Unmarshal(raw, &n) != nil || n == 0 {
		return time.Time{}, false
	}
	if math.Abs(n) > 1e11 { // milliseconds: as seconds this were the year 5138
		n /= 1000
	}
	if math.Abs(n) > 1e11 {
		return time.Time{}, false
	}
	whole, part := math.Modf(n)
	return time.Unix(int64(whole), int64(part*1e9)).UTC(), true
}
