package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"agora/ingest/feed"
	"agora/ingest/social"
)

type presetsCommand struct {
	Name []string `arg:"" optional:"" help:"Presets to tell all about. Default: a table of all."`
	JSON bool     `name:"json" help:"Write JSON."`
}

// Help is shown below the arguments.
func (presetsCommand) Help() string {
	return `Lists the sources that need no key, feeds and others: what each needs in agora.yaml, how often and how gently it is asked, and an entry to copy.

Examples:

  agora feeds presets
  agora feeds presets reddit
  agora feeds presets --json`
}

// presetView is a preset as JSON.
type presetView struct {
	Name     string              `json:"name"`
	About    string              `json:"about"`
	Needs    []string            `json:"needs"`
	Takes    []string            `json:"takes"` // may be left out
	Live     bool                `json:"live"`  // it listens, and polls nothing
	Floor    string              `json:"floor"` // polled no more often; empty: it listens
	Hosts    map[string]hostView `json:"hosts"` // by registrable domain; any other by the common rule
	URLs     []string            `json:"urls"`  // with placeholders in braces
	AllAbout bool                `json:"all_about_its_brands"`
	Notes    []string            `json:"notes"`
	Example  string              `json:"example"` // of agora.yaml
}

type hostView struct {
	Parallel int    `json:"parallel"`
	Gap      string `json:"gap"`
}

// Run lists presets.
func (p presetsCommand) Run(c *console) error {
	all := presetViews()
	for _, name := range p.Name {
		if !slices.ContainsFunc(all, func(v presetView) bool { return v.Name == name }) {
			return misuse{fmt.Errorf("there is no preset %q: %s", name, didYouMean(name, presetNames()))}
		}
	}
	chosen := all
	if len(p.Name) > 0 {
		chosen = slices.DeleteFunc(slices.Clone(all), func(v presetView) bool { return !slices.Contains(p.Name, v.Name) })
	}
	switch {
	case p.JSON:
		write := json.NewEncoder(c.stdout)
		write.SetIndent("", "  ")
		write.SetEscapeHTML(false)
		return write.Encode(map[string]any{"presets": chosen})
	case len(p.Name) > 0:
		for i, preset := range chosen {
			if i > 0 {
				fmt.Fprintln(c.stdout)
			}
			if err := describe(c.stdout, preset); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PRESET\tNEEDS\tAT MOST EVERY\tBETWEEN REQUESTS\tWHAT")
	for _, preset := range chosen {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", preset.Name, strings.Join(preset.Needs, ", "), preset.often(), preset.gap(), preset.About)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	_, err := fmt.Fprint(c.stdout, "\nNotes and an entry to copy: agora feeds presets NAME\n")
	return err
}

func viewOf(preset feed.Preset) presetView {
	v := presetView{
		Name: preset.Name, About: preset.About, Needs: preset.Needs(), Takes: []string{}, Floor: shortDuration(preset.Floor),
		Hosts: map[string]hostView{}, AllAbout: preset.OwnBrands, Notes: preset.Notes, Example: preset.Example(),
	}
	for _, key := range append(preset.Keys(), "every") {
		if !slices.Contains(v.Needs, key) {
			v.Takes = append(v.Takes, key)
		}
	}
	for host, rule := range preset.Hosts {
		v.Hosts[host] = hostView{rule.Parallel, shortDuration(rule.Gap)}
	}
	for _, t := range preset.Feeds {
		v.URLs = append(v.URLs, t.URL)
	}
	return v
}

// viewOfLive shows a preset whose sources are no feeds.
func viewOfLive(preset social.Preset) presetView {
	v := presetView{
		Name: preset.Name, About: preset.About, Needs: preset.Needs(), Takes: []string{}, Live: preset.Live,
		Hosts: map[string]hostView{}, URLs: []string{}, Notes: preset.Notes, Example: preset.Example(),
	}
	for _, key := range preset.Keys() {
		if !slices.Contains(v.Needs, key) {
			v.Takes = append(v.Takes, key)
		}
	}
	if !preset.Live {
		v.Takes, v.Floor = append(v.Takes, "every"), shortDuration(preset.Every)
	}
	if u, err := url.Parse(preset.URL); err == nil && u.Host != "" {
		v.URLs = []string{preset.URL}
		v.Hosts[u.Hostname()] = hostView{1, shortDuration(preset.Gap)}
	}
	return v
}

// viewOfBroker shows the preset of MQTT brokers.
func viewOfBroker() presetView {
	v := presetView{
		Name: presetMQTT, About: "devices and whatever else publishes to an MQTT broker (version 5)",
		Needs: []string{"url", "topics"}, Takes: []string{}, Live: true, Hosts: map[string]hostView{}, URLs: []string{},
		Notes: []string{
			"Each topic has a filter:, and templates for what its messages have: {topic.2} is a level of the topic, {payload.event} a member of the payload. What isn't named is taken from the member of the same name. A topic with a title: or a text: brings mentions, any other device activity.",
			"Its broker keeps what comes while Agora is away, for a week. An id: keeps a message that comes again from counting twice; of it only a hash is kept.",
			"The variable AGORA_MQTT_PASSWORD may have the password. A broker in your own network has to be in fetch.allow.",
		},
		Example: `- preset: mqtt
  url: mqtts://broker.example.com
  topics:
    - {filter: devices/+/+/events, brand: '{topic.2}', kind: '{payload.event}', city: '{payload.city}', id: '{payload.uuid}'}
`,
	}
	for _, key := range mqttKeys {
		if key != "preset" && !slices.Contains(v.Needs, key) {
			v.Takes = append(v.Takes, key)
		}
	}
	return v
}

// presetViews are all presets, by name.
func presetViews() []presetView {
	var views []presetView
	for _, preset := range feed.Presets() {
		views = append(views, viewOf(preset))
	}
	for _, preset := range social.Presets() {
		views = append(views, viewOfLive(preset))
	}
	views = append(views, viewOfBroker())
	slices.SortFunc(views, func(a, b presetView) int { return strings.Compare(a.Name, b.Name) })
	return views
}

// often is how often a source of the preset is polled.
func (v *presetView) often() string {
	if v.Live {
		return "live"
	}
	return v.Floor
}

// gap is the longest wait between two requests to a host of the preset.
func (v *presetView) gap() string {
	longest := feed.CommonRule.Gap
	for _, rule := range v.Hosts {
		if gap, err := parseDuration(rule.Gap); err == nil {
			longest = max(longest, gap)
		}
	}
	return shortDuration(longest)
}

// describe prints all that is known of a preset.
func describe(w io.Writer, v presetView) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", v.Name, v.About)
	fmt.Fprintf(&b, "Needs:  %s\n", strings.Join(v.Needs, ", "))
	fmt.Fprintf(&b, "Takes:  %s\n", strings.Join(v.Takes, ", "))
	if v.Live {
		b.WriteString("Live:   what is new comes by itself\n")
	} else {
		fmt.Fprintf(&b, "Floor:  it is polled every %s at most\n", v.Floor)
	}
	for _, url := range v.URLs {
		fmt.Fprintf(&b, "Asks:   %s\n", url)
	}
	for _, host := range slices.Sorted(maps.Keys(v.Hosts)) {
		rule := v.Hosts[host]
		fmt.Fprintf(&b, "Host:   %s, %s at a time, %s between two\n", host, plural(rule.Parallel, "request"), rule.Gap)
	}
	for _, note := range v.Notes {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	b.WriteString("\nsources:\n  " + strings.ReplaceAll(strings.TrimSuffix(v.Example, "\n"), "\n", "\n  ") + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}
