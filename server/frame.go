package server

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"agora/mood"
)

// frame writes one server-sent event. JSON has no raw line ends, so its data
// is one line.
func frame(name, id string, data ...[]byte) []byte {
	size := len("event: \nid: \ndata: \n\n") + len(name) + len(id)
	for _, d := range data {
		size += len(d)
	}
	b := make([]byte, 0, size)
	b = append(append(append(b, "event: "...), name...), '\n')
	if id != "" {
		b = append(append(append(b, "id: "...), id...), '\n')
	}
	b = append(b, "data: "...)
	for _, d := range data {
		b = append(b, d...)
	}
	return append(b, '\n', '\n')
}

// newEpoch names the life of a topic: an id of another life means nothing in
// this one.
func newEpoch() string {
	b := make([]byte, 6)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

func eventID(epoch string, number uint64) string {
	return epoch + "-" + strconv.FormatUint(number, 10)
}

// parseEventID gives the number of an id of this epoch.
func parseEventID(id, epoch string) (uint64, bool) {
	theirs, number, ok := strings.Cut(id, "-")
	if !ok || theirs != epoch {
		return 0, false
	}
	n, err := strconv.ParseUint(number, 10, 64)
	return n, err == nil
}

// mentionEvent is a mention as the stream tells it.
type mentionEvent struct {
	mood.Mention
	Skipped int `json:"skipped,omitempty"` // how many more came in the same tick
}

type helloEvent struct {
	Build       string `json:"build"`
	Now         string `json:"now"` // RFC 3339 with milliseconds
	HeartbeatMS int64  `json:"heartbeat_ms"`
	StoreEpoch  string `json:"store_epoch"`
	Timezone    string `json:"timezone"`
	Demo        bool   `json:"demo"`
}

type heartbeatEvent struct {
	Now string `json:"now"`
}

// timeFormat is RFC 3339 with milliseconds, in UTC.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"

// encode is for values that always can be.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return b
}
