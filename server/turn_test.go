package server

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"agora/mood"
)

func TestPicturesTurnWithTheLiveWall(t *testing.T) {
	body, err := os.ReadFile("testdata/turns.json")
	if err != nil {
		t.Fatal(err)
	}
	var shared struct {
		Cases []struct {
			Scenes []struct {
				Show    string
				Seconds float64
			}
			Brands int
			Only   string
			At     int64
			Show   string
			Brand  int
			Left   float64
		}
	}
	if err := json.Unmarshal(body, &shared); err != nil {
		t.Fatal(err)
	}
	if len(shared.Cases) < 10 {
		t.Fatalf("%d cases", len(shared.Cases))
	}
	for i, c := range shared.Cases {
		var scenes []mood.Scene
		for _, s := range c.Scenes {
			scenes = append(scenes, mood.Scene{Show: s.Show, Secs: s.Seconds})
		}
		got := turnAt(scenesOf(scenes, c.Brands, c.Only), c.Brands, time.UnixMilli(c.At))
		if left := float64(got.left) / float64(time.Millisecond); got.show != c.Show || got.brand != c.Brand || left != c.Left {
			t.Errorf("case %d: %+v", i, got)
		}
	}
}

func TestQuietHoursCrossMidnightOnTheClockOfTheZone(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	for clock, want := range map[string]bool{"19:59": false, "20:00": true, "23:59": true, "00:00": true, "06:29": true, "06:30": false, "12:00": false} {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-23 "+clock, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := isQuiet("20:00-06:30", at.UTC(), zone); got != want {
			t.Errorf("at %s: %v", clock, got)
		}
	}
	if isQuiet("", time.Now(), zone) || isQuiet("evening", time.Now(), zone) {
		t.Error("a wall without quiet hours dims")
	}
}
