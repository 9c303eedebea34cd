package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

type snapshotCommand struct {
	Chart  string   `arg:"" help:"Which chart: mood, timeline, map, share, topics, sources, languages, rhythm or activity."`
	Brand  []string `help:"Whom it shows: ids of watched brands. Default: the first one." placeholder:"ID"`
	Window string   `help:"How far it looks back: 1h, 24h, 7d, 30d or 90d. Default: 24h." placeholder:"WINDOW"`
	Output string   `help:"The file to write; its ending decides on svg, png, pdf, csv, xlsx or json. - is standard output, with --format." short:"o" required:"" placeholder:"FILE"`
	Format string   `help:"The format, where the file's name doesn't say it." placeholder:"FORMAT"`
	Theme  string   `help:"Colours of a picture: light, dark, print or transparent." placeholder:"THEME"`
	Width  int      `help:"Width of a picture in pixels. Default: 1200." placeholder:"N"`
	Height int      `help:"Height of a picture in pixels. Default: 675, or what the chart needs." placeholder:"N"`
	Scale  float64  `help:"Pixels of a PNG for each of --width and --height, 1 to 4." placeholder:"N"`
	Place  string   `help:"What a map shows: from, about, origin or devices." placeholder:"KIND"`
	Lang   string   `help:"Language of all words, numbers and dates: de, en, es, fi, fr, pt or sv, also with a region, such as de-AT. Default: en." placeholder:"xx"`
	Bare   bool     `help:"The chart or the rows alone, without title and footer."`
	Kept   string   `help:"Draw a board that was kept, by its id, instead of the board of now." placeholder:"ID"`
	URL    string   `help:"The Agora to ask. Default: the one that runs on the data folder; if none does, the store is opened." placeholder:"URL"`
	Data   string   `help:"Data folder, as of serve." placeholder:"DIR"`
	Redis  string   `help:"Redis, as of serve." placeholder:"URL"`
}

// Help is shown below the flags.
func (snapshotCommand) Help() string {
	return `It is the very chart that the page shows, drawn without a browser. For an Agora elsewhere, set AGORA_ADMIN_TOKEN.

Examples:

  agora snapshot timeline --brand nokia --window 7d -o nokia.png --scale 2
  agora snapshot share --brand nokia,ericsson --theme print --lang de -o share.pdf
  agora snapshot sources --window 30d -o - --format csv | head`
}

// Run writes the chart.
func (s snapshotCommand) Run(ctx context.Context, c *console) error {
	path, err := s.path()
	if err != nil {
		return misuse{err}
	}
	there, done, err := borrowed(ctx, c, reach{s.URL, s.Data, s.Redis})
	if err != nil {
		return err
	}
	data, err := there.fetch(ctx, path)
	if err = errors.Join(err, done()); err != nil {
		return err
	}
	return writeOut(c, s.Output, data)
}

// path is what the server is asked for.
func (s snapshotCommand) path() (string, error) {
	format, err := formatOf(s.Output, s.Format, []string{"svg", "png", "pdf", "csv", "xlsx", "json"})
	if err != nil {
		return "", err
	}
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("theme", s.Theme)
	set("place", s.Place)
	set("lang", s.Lang)
	for name, n := range map[string]int{"width": s.Width, "height": s.Height} {
		if n != 0 {
			q.Set(name, strconv.Itoa(n))
		}
	}
	if s.Scale != 0 {
		q.Set("scale", strconv.FormatFloat(s.Scale, 'g', -1, 64))
	}
	if s.Bare {
		q.Set("bare", "1")
	}
	file := url.PathEscape(s.Chart) + "." + format
	if s.Kept != "" {
		if len(s.Brand) > 0 || s.Window != "" {
			return "", errors.New("--kept takes a board as it was kept: leave --brand and --window out")
		}
		return "/snapshots/" + url.PathEscape(s.Kept) + "/" + file + "?" + q.Encode(), nil
	}
	set("brand", strings.Join(s.Brand, ","))
	set("window", s.Window)
	return "/charts/" + file + "?" + q.Encode(), nil
}

// formatOf tells the format of a file from its name, or from what was said.
func formatOf(file, said string, valid []string) (string, error) {
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(file), "."))
	if file == "-" {
		format = ""
	}
	if said != "" {
		if format != "" && format != said && slices.Contains(valid, format) {
			return "", fmt.Errorf("--format %s and -o %s say different things: leave one out", said, file)
		}
		format = said
	}
	switch {
	case slices.Contains(valid, format):
		return format, nil
	case file == "-" && said == "":
		return "", fmt.Errorf("-o -: say with --format which it is to be: %s", strings.Join(valid, ", "))
	case said != "":
		return "", fmt.Errorf("--format %s: use %s", said, strings.Join(valid, ", "))
	}
	return "", fmt.Errorf("-o %s: the name must end in one of .%s, or --format must say it", file, strings.Join(valid, ", ."))
}
