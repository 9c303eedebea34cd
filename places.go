package main

import (
	"sync"

	"agora/ingest"
	"agora/ingest/places"
	"agora/mood"
	"agora/static"
)

// openPlaces makes what places texts and positions, from the cities and the
// map that are built in.
func openPlaces() (*places.Locator, *places.Atlas, error) {
	cities, err := static.Cities()
	if err != nil {
		return nil, nil, err
	}
	locator, err := places.New(cities)
	if err != nil {
		return nil, nil, err
	}
	world, err := static.World()
	if err != nil {
		return nil, nil, err
	}
	atlas, err := places.NewAtlas(world, locator)
	return locator, atlas, err
}

// builtInCities are the cities in which activity is counted. They are read when
// they are first asked for: most houses hear of no device.
type builtInCities struct {
	read func() (*ingest.Gazetteer, error)
}

func openCities() ingest.Cities {
	return builtInCities{sync.OnceValues(func() (*ingest.Gazetteer, error) {
		table, err := static.Cities()
		if err != nil {
			return nil, err
		}
		return ingest.NewGazetteer(string(table))
	})}
}

// City finds a city by its name. A table that can't be read, which a program
// that was built whole doesn't have, has none.
func (b builtInCities) City(name, country string) (c ingest.City, ok bool) {
	if g, err := b.read(); err == nil {
		return g.City(name, country)
	}
	return c, false
}

// Near finds the city that a point belongs to.
func (b builtInCities) Near(at mood.Point, country string) (c ingest.City, ok bool) {
	if g, err := b.read(); err == nil {
		return g.Near(at, country)
	}
	return c, false
}
