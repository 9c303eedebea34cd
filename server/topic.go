package server

import (
	"bytes"
	"encoding/json"
	"sync"
	"time"
)

// topic is what readers who asked for the same share: a set of views drawn as
// a set of charts, the state of each, and the log of what happened since.
type topic struct {
	key    string
	epoch  string
	views  []*view
	charts []string // in the order of all charts
	brands []string // of all its views
	plain  bool     // it shows its charts and their time, and tells of nothing else
	log    *eventLog

	// mu makes state and log one: a reader that takes a snapshot and the log's
	// tail under it misses nothing and gets nothing twice.
	mu       sync.Mutex
	states   map[string]*state // by view
	snapshot []byte            // the data of a snapshot event; nil: not made since the last change
	readers  int
	idle     time.Time // since when there are none
	ready    chan struct{}
	isReady  bool
}

// publish makes a view's new state the topic's, and tells what changed.
func (t *topic) publish(v *view, now *state) (told bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.states[v.key]
	t.states[v.key], t.snapshot = now, nil
	if !t.isReady {
		if len(t.states) == len(t.views) {
			t.isReady = true
			close(t.ready)
		}
		return false
	}
	if before == nil || before.version+1 != now.version {
		t.snapshot = t.snapshotData()
		t.log.append(func(n uint64) event { return event{frame("snapshot", eventID(t.epoch, n), t.snapshot), true} })
		return true
	}
	data := deltaData(v.key, t.charts, before, now, t.totals)
	if data == nil {
		return false
	}
	t.log.append(func(n uint64) event { return event{frame("delta", eventID(t.epoch, n), data), true} })
	return true
}

// totals are the figures of a state that go with its charts.
func (t *topic) totals(s *state) json.RawMessage {
	if t.plain {
		return s.asOf
	}
	return s.totals
}

// deltaData is the data of a delta event; nil when nothing changed.
func deltaData(view string, ids []string, before, now *state, totals func(*state) json.RawMessage) []byte {
	var b bytes.Buffer
	changed := !bytes.Equal(totals(before), totals(now))
	b.WriteString(`{"views":{`)
	writeString(&b, view)
	b.WriteString(`:{"charts":{`)
	first := true
	for _, id := range ids {
		d := now.deltas[id]
		if d == nil {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first, changed = false, true
		writeString(&b, id)
		b.WriteByte(':')
		b.Write(d)
	}
	if !changed {
		return nil
	}
	b.WriteString(`},"totals":`)
	b.Write(totals(now))
	b.WriteString(`}}}`)
	return b.Bytes()
}

// hasState tells whether there is anything to show yet.
func (t *topic) hasState() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.isReady
}

// join gives the data of a snapshot and the number of the event that follows
// it. It is made once for all who join between two changes.
func (t *topic) join() (data []byte, next uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.snapshot == nil {
		t.snapshot = t.snapshotData()
	}
	return t.snapshot, t.log.tail()
}

func (t *topic) snapshotData() []byte {
	size := 64
	for _, s := range t.states {
		size += s.size() + 64
	}
	b := bytes.NewBuffer(make([]byte, 0, size))
	b.WriteString(`{"views":{`)
	for i, v := range t.views {
		if i > 0 {
			b.WriteByte(',')
		}
		s := t.states[v.key]
		writeString(b, v.key)
		b.WriteString(`:{"charts":{`)
		first := true
		for _, id := range t.charts {
			option := s.option(id)
			if option == nil {
				continue
			}
			if !first {
				b.WriteByte(',')
			}
			first = false
			writeString(b, id)
			b.WriteByte(':')
			b.Write(option)
		}
		b.WriteString(`},"totals":`)
		b.Write(t.totals(s))
		b.WriteByte('}')
	}
	b.WriteString(`}}`)
	return b.Bytes()
}

func writeString(b *bytes.Buffer, s string) { b.Write(encode(s)) }
