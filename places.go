package main

import (
	"agora/ingest"
	"agora/ingest/places"
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

// openCities gives the cities in which activity is counted.
func openCities() (ingest.Cities, error) {
	table, err := static.Cities()
	if err != nil {
		return nil, err
	}
	return ingest.NewGazetteer(string(table))
}
