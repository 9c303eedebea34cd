// Package draw turns the SVG that ECharts writes into a PNG or a page of a
// PDF, in Go, with no browser on the machine.
//
//	picture, err := draw.Parse(svg)
//	fonts, err := draw.NewFonts(draw.Face{Family: "Inter", Weight: 400, Data: ttf})
//	_, err = picture.PNG(ctx, w, draw.Options{Scale: 2, Fonts: fonts})
//
// # What is read
//
// svg, g, path, rect, circle, ellipse, line, polygon, polyline, text, tspan,
// image, defs, clipPath, linearGradient, radialGradient and pattern, with the
// presentation attributes that ECharts writes on them, as attributes or in
// style. Any other element is an error that names it. Ignored on purpose:
//   - the style block: what ECharts writes there is of the mouse (:hover) and
//     of motion (@keyframes), and a picture has neither;
//   - filter, which ECharts uses for shadows only; title, desc, metadata;
//   - attributes that don't change a still picture (class, ecmeta_…, …), and
//     italics: there is no italic face;
//   - images other than PNGs inside of the document (data: addresses).
//
// A document over one of the limits in limits.go is refused; nothing that is
// read makes the package panic.
//
// # Opacity
//
// The opacity of a group is multiplied into what it holds, rather than applied
// to the group as a whole. Where things of one group overlap, that differs
// from a browser; ECharts writes opacity on images only.
//
// # Characters
//
// Texts are shaped by HarfBuzz in the order of the Unicode Bidirectional
// Algorithm (UAX #9), so that Arabic letters join and Hebrew runs from right to
// left. A character is drawn with the first family that was given and has it,
// in the weight that is nearest; fonts of the system are never used, so that a
// picture is the same on every machine. A space is always that of the first
// face. A Han character that Chinese and Japanese write in two ways has one
// look, that of the first family with it: a text doesn't say which it is.
//
// [Fonts.Advance] measures with the same faces, for whoever lays texts out. A
// face other than the first is read when a text first needs one of its
// characters.
//
// A character that no face has is drawn as an empty box, as wide as letters of
// its script are, and reported in Report.Missing, so that a footer can say so.
// An emoji that no face has is a dot, an em wide: titles have several in a row,
// and boxes would say more than they did. Control and format characters are
// never drawn.
//
// What an SVG itself says (font-family: Inter, sans-serif) concerns those who
// open it elsewhere: Inter, if they have it, and for other scripts whatever
// their system takes for sans-serif. Lengths may differ there; a PNG or a PDF
// of it is the same everywhere.
//
// In a PDF, letters of a single TrueType file are embedded and can be selected,
// searched and copied. So can what was shaped, and letters of OpenType with
// PostScript outlines, of collections and of variable fonts, which are drawn as
// outlines with their characters laid invisibly over them. Characters beyond
// U+FFFF, such as most emoji, are seen and can't be copied.
//
// In a PNG, the heights of upright Latin, Greek and Cyrillic letters are moved
// to whole rows of pixels (sharpen.go), and letters stand on quarters of a
// pixel, as in Chromium on Linux: small texts are sharp, and a picture looks as
// the page does. A PDF keeps letters as they are.
package draw
