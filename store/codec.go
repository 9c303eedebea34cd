package store

import (
	"encoding/binary"
	"errors"
)

// entry is a key of the embedded server, as its files hold it.
type entry struct {
	Key    string
	Type   string   // string, hash, set, zset; empty: the key is gone
	Expiry int64    // milliseconds; 0: never
	Values []string // the string; fields and values; members; members and scores
}

var errEntry = errors.New("an entry of the embedded store's files can't be read: was it written by a newer Agora?")

var entryTypes = [...]string{"", "string", "hash", "set", "zset"}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendEntry(b []byte, x entry) []byte {
	var kind byte
	for i, t := range entryTypes {
		if t == x.Type {
			kind = byte(i)
		}
	}
	b = append(b, kind)
	b = appendText(b, x.Key)
	b = binary.AppendVarint(b, x.Expiry)
	b = binary.AppendUvarint(b, uint64(len(x.Values)))
	for _, v := range x.Values {
		b = appendText(b, v)
	}
	return b
}

// decodeEntries hands on the entries of a block's payload.
func decodeEntries(b []byte, use func(entry)) error {
	text := func() (string, bool) {
		n, k := binary.Uvarint(b)
		if k <= 0 || n > uint64(len(b)-k) {
			return "", false
		}
		s := string(b[k : k+int(n)])
		b = b[k+int(n):]
		return s, true
	}
	for len(b) > 0 {
		var x entry
		if int(b[0]) >= len(entryTypes) {
			return errEntry
		}
		x.Type, b = entryTypes[b[0]], b[1:]
		var ok bool
		if x.Key, ok = text(); !ok {
			return errEntry
		}
		expiry, k := binary.Varint(b)
		if k <= 0 {
			return errEntry
		}
		x.Expiry, b = expiry, b[k:]
		n, k := binary.Uvarint(b)
		if k <= 0 || n > uint64(len(b)) {
			return errEntry
		}
		b = b[k:]
		x.Values = make([]string, 0, n)
		for range n {
			v, ok := text()
			if !ok {
				return errEntry
			}
			x.Values = append(x.Values, v)
		}
		use(x)
	}
	return nil
}
