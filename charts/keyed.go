package charts

import (
	"bytes"
	"encoding/json"
	"slices"
)

// keyedList is a JSON list of objects that can be told apart by one of their
// fields.
type keyedList struct {
	order []string
	items map[string]json.RawMessage
}

// keyed reads a list. It is not ok where something else stands there, or where
// an item's key is missing, no string, or taken.
func keyed(raw json.RawMessage, key string) (keyedList, bool) {
	list := keyedList{items: map[string]json.RawMessage{}}
	err := eachItem(raw, func(item []byte) error {
		k, ok := keyOf(item, key)
		if !ok || list.has(k) {
			return errJSON
		}
		list.putRaw(k, item)
		return nil
	})
	if err != nil {
		return keyedList{}, false
	}
	return list, true
}

func (l *keyedList) has(key string) bool {
	_, ok := l.items[key]
	return ok
}

func (l *keyedList) drop(key string) {
	if l.has(key) {
		delete(l.items, key)
		l.order = slices.DeleteFunc(l.order, func(k string) bool { return k == key })
	}
}

func (l *keyedList) putRaw(key string, raw json.RawMessage) {
	if !l.has(key) {
		l.order = append(l.order, key)
	}
	l.items[key] = raw
}

func (l *keyedList) put(key string, object fields) error {
	raw, err := encodeOption(object)
	if err != nil {
		return err
	}
	l.putRaw(key, json.RawMessage(raw))
	return nil
}

// reorder puts the items into an order; those that it does not name follow.
func (l *keyedList) reorder(order []string) {
	if order == nil {
		return
	}
	next := make([]string, 0, len(l.order))
	seen := make(map[string]bool, len(l.order))
	for _, k := range slices.Concat(order, l.order) {
		if l.has(k) && !seen[k] {
			seen[k] = true
			next = append(next, k)
		}
	}
	l.order = next
}

func (l *keyedList) raw() json.RawMessage {
	var buf bytes.Buffer
	buf.WriteByte('[')
	for i, k := range l.order {
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.Write(l.items[k])
	}
	buf.WriteByte(']')
	return buf.Bytes()
}

func encodeOption(f fields) (Option, error) { return encode(f) }
