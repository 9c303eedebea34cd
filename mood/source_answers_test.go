package mood

import (
	"testing"
	"time"
)

func TestASourceThatNeverAnsweredDoesNotAnswer(t *testing.T) {
	once := time.Now()
	for name, c := range map[string]struct {
		health SourceHealth
		want   bool
	}{
		"fine":                       {SourceHealth{State: SourceFine, LastSuccess: &once}, true},
		"never answered":             {SourceHealth{State: SourceFailing}, false},
		"not asked yet":              {SourceHealth{State: SourceNew}, false},
		"failing for the first time": {SourceHealth{State: SourceFailing, LastSuccess: &once}, true},
		"stopped":                    {SourceHealth{State: SourceFailing, LastSuccess: &once, Outages: []Outage{{From: once}}}, false},
		"stopped and back":           {SourceHealth{State: SourceFine, LastSuccess: &once, Outages: []Outage{{From: once, To: &once}}}, true},
	} {
		if got := c.health.Answers(); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
