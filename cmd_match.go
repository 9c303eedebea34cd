package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"agora/ingest/watch"
	"agora/mood"
)

type matchCommand struct {
	Query string `help:"The query, as in agora.yaml." required:"" placeholder:"Q" short:"q"`
}

// Help is shown below the flags.
func (matchCommand) Help() string {
	return `Reads one JSON object a line from standard input, {"id","title","body"}, and writes {"id","match","spans"} for each; the spans count code points. A bad query ends with status 2 and its column.

Example:

  echo '{"id":1,"title":"Nokia wins 5G deal"}' | agora match --query 'Nokia OR "Bell Labs"'`
}

// Run matches every line.
func (m matchCommand) Run(c *console) error {
	query, err := watch.Compile(m.Query)
	if err != nil {
		return misuse{explainQuery(m.Query, err)}
	}
	type question struct {
		ID    json.RawMessage `json:"id"`
		Title string          `json:"title"`
		Body  string          `json:"body"`
	}
	type answer struct {
		ID    json.RawMessage `json:"id"`
		Match bool            `json:"match"`
		Spans []mood.Span     `json:"spans"`
	}
	return eachLine(c, func(line []byte) (any, error) {
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			return nil, err
		}
		spans, ok := query.Match(q.Title, q.Body)
		if spans == nil {
			spans = []mood.Span{}
		}
		return answer{q.ID, ok, spans}, nil
	})
}

// explainQuery shows a bad query with an arrow under the column.
func explainQuery(query string, err error) error {
	var syntax *watch.SyntaxError
	if !errors.As(err, &syntax) || strings.ContainsAny(query, "\n\t") {
		return fmt.Errorf("bad query: %w", err)
	}
	return fmt.Errorf("bad query, column %d: %s\n  %s\n  %s^",
		syntax.Column, syntax.Msg, query, strings.Repeat(" ", max(0, syntax.Column-1)))
}

// longestLine bounds one line of NDJSON.
const longestLine = 4 << 20

// eachLine answers every line of JSON on standard input with one on standard
// output. A line that can't be read is named on standard error and left out;
// the others are answered all the same, and the error at the end counts them.
func eachLine(c *console, answer func(line []byte) (any, error)) error {
	in := bufio.NewReaderSize(c.stdin, 64<<10)
	out := bufio.NewWriter(c.stdout)
	write := json.NewEncoder(out)
	write.SetEscapeHTML(false)
	bad := 0
	for number := 1; ; number++ {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && len(line) == 0 {
			continue
		}
		var reply any
		if err == nil {
			reply, err = answer(line)
		}
		switch {
		case err == nil:
			if err := write.Encode(reply); err != nil {
				return fmt.Errorf("write the answer to line %d: %w", number, err)
			}
		case errors.Is(err, errLongLine) || isJSON(err):
			bad++
			fmt.Fprintf(c.stderr, "standard input, line %d: %v\n", number, err)
		default:
			return fmt.Errorf("standard input, line %d: %w", number, err)
		}
		if in.Buffered() == 0 { // whoever asks line by line is answered line by line
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write the answer to line %d: %w", number, err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the answers: %w", err)
	}
	if bad > 0 {
		return fmt.Errorf("%d of the lines could not be read, named above: each must be one JSON object", bad)
	}
	return nil
}

func isJSON(err error) bool {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &wrongType) || errors.Is(err, io.ErrUnexpectedEOF)
}

var errLongLine = fmt.Errorf("the line is longer than %d MiB", longestLine>>20)

// readLine reads one line without its end, and without the spaces around. An
// overlong one is skipped to its end and is [errLongLine].
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	tooLong := false
	for {
		part, more, err := in.ReadLine()
		if err != nil {
			return nil, err
		}
		if !tooLong {
			line = append(line, part...)
		}
		if len(line) > longestLine {
			tooLong, line = true, nil
		}
		if !more {
			break
		}
	}
	if tooLong {
		return nil, errLongLine
	}
	return bytes.TrimSpace(line), nil
}
