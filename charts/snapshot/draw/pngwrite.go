package draw

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// writePNG writes a PNG (ISO/IEC 15948) of 8 bits a sample, without an alpha
// channel when the ground is opaque. Every band is packed for itself, in a
// chunk of its own, and ends at a whole byte of the stream, so that all of them
// in a row are one stream.
func writePNG(ctx context.Context, w io.Writer, j *job, opaque bool, t *tools) error {
	var head [13]byte
	binary.BigEndian.PutUint32(head[:], uint32(j.size.Dx()))
	binary.BigEndian.PutUint32(head[4:], uint32(j.size.Dy()))
	head[8], head[9] = 8, 6 // bits of a sample; red, green, blue and alpha
	if opaque {
		head[9] = 2
	}
	write := func(parts ...[]byte) error {
		if _, err := w.Write(bytes.Join(parts, nil)); err != nil {
			return fmt.Errorf("write the PNG: %w", err)
		}
		return nil
	}
	// The stream's head (RFC 1950) says: deflate, and no dictionary.
	err := write([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head[:]), chunk("sRGB", []byte{0}), chunk("IDAT", []byte{0x78, 0x01}))
	if err != nil {
		return err
	}
	sum := adler{a: 1}
	err = press(ctx, j, opaque, t, func(s *strip) error {
		sum = sum.then(s.sum)
		seal(s.chunk.Bytes())
		if _, err := w.Write(s.chunk.Bytes()); err != nil {
			return fmt.Errorf("write the PNG: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	end := []byte{3, 0} // the last block, an empty one
	end = binary.BigEndian.AppendUint32(end, sum.b<<16|sum.a)
	return write(chunk("IDAT", end), chunk("IEND", nil))
}

// chunk is a chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	out := make([]byte, 4, len(data)+12)
	out = append(append(append(out, kind...), data...), 0, 0, 0, 0)
	seal(out)
	return out
}

// seal writes a chunk's length before it, and its checksum behind.
func seal(chunk []byte) {
	n := len(chunk)
	binary.BigEndian.PutUint32(chunk, uint32(n-12))
	binary.BigEndian.PutUint32(chunk[n-4:], crc32.ChecksumIEEE(chunk[4:n-4]))
}
