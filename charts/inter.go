package charts

import "unicode"

// How wide texts are in Inter, the typeface of pages and pictures, in 400 and
// 600: for what is laid out here, so that page and picture agree. Each byte is a
// character's width, '!' nothing and one more for each 50th of an em, rounded up.
var interWidths = [2][3]string{
	{
		"009ABSB044;C0804A6@@B?A>@A01CCC;RDBFF@?GG/>C>OGHAHBBBGDSDCA444982>@>@?4@?..=.M??@@4<2?>J=>=727C!" +
			"!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!00>@F=/>?O8?C!C98C882?@0/1:?JLN;DDDDDDSF@@@@////FGHHHHHCHGGGGCA@" +
			">>>>>>O>????....???????C?????>@>D>D>D>F>F>F>F>FEF@@?@?@?@?@?G@G@G@G@G?H?/././././.K:>.C=<>.>.>2>" +
			"3?.G?G?G??G?H?H?H?TSB4B4B4B<B<B<B<B2B4B2G?G?G?G?G?G?SJC>CA=A=A=1",
		"????//G???/>>>1>????/CD0FN6?M?MM/DB>D@AGH/CDOGBHGA?DBCNDMH/CC<?/?C?>?<;?A/<B??=?@@>A9?F>HJ/???JC" +
			"AACLCDK<?????<??????????????????FA>.H88??FO?@FFF",
		"@@L>FB//>YZNCGAFDBB>J@Q@GGCGOGHGAFBAKDFEQRJNBFTB>?>7@?J:??=>H???@>9>D=?>KKBF=>L=???7><...PN?=?>?",
	},
	{
		".2<BBTC244<C1914B7AAC@A>BA12CCC=SFBFF@?GG/>E>PGHBHBBCFFUEEB444:93>A?A?5A@//>/O@@AA5=3@?K>?>838C!" +
			"!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!.2?AG>1>@O9AC!C88C893@@122:AKMO=FFFFFFTF@@@@////GGHHHHHCHFFFFEBB" +
			">>>>>>O?????////?@@@@@@C@@@@@?A?F>F>F>F?F?F?F?FFGA@?@?@?@?@?GAGAGAGAG@I@//////////L<>/E>>>/>/>4>" +
			"6@/G@G@G@?G@H@H@H@TSB5B5B5B=B=B=B=C3C6C3F@F@F@F@F@F@UKE?EB>B>B>2",
		"????00G???0???2>????1EF1HO8?O?PO0FB?F@BGH/EFPGCHGB?DCENENH/ED=@0@D@??=<@A0>C@@=@AA?B:@H?JK0@@@KE" +
			"BBDNDFN>?????<??????????????????GB?/H99??FP?AFFF",
		"@@L?FB//>YZNEGCFFBB?L@UAGGEGPGHGBFCCKEGERTKOBFUB>@>8B?L;@@>?I@@@A?:?G>A?LMCI>?L>??@8?=///PO@>@?@",
	},
}

// The first characters of each table: Latin, Greek, Cyrillic.
var interFirst = [3]rune{0x20, 0x370, 0x400}

// textWidth is about how wide a text is, in em: never much too narrow. What
// other scripts are set in differs from machine to machine.
func textWidth(s string, bold bool) (em float64) {
	weight := 0
	if bold {
		weight = 1
	}
	for _, r := range s {
		em += runeWidth(r, weight)
	}
	return em
}

func runeWidth(r rune, weight int) float64 {
	for i, first := range interFirst {
		if table := interWidths[weight][i]; r >= first && int(r-first) < len(table) {
			return float64(table[r-first]-'!') / 50
		}
	}
	switch {
	case r == '\u2009':
		return 0.25
	case r == '…':
		return 0.97
	case r == '\u2212':
		return 0.68
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul), r >= 0x1f000:
		return 1
	case r >= 0x1e00 && r < 0x1f00, r < 0x250: // Latin with two marks
		return 0.7
	}
	return 0.78
}

// TextWidth is how wide a text is taken to be where words are laid out, in em:
// never less than it has in pictures.
func TextWidth(s string, bold bool) float64 { return textWidth(s, bold) * slack }
