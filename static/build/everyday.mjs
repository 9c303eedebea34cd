// Which of the tens of thousands of characters of Chinese, Japanese and Korean
// the pictures can draw: those that national standards call the common ones.

/**
 * The characters of some rows of a two-byte code.
 * @param {string} code as the Encoding Standard names it: https://encoding.spec.whatwg.org/
 * @param {number} first lead byte
 * @param {number} last
 * @param {number} least trail byte
 */
function rows(code, first, last, least = 0xa1) {
  const decoder = new TextDecoder(code);
  const runes = [];
  for (let lead = first; lead <= last; lead++) {
    for (let trail = least; trail <= 0xfe; trail++) {
      const [rune, ...more] = decoder.decode(Uint8Array.of(lead, trail));
      if (!more.length && rune !== '\ufffd') runes.push(rune);
    }
  }
  return runes;
}

// What Cantonese needs and level 1 of Big5 lacks.
const cantonese = [...'嘅咁喺哋嚟冇佢嗰嘢咗啲'];

/**
 * For each of the typefaces, the characters that it draws where those before
 * it don't: kana and kanji of JIS X 0208 (both levels), the signs and Hangul of
 * KS X 1001, Hanzi of GB 2312 (both levels) and of Big5 (level 1).
 * @returns {[string, Set<number>][]}
 */
export function everyday() {
  const half = Array.from({ length: 63 }, (_, i) => String.fromCodePoint(0xff61 + i)); // katakana of half the width
  const big5 = [...rows('big5', 0xa4, 0xc6, 0x40), ...cantonese];
  /** @type {[string, string[]][]} */
  const sets = [
    ['jp', [...rows('euc-jp', 0xa1, 0xa8), ...rows('euc-jp', 0xad, 0xad), ...half, ...rows('euc-jp', 0xb0, 0xf4), ...big5]],
    ['kr', [...rows('euc-kr', 0xa1, 0xac), ...rows('euc-kr', 0xb0, 0xc8)]],
    ['sc', [...rows('gbk', 0xa1, 0xf7), ...big5]],
  ];
  return sets.map(([name, all]) => [name, new Set(all.map((c) => c.codePointAt(0) ?? 0))]);
}
