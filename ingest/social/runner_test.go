package social

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// seats lets one owner at a time do a thing, as the leases of a store do.
type seats struct {
	mu sync.Mutex
	by map[string]chan struct{}
}

func (s *seats) own(ctx context.Context, kind, id string, do func(context.Context) error) error {
	s.mu.Lock()
	seat, ok := s.by[kind+id]
	if !ok {
		seat = make(chan struct{}, 1)
		s.by[kind+id] = seat
	}
	s.mu.Unlock()
	select {
	case seat <- struct{}{}:
	case <-ctx.Done():
		return nil
	}
	defer func() { <-seat }()
	return do(ctx)
}

func TestOneOfSeveralProcessesFollowsASourceAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	share := &seats{by: map[string]chan struct{}{}}
	one := newSite(t, j.specs(nil))
	one.cfg.Own = share.own
	one.start()
	one.waitState("", mood.SourceFine)
	two := newSite(t, j.specs(nil))
	two.cfg.Own, two.states, two.takers = share.own, one.states, one.takers
	two.cfg.States, two.cfg.Intake = one.states, one.takers
	two.start()
	j.say(commit("create", "a", "nokia one"))
	until(t, "it came", func() bool { return one.takers.count() == 1 })
	until(t, "the other one knows how it does", func() bool { h := two.health(""); return h.State == mood.SourceFine && h.Today == 1 })
	if n := j.dials(); n != 1 {
		t.Errorf("%d lines are open", n)
	}
	one.cursor("")
	one.halt()
	j.say(commit("create", "b", "nokia two"))
	until(t, "the other one goes on", func() bool { return one.takers.count() == 2 })
	if n := j.dials(); n != 2 {
		t.Errorf("%d lines were opened", n)
	}
}

func TestANewConfigurationDisturbsNoSourceThatStays(t *testing.T) {
	t.Parallel()
	j, k := newJet(t), newKafka(t)
	stays := j.specs(nil)
	s := open(t, stays)
	s.waitState("", mood.SourceFine)
	if err := s.runner.SetSources(append(slices.Clone(stays), k.specs(nil)...)); err != nil {
		t.Fatal(err)
	}
	wiki := k.specs(nil)[0].ID
	s.waitState(wiki, mood.SourceFine)
	k.say(edit(1, "Nokia", "edited", ""))
	j.say(commit("create", "a", "nokia posted"))
	until(t, "both come", func() bool { return s.takers.count() == 2 })
	s.cursor(wiki)

	if err := s.runner.SetSources(stays); err != nil {
		t.Fatal(err)
	}
	if n := len(s.runner.Health()); n != 1 {
		t.Errorf("%d sources are told of", n)
	}
	k.say(edit(2, "Nokia", "while nobody listens", ""))
	if err := s.runner.SetSources(append(k.specs(nil), stays...)); err != nil {
		t.Fatal(err)
	}
	until(t, "the one that is back goes on where it was", func() bool { return s.takers.count() == 3 })
	if n := j.dials(); n != 1 {
		t.Errorf("the source that stayed was dialled %d times", n)
	}

	// A change of a source starts it anew, with what is known of it.
	changed := j.specs(func(p *Params) { p.Values["languages"] = []string{"en"} })
	if err := s.runner.SetSources(changed); err != nil {
		t.Fatal(err)
	}
	until(t, "it dials again", func() bool { return j.dials() == 2 })
	j.mu.Lock()
	resumed := j.asked[1].Has("cursor")
	j.mu.Unlock()
	if !resumed {
		t.Error("a changed source begins anew")
	}

	twice := append(slices.Clone(stays), stays...)
	if err := s.runner.SetSources(twice); err == nil {
		t.Error("two sources with one id were taken")
	}
}

func TestANewBrandIsLookedForInWhatWasSaidBefore(t *testing.T) {
	t.Parallel()
	a := newAlgolia(t)
	a.add(1, time.Now().Add(-time.Hour), "Nokia and Acme", "")
	a.add(2, time.Now().Add(-time.Hour), "Nokia alone", "")
	named := naming("nokia alone")
	s := newSite(t, a.specs())
	var mu sync.Mutex
	s.cfg.Names = func(title, text string) []string {
		mu.Lock()
		defer mu.Unlock()
		if len(named(title, text)) > 0 {
			return []string{"nokia"}
		}
		return nil
	}
	s.start()
	until(t, "one came", func() bool { return s.takers.count() == 1 })
	mu.Lock()
	named = naming("nokia")
	mu.Unlock()
	s.runner.OfferAgain()
	until(t, "the other came", func() bool { return s.takers.count() == 2 })
}

func TestTheNextRoundIsNoSoonerForARestart(t *testing.T) {
	t.Parallel()
	a := newAlgolia(t)
	list := a.specs()
	list[0].Every = time.Hour
	s := open(t, list)
	s.waitState("", mood.SourceFine)
	s.again()
	until(t, "its state is read", func() bool { return s.health("").LastSuccess != nil })
	a.mu.Lock()
	defer a.mu.Unlock()
	if h := s.health(""); len(a.queries) != 2 || h.NextPoll == nil || time.Until(*h.NextPoll) < 50*time.Minute {
		t.Errorf("it asked %q, and asks again at %v", a.queries, h.NextPoll)
	}
}

func TestAShorterIntervalIsInForceAtOnce(t *testing.T) {
	t.Parallel()
	a := newAlgolia(t)
	list := a.specs()
	list[0].Every = time.Hour
	s := open(t, list)
	s.waitState("", mood.SourceFine)
	a.add(1, time.Now(), "Nokia, soon", "")
	list = a.specs()
	if err := s.runner.SetSources(list); err != nil {
		t.Fatal(err)
	}
	until(t, "it came", func() bool { return s.takers.count() == 1 })
}

func TestAMentionThatCanNeverBeTakenHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := newSite(t, j.specs(nil))
	s.takers.bad = "nokia, poisonous"
	s.start()
	s.waitState("", mood.SourceFine)
	j.say(commit("create", "a", "nokia one"), commit("create", "b", "nokia, poisonous"), commit("create", "c", "nokia two"))
	until(t, "the others came", func() bool { return s.takers.count() == 2 })
	s.waitState("", mood.SourceFine)
}

func TestAnItemThatMakesASourcePanicIsPassedOver(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := newSite(t, j.specs(nil))
	names := s.cfg.Names
	s.cfg.Names = func(title, text string) []string {
		if text == "nokia, and a fault" {
			panic("a fault")
		}
		return names(title, text)
	}
	s.start()
	s.waitState("", mood.SourceFine)
	j.say(commit("create", "a", "nokia, and a fault"), commit("create", "b", "nokia"))
	until(t, "the other came", func() bool { return s.takers.count() == 1 })
	if n := j.dials(); n != 1 {
		t.Errorf("%d lines were opened: what makes it panic comes again on every one", n)
	}
}

func TestATrialDeliversNothingAndSaysHowItWent(t *testing.T) {
	t.Parallel()
	j, a, i, g, k := newJet(t), newAlgolia(t), newInstance(t), newGKG(t), newKafka(t)
	for n := range 3 {
		a.add(n, time.Now(), fmt.Sprint("Nokia ", n), "")
	}
	i.say(i.toot("11", "nokia", time.Hour))
	g.say = "Your query was bad."
	s := newSite(t, nil)
	r, err := New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer r.web.close()
	gdelt := specs(t, "gdelt", only(map[string][]string{"url": {g.URL}}))
	for _, c := range []struct {
		spec  Spec
		items int
		wrong string
	}{
		{j.specs(nil)[0], 0, ""}, {a.specs()[0], 3, ""}, {i.specs("")[0], 1, ""}, {i.specs("sesame")[0], 1, ""}, {k.specs(nil)[0], 0, ""},
		{gdelt[0], 0, "it answered 200 OK (Your query was bad.): check what the source asks for"},
		{specs(t, "webhook", Params{Values: map[string][]string{"id": {"crm"}}, Token: "x"})[0], 0, ""},
	} {
		got := r.Try(t.Context(), c.spec)
		if got.Error != c.wrong || got.Items != c.items || (c.wrong == "") != (got.Health.State == mood.SourceFine) {
			t.Errorf("%s: %+v", c.spec.ID, got)
		}
	}
	if s.takers.deliveries() > 0 {
		t.Error("a trial delivered something")
	}
}

func TestAFloodIsCountedAndNotReckonedUp(t *testing.T) {
	t.Parallel()
	j := newJet(t)
	s := open(t, j.specs(nil))
	s.waitState("", mood.SourceFine)
	for n := range 300 {
		j.say(commit("create", fmt.Sprint("r", n), fmt.Sprint("nokia ", n)))
	}
	until(t, "all came", func() bool { return s.takers.count() == 300 })
	until(t, "they are told", func() bool { return s.health("").Today >= 300 })
	if h := s.health(""); h.Today != 300 || h.ItemsPerDay != 300 {
		t.Errorf("%d today, %v a day", h.Today, h.ItemsPerDay)
	}
}

func TestWhatASourceBroughtIsKnownFromBeforeHoursWereCounted(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := loadState(fmt.Appendf(nil, `{"of":"x","recent":[%d,%d,%d]}`, now.Add(-30*day).Unix(), now.Add(-3*day).Unix(), now.Unix()), "x", now)
	if got := s.today(now); got != 1 || len(s.Recent) != 0 || s.Hours.since(now, hoursKept) != 2 {
		t.Errorf("%d today: %+v", got, s.Hours)
	}
}
