package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/ingest/feed"
	"agora/ingest/journal"
	"agora/mood"
)

// Cities knows where cities are.
type Cities interface {
	// City finds one by a name of it, within a country where that is said; of
	// several, the largest.
	City(name, country string) (c City, ok bool)
	// Near finds the one that a point belongs to, within a country where that is
	// said.
	Near(at mood.Point, country string) (c City, ok bool)
}

// City is one with its centre.
type City struct {
	Name    string
	Country string // ISO 3166-1 alpha-2
	Centre  mood.Point
}

// Deeds say what devices may do.
type Deeds struct {
	Kinds  []mood.ActivityKind // those that are declared
	Strict bool                // others are refused
}

// SetDeeds replaces what devices may do.
func (in *Intake) SetDeeds(d Deeds) { in.deeds.Store(&d) }

// PushActivity takes pushed device activity, like [Intake.Push].
func (in *Intake) PushActivity(ctx context.Context, items []json.RawMessage) (mood.Receipt, error) {
	receipt := mood.Receipt{Rejected: []mood.Rejected{}}
	brands := in.watch.Load().brands
	now := in.now()
	var good []mood.Activity
	for i, item := range items {
		a, err := in.readActivity(item, now)
		if err == nil {
			if _, watched := brands[a.Brand]; !watched {
				err = fmt.Errorf("brand: %q is not watched; GET /api/v1/brands lists the ids", a.Brand)
			}
		}
		if err != nil {
			receipt.Rejected = append(receipt.Rejected, mood.Rejected{Index: i, Error: err.Error()})
			continue
		}
		good = append(good, a)
	}
	for len(good) > 0 {
		n := min(len(good), batchSize)
		outcomes, err := in.recordActivity(ctx, now, good[:n])
		if err != nil {
			return receipt, fmt.Errorf("record %d activities: %w", n, err)
		}
		count(&receipt, outcomes)
		good = good[n:]
	}
	return receipt, nil
}

func (in *Intake) recordActivity(ctx context.Context, now time.Time, activities []mood.Activity) ([]mood.Outcome, error) {
	if in.ledger == nil {
		return in.store.RecordActivity(ctx, activities)
	}
	v, err := in.ledger.keep(ctx, journal.Entry{At: now, Activities: activities})
	return v.given(len(activities)), err
}

// pushedActivity is what is read of an activity. Whatever else was pushed, such
// as which device it was, ends here.
type pushedActivity struct {
	ID      text     `json:"id"`
	Brand   string   `json:"brand"`
	Kind    string   `json:"kind"`
	Count   *float64 `json:"count"`
	At      moment   `json:"at"`
	Country string   `json:"country"`
	City    string   `json:"city"`
	Place   *spot    `json:"place"`
}

// mostAtOnce bounds the count of one activity; more is a mistake.
const mostAtOnce = 1e12

func (in *Intake) readActivity(raw json.RawMessage, now time.Time) (mood.Activity, error) {
	var p pushedActivity
	if err := readObject(raw, &p); err != nil {
		return mood.Activity{}, err
	}
	a := mood.Activity{Brand: p.Brand, Kind: strings.TrimSpace(feed.Text(p.Kind)), Count: 1, At: now}
	switch {
	case p.ID == "":
		return a, errors.New("id: missing; it keeps a repeated push from counting twice")
	case a.Brand == "":
		return a, errors.New("brand: missing; GET /api/v1/brands lists the ids")
	case a.Kind == "":
		return a, errors.New(`kind: missing; say what the devices did, such as "activation"`)
	case len([]rune(a.Kind)) > 60:
		return a, errors.New("kind: longer than 60 characters")
	}
	a.ID = fingerprint(string(p.ID))
	if err := in.deeds.Load().allow(a.Kind, &in.kinds); err != nil {
		return a, err
	}
	if p.Count != nil {
		if *p.Count < 1 || *p.Count > mostAtOnce || *p.Count != math.Trunc(*p.Count) {
			return a, fmt.Errorf("count: %v is not a whole number from 1 to %v", *p.Count, mostAtOnce)
		}
		a.Count = int64(*p.Count)
	}
	if p.At.err != nil {
		return a, fmt.Errorf("at: %w", p.At.err)
	}
	if at := p.At.at; at.Year() >= earliestYear && !at.After(now.Add(ahead)) {
		a.At = at
	}
	a.At = a.At.UTC()
	var err error
	if a.Country, err = country(p.Country); err != nil {
		return a, err
	}
	return a, in.locate(&a, p)
}

// fingerprint stands for an id of which nothing else is kept: it may be that of
// a device.
func fingerprint(id string) string {
	sum := sha256.Sum256([]byte("agora activity\x00" + id))
	return hex.EncodeToString(sum[:16])
}

// mostKinds is how many kinds that nobody declared are taken between two starts.
// A template that puts what varies into the kind, such as a device's number,
// would fill the store with rows.
const mostKinds = 100

// kinds are those that came and are not declared.
type kinds struct {
	lock sync.Mutex
	seen map[string]bool
}

func (k *kinds) room(kind string) bool {
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.seen[kind] {
		return true
	}
	if len(k.seen) >= mostKinds {
		return false
	}
	if k.seen == nil {
		k.seen = map[string]bool{}
	}
	k.seen[kind] = true
	return true
}

func (d *Deeds) allow(kind string, came *kinds) error {
	if d != nil && slices.ContainsFunc(d.Kinds, func(k mood.ActivityKind) bool { return k.ID == kind }) {
		return nil
	}
	if d == nil || !d.Strict {
		if came.room(kind) {
			return nil
		}
		return fmt.Errorf("kind: %q is not declared under activity.kinds, and neither are %d others that came before it: declare it there, or keep what varies out of the kind", brief(kind), mostKinds)
	}
	names := make([]string, len(d.Kinds))
	for i, k := range d.Kinds {
		names[i] = k.ID
	}
	return fmt.Errorf("kind: %q is not declared under activity.kinds; there are %s", brief(kind), strings.Join(names, ", "))
}

// locate finds where an activity is counted: at a city that was named, else at
// the one that its position belongs to, else in a square around that. The
// position itself is forgotten here, and so is a name that nobody knows.
func (in *Intake) locate(a *mood.Activity, p pushedActivity) error {
	at, err := p.Place.exact()
	if err != nil {
		return err
	}
	if name := strings.TrimSpace(p.City); name != "" && in.cities != nil {
		if c, ok := in.cities.City(name, a.Country); ok {
			a.Country, a.Spot = c.Country, c.spot()
			return nil
		}
	}
	if at == nil {
		return nil
	}
	if a.Country == "" && in.atlas != nil {
		a.Country, _, _ = in.atlas.Country(*at)
	}
	if in.cities != nil {
		if c, ok := in.cities.Near(*at, a.Country); ok {
			a.Country, a.Spot = c.Country, c.spot()
			return nil
		}
	}
	a.Spot = &mood.Spot{Lat: middle(at.Lat, 90), Lon: middle(at.Lon, 180)}
	return nil
}

// spot is where what happened in a city is counted.
func (c City) spot() *mood.Spot {
	hundredth := func(f float64) float64 { return math.Round(f*100) / 100 }
	return &mood.Spot{City: c.Name, Lat: hundredth(c.Centre.Lat), Lon: hundredth(c.Centre.Lon)}
}

// squareSide is how wide the squares are where no city is known: about 28 km
// from south to north. It is in degrees, and a half of it is exact.
const squareSide = 0.25

// middle is that of the square that a latitude or a longitude is in.
func middle(degrees, most float64) float64 {
	n := math.Floor(min(degrees, math.Nextafter(most, 0)) / squareSide)
	return n*squareSide + squareSide/2
}
