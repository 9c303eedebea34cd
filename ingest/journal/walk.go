package journal

import (
	"bytes"
	"errors"
	"io"
)

const (
	windowBytes = 64 << 10
	blockBytes  = 4 << 10 // what is given up where a disk can't be read
)

// walker goes through the records of one segment, and over damage.
type walker struct {
	file  io.ReaderAt
	seed  uint64
	end   int64  // where to stop
	bound uint64 // numbers from here on belong to a later segment
	deep  bool   // payloads are read and checked, not only headers

	off     int64  // where the next record is looked for
	prev    uint64 // number of the record before; 0: none yet
	top     uint64 // the highest number that any header told, of a record that isn't whole
	damaged int64  // bytes that were skipped since the start

	window []byte // of the file, from windowAt
	at     int64
}

// next finds the next record that is whole, and where it begins. False: there
// is none. The payload is there if the walk is deep, until the next call.
func (w *walker) next() (h head, off int64, payload []byte, ok bool) {
	for w.off+recordHeader <= w.end {
		h, whole := parseHead(w.view(w.off, recordHeader), w.seed)
		if !whole {
			w.search()
			continue
		}
		if h.seq >= w.bound {
			return head{}, 0, nil, false
		}
		off, payload := w.off, w.payload(h)
		if payload == nil || h.seq <= w.prev {
			// What it says of its length may be as wrong as the rest.
			w.top = max(w.top, h.seq)
			w.search()
			continue
		}
		w.off, w.prev = off+h.size(), h.seq
		return h, off, payload, true
	}
	w.damaged += max(0, w.end-w.off)
	w.off = max(w.off, w.end)
	return head{}, 0, nil, false
}

// payload gives the payload of the record whose header is at hand; nil: it isn't
// whole. Unless the walk is deep, it is enough that there may be one.
func (w *walker) payload(h head) []byte {
	if w.off+h.size() > w.end {
		return nil
	}
	if !w.deep {
		return []byte{}
	}
	record := w.view(w.off, int(h.size()))
	if sumOf(w.seed, record[:recordHeader-8], record[recordHeader:]) != h.sum {
		return nil
	}
	return record[recordHeader:]
}

// search goes on to the next place where a record may begin.
func (w *walker) search() {
	from := w.off
	for w.off++; w.off+recordHeader <= w.end; {
		w.view(w.off, recordHeader)
		window := w.window[w.off-w.at:]
		if i := bytes.Index(window, []byte(marker)); i >= 0 {
			w.off += int64(i)
			break
		}
		w.off += int64(len(window) - len(marker) + 1)
	}
	w.off = min(w.off, w.end)
	w.damaged += w.off - from
}

// view gives n bytes of the file. Where there is nothing, or it can't be read,
// they are zeros, which are no record.
func (w *walker) view(off int64, n int) []byte {
	if i := off - w.at; i >= 0 && i+int64(n) <= int64(len(w.window)) {
		return w.window[i : i+int64(n)]
	}
	size := max(n, windowBytes)
	if rest := w.end - off; int64(size) > rest {
		size = max(n, int(rest))
	}
	if cap(w.window) < size {
		w.window = make([]byte, size)
	}
	w.window, w.at = w.window[:size], off
	read, err := w.file.ReadAt(w.window, off)
	if err == nil || errors.Is(err, io.EOF) {
		clear(w.window[read:])
		return w.window[:n]
	}
	for i := 0; i < size; i += blockBytes {
		block := w.window[i:min(i+blockBytes, size)]
		read, err := w.file.ReadAt(block, off+int64(i))
		if err != nil {
			clear(block[read:])
		}
	}
	return w.window[:n]
}
