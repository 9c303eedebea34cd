package main

import "testing"

func TestTheLimitOfMemoryFollowsWhatStaysAlive(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		name string
		live []uint64
		want int64
	}{
		{"a small process has room", []uint64{40 * mb}, leastMemory},
		{"one large document doesn't raise it", []uint64{60 * mb, 60 * mb, 190 * mb, 60 * mb}, leastMemory},
		{"what stays does, a little", []uint64{150 * mb, 140 * mb}, 210 * mb},
		{"a large store does", []uint64{600 * mb, 610 * mb, 700 * mb}, 1200 * mb},
	} {
		if got := memoryLimit(c.live); got != c.want {
			t.Errorf("%s: %d MB, want %d MB", c.name, got/mb, c.want/mb)
		}
	}
}
