package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"agora/ingest/feed"
	"agora/ingest/watch"
	"agora/mood"
)

type matchCommand struct {
	Query string `help:"The query, as in agora.yaml." required:"" placeholder:"Q" short:"q"`
}

// Help is shown below the flags.
func (matchCommand) Help() string {
	return `Reads one JSON object a line from standard input, {"id","title","body"}, and writes {"id","match","spans"} for each; the spans count code points. For site:, lang: and country:, an object may also have "site" (or else "url"), "language" and "country". A bad query ends with status 2 and its column.

Example:

  echo '{"id":1,"title":"Nokia wins 5G deal"}' | agora match --query 'Nokia OR "Bell Labs"'
  echo '{"id":2,"title":"Nokia","url":"https://news.bbc.co.uk/1"}' | agora match --query 'Nokia site:bbc.co.uk'`
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
		// What fields ask for.
		Site     string `json:"site"`
		URL      string `json:"url"`
		Language string `json:"language"`
		Country  string `json:"country"`
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
		text := watch.Text{
			Title: q.Title, Body: q.Body, Site: strings.TrimPrefix(strings.ToLower(q.Site), "www."),
			Language: q.Language, Country: q.Country,
		}
		if text.Site == "" {
			text.Site = feed.Outlet(q.URL)
		}
		text.Language, _, _ = strings.Cut(strings.ReplaceAll(text.Language, "_", "-"), "-")
		spans, ok := query.MatchText(text)
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
	return eachLines(c, 1, func(lines [][]byte) ([]any, []error) {
		reply, err := answer(lines[0])
		return []any{reply}, []error{err}
	})
}

// eachLines is eachLine for whoever answers several lines at once: those that
// have arrived, at most as many as most. It gives one reply or error for each.
func eachLines(c *console, most int, answer func(lines [][]byte) ([]any, []error)) error {
	in := bufio.NewReaderSize(c.stdin, 256<<10)
	out := bufio.NewWriter(c.stdout)
	write := json.NewEncoder(out)
	write.SetEscapeHTML(false)
	bad := 0
	for number := 1; ; {
		lines, numbers, err := readLines(in, most, &number, func(n int, err error) {
			bad++
			fmt.Fprintf(c.stderr, "standard input, line %d: %v\n", n, err)
		})
		if len(lines) > 0 {
			replies, errs := answer(lines)
			for i := range lines {
				switch {
				case errs[i] == nil:
					if err := write.Encode(replies[i]); err != nil {
						return fmt.Errorf("write the answer to line %d: %w", numbers[i], err)
					}
				case isJSON(errs[i]):
					bad++
					fmt.Fprintf(c.stderr, "standard input, line %d: %v\n", numbers[i], errs[i])
				default:
					return fmt.Errorf("standard input, line %d: %w", numbers[i], errs[i])
				}
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
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

// readLines waits for a line and takes those that have arrived with it, with
// their numbers. Empty ones are left out; overlong ones are told to refuse.
func readLines(in *bufio.Reader, most int, number *int, refuse func(n int, err error)) (lines [][]byte, numbers []int, err error) {
	for len(lines) < most {
		line, err := readLine(in)
		switch {
		case errors.Is(err, errLongLine):
			refuse(*number, err)
		case err != nil:
			return lines, numbers, err
		case len(line) > 0:
			lines, numbers = append(lines, line), append(numbers, *number)
		}
		*number++
		if waiting, _ := in.Peek(in.Buffered()); bytes.IndexByte(waiting, '\n') < 0 {
			break
		}
	}
	return lines, numbers, nil
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
