package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// reach says which Agora a command means: the one at an address, else the one
// that runs on a data folder, else that folder itself.
type reach struct {
	url, data, redis string // as flags; empty: not given
}

// find gives the running Agora; when none runs, the configuration, and the
// data folder, locked, which the caller closes.
func (r reach) find(c *console) (*remote, *Config, *dataFolder, error) {
	if r.url != "" {
		there, err := r.byURL(c)
		return there, nil, nil, err
	}
	c.origin.flags = settings{data: r.data, redis: r.redis}
	cfg, err := c.origin.load()
	if err != nil {
		return nil, nil, nil, err
	}
	data, err := openData(cfg.Data, c.now())
	var busy *inUse
	switch {
	case errors.As(err, &busy):
		if busy.by.URL == "" {
			return nil, nil, nil, fmt.Errorf("the Agora on the data folder %s (process %d) is still starting: try again in a moment", cfg.Data, busy.by.PID)
		}
		there := newRemote(busy.by.URL)
		there.operator = busy.by.Operator
		return there, nil, nil, nil
	case err != nil:
		return nil, nil, nil, err
	}
	return nil, cfg, data, nil
}

func (r reach) byURL(c *console) (*remote, error) {
	if why := badURL(r.url); why != "" {
		return nil, misuse{fmt.Errorf("--url: %s: write it as http://127.0.0.1:8080", why)}
	}
	token, err := variable(c.getenv, "AGORA_ADMIN_TOKEN")
	if err != nil {
		return nil, err
	}
	there := newRemote(r.url)
	there.token = token
	if by, err := readLock(r.folder(c)); err == nil && sameHost(by.URL, r.url) {
		there.operator = by.Operator
	}
	return there, nil
}

// folder is the data folder without the rest of a configuration.
func (r reach) folder(c *console) string {
	if r.data != "" {
		return r.data
	}
	c.origin.flags = settings{redis: r.redis}
	if cfg, err := c.origin.load(); err == nil {
		return cfg.Data
	}
	return defaultData
}

func sameHost(a, b string) bool {
	u, errA := url.Parse(a)
	v, errB := url.Parse(b)
	return errA == nil && errB == nil && u.Host != "" && u.Host == v.Host
}

// remote is an Agora that is reached over HTTP.
type remote struct {
	url      string
	operator string // proof of being its own operator, on the same machine
	token    string // admin token, for one elsewhere
	client   *http.Client
}

func newRemote(url string) *remote {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = replayLanes
	return &remote{
		url:    strings.TrimRight(url, "/"),
		client: &http.Client{Timeout: 60 * time.Second, Transport: transport},
	}
}

// do sends a request with whatever proves who sends it.
func (r *remote) do(request *http.Request) (*http.Response, error) {
	if r.operator != "" {
		request.Header.Set("X-Agora-Operator", r.operator)
	}
	if r.token != "" {
		request.Header.Set("Authorization", "Bearer "+r.token)
	}
	return r.client.Do(request)
}

const maxAnswer = 256 << 20 // bytes; the largest picture has some ten million

// fetch asks for a file.
func (r *remote) fetch(ctx context.Context, path string) ([]byte, error) {
	return r.ask(ctx, http.MethodGet, path)
}

// ask sends a request without a body.
func (r *remote) ask(ctx context.Context, method, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, r.url+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := r.do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the Agora at %s: %w: is it running?", r.url, unwrapAll(err))
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the answer of the Agora at %s: %w", r.url, err)
	}
	switch response.StatusCode {
	case http.StatusOK:
		return data, nil
	case http.StatusBadRequest, http.StatusNotFound: // another question will be answered
		return nil, misuse{fmt.Errorf("the Agora at %s answers: %s", r.url, problemOf(data))}
	}
	return nil, fmt.Errorf("the Agora at %s answered %s: %s", r.url, response.Status, problemOf(data))
}

// get asks for JSON.
func (r *remote) get(ctx context.Context, path string, into any) error {
	text, err := r.fetch(ctx, path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read the answer of the Agora at %s: %w", r.url, err)
	}
	return nil
}

// problemOf is the sentence of an RFC 9457 problem, else the text itself.
func problemOf(text []byte) string {
	var p struct{ Title, Detail string }
	if json.Unmarshal(text, &p) == nil && p.Detail+p.Title != "" {
		return cmp.Or(p.Detail, p.Title)
	}
	if len(text) > 200 {
		text = text[:200]
	}
	return strings.TrimSpace(string(text))
}
