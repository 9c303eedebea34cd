package mood

import (
	"encoding/json"
	"testing"
)

func TestEvidenceAtTheBeginningHasBothItsOffsets(t *testing.T) {
	for want, p := range map[string]*Place{
		`{"country":"FI","evidence":"Finland","method":"country","field":"title","end":7,"start":0}`:  {Country: "FI", Evidence: "Finland", Method: "country", Field: "title", End: 7},
		`{"country":"FI","evidence":"Finland","method":"country","field":"title","start":3,"end":10}`: {Country: "FI", Evidence: "Finland", Method: "country", Field: "title", Start: 3, End: 10},
		`{"country":"FI","method":"configured"}`:                                                      {Country: "FI", Method: "configured"},
	} {
		got, err := json.Marshal(Places{About: []Place{*p}, From: p})
		if full := `{"about":[` + want + `],"from":` + want + `,"origin":null}`; err != nil || string(got) != full {
			t.Errorf("%s (%v), want %s", got, err, full)
		}
		var back Place
		if err := json.Unmarshal([]byte(want), &back); err != nil || back != *p {
			t.Errorf("%s is read as %+v (%v)", want, back, err)
		}
	}
}
