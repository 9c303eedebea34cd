package draw

import (
	"encoding/binary"
	"image/color"
)

// mix puts one colour over pixels, as far as it covers them.
func mix(pix []byte, in color.RGBA, cover uint8) {
	if cover == 255 && in.A == 255 {
		flood(pix, in)
		return
	}
	c := uint32(cover)
	const half = 32512 // rounds
	r, g, b, a := uint32(in.R)*c*255+half, uint32(in.G)*c*255+half, uint32(in.B)*c*255+half, uint32(in.A)*c*255+half
	left := 255*255 - uint32(in.A)*c
	var before, after uint32 // much of what is painted over is of one colour
	for i := 0; i+4 <= len(pix); i += 4 {
		p := pix[i : i+4 : i+4]
		v := binary.LittleEndian.Uint32(p)
		if v != before || i == 0 {
			before = v
			after = (r+v&255*left)/65025 | (g+v>>8&255*left)/65025<<8 | (b+v>>16&255*left)/65025<<16 | (a+v>>24*left)/65025<<24
		}
		binary.LittleEndian.PutUint32(p, after)
	}
}

// flood makes pixels of one colour.
func flood(pix []byte, in color.RGBA) {
	if len(pix) < 64 {
		whole := uint32(in.R) | uint32(in.G)<<8 | uint32(in.B)<<16 | uint32(in.A)<<24
		for ; len(pix) >= 4; pix = pix[4:] {
			binary.LittleEndian.PutUint32(pix, whole)
		}
		return
	}
	copy(pix, []byte{in.R, in.G, in.B, in.A})
	for done := 4; done < len(pix); done *= 2 {
		copy(pix[done:], pix[:done])
	}
}
