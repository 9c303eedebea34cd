// TrueType files: what is in them, and new ones of some of their glyphs.
// https://learn.microsoft.com/typography/opentype/spec/otff

const align = (/** @type {number} */ n) => (n + 3) & ~3;

/**
 * The tables of a font by tag.
 * @param {Buffer} font
 * @returns {Map<string, Buffer>}
 */
export function tables(font) {
  const all = new Map();
  for (let i = 0, at = 12; i < font.readUInt16BE(4); i++, at += 16) {
    const offset = font.readUInt32BE(at + 8);
    all.set(font.toString('latin1', at, at + 4), font.subarray(offset, offset + font.readUInt32BE(at + 12)));
  }
  return all;
}

/**
 * A font's characters, each with its glyph. It reads formats 4 and 12 of cmap.
 * @param {Map<string, Buffer>} font
 * @returns {Map<number, number>}
 */
export function characters(font) {
  const cmap = /** @type {Buffer} */ (font.get('cmap'));
  const glyphs = new Map();
  const put = (/** @type {number} */ r, /** @type {number} */ glyph) => { if (glyph && r >= 32) glyphs.set(r, glyph); };
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = cmap.readUInt32BE(8 + 8 * i);
    switch (cmap.readUInt16BE(at)) {
      case 4: {
        const twice = cmap.readUInt16BE(at + 6);
        for (let k = 0; k < twice; k += 2) {
          const [last, first] = [cmap.readUInt16BE(at + 14 + k), cmap.readUInt16BE(at + 16 + twice + k)];
          const [delta, row] = [cmap.readUInt16BE(at + 16 + 2 * twice + k), at + 16 + 3 * twice + k];
          const offset = cmap.readUInt16BE(row);
          for (let r = first; r <= last && r < 0xffff; r++) {
            const glyph = offset ? cmap.readUInt16BE(row + offset + 2 * (r - first)) : r;
            put(r, offset && !glyph ? 0 : (glyph + delta) & 0xffff);
          }
        }
        break;
      }
      case 12:
        for (let k = 0, row = at + 16; k < cmap.readUInt32BE(at + 12); k++, row += 12) {
          const first = cmap.readUInt32BE(row);
          for (let r = first; r <= cmap.readUInt32BE(row + 4); r++) put(r, cmap.readUInt32BE(row + 8) + r - first);
        }
    }
  }
  return glyphs;
}

/**
 * One character's glyph, on its own.
 * @typedef {{rune: number, outline: Buffer, metrics: Buffer}} Glyph
 */

/**
 * A font's glyphs for characters. Those put together from others are left out.
 * @param {Map<string, Buffer>} font
 * @returns {Glyph[]}
 */
export function glyphs(font) {
  const table = (/** @type {string} */ tag) => /** @type {Buffer} */ (font.get(tag));
  const [loca, glyf, hmtx] = [table('loca'), table('glyf'), table('hmtx')];
  const long = table('head').readInt16BE(50) === 1;
  const place = (/** @type {number} */ g) => (long ? loca.readUInt32BE(4 * g) : 2 * loca.readUInt16BE(2 * g));
  const wide = table('hhea').readUInt16BE(34); // glyphs from here on have the advance of the one before, and a bearing of their own
  /** @type {Glyph[]} */
  const all = [];
  for (const [rune, g] of characters(font)) {
    const outline = glyf.subarray(place(g), place(g + 1));
    if (outline.length && outline.readInt16BE(0) < 0) continue;
    const metrics = Buffer.alloc(4);
    const [advance, bearing] = [4 * Math.min(g, wide - 1), g < wide ? 4 * g + 2 : 4 * wide + 2 * (g - wide)];
    hmtx.copy(metrics, 0, advance, advance + 2);
    hmtx.copy(metrics, 2, bearing, bearing + 2);
    all.push({ rune, outline, metrics });
  }
  return all;
}

/**
 * Makes a font of some glyphs, without the tables for shaping: for scripts
 * whose letters stand side by side.
 * @param {Map<string, Buffer>} model whose names and heights it has
 * @param {Glyph[]} some at most 65534, of characters below U+10000
 * @returns {Buffer}
 */
export function subset(model, some) {
  const sorted = [...some].sort((a, b) => a.rune - b.rune);
  const empty = { rune: 0, outline: Buffer.alloc(0), metrics: Buffer.from([0x03, 0xe8, 0, 0]) };
  const all = [empty, ...sorted];
  const copy = (/** @type {string} */ tag) => Buffer.from(/** @type {Buffer} */ (model.get(tag)));
  const [head, hhea, maxp] = [copy('head'), copy('hhea'), copy('maxp')];
  head.writeInt16BE(1, 50); // long places in loca
  hhea.writeUInt16BE(all.length, 34);
  maxp.writeUInt16BE(all.length, 4);
  const loca = Buffer.alloc(4 * all.length + 4);
  const outlines = [];
  let place = 0;
  all.forEach(({ outline }, i) => {
    const padded = Buffer.alloc(align(outline.length));
    outline.copy(padded);
    outlines.push(padded);
    loca.writeUInt32BE(place += padded.length, 4 * i + 4);
  });
  return write([
    ['OS/2', copy('OS/2')], ['cmap', cmap(sorted.map((g) => g.rune))], ['glyf', Buffer.concat(outlines)], ['head', head], ['hhea', hhea],
    ['hmtx', Buffer.concat(all.map((g) => g.metrics))], ['loca', loca], ['maxp', maxp], ['name', copy('name')], ['post', copy('post')],
  ]);
}

/** A cmap of format 4 for sorted characters, whose glyphs are 1, 2, 3… */
function cmap(/** @type {number[]} */ runes) {
  /** @type {number[][]} */
  const segments = []; // first, last, delta
  runes.forEach((r, i) => {
    const now = segments.at(-1);
    if (now && now[1] === r - 1) now[1] = r;
    else segments.push([r, r, (i + 1 - r) & 0xffff]);
  });
  segments.push([0xffff, 0xffff, 1]);
  const n = segments.length;
  const power = Math.floor(Math.log2(n));
  const range = 2 ** (power + 1);
  return words([
    0, 1, 3, 1, 0, 12, // one table, of Windows and Unicode, at 12
    4, 16 + 8 * n, 0, 2 * n, range, power, 2 * n - range,
    ...segments.map((s) => s[1]), 0, ...segments.map((s) => s[0]), ...segments.map((s) => s[2]), ...segments.map(() => 0),
  ]);
}

function words(/** @type {number[]} */ list) {
  const b = Buffer.alloc(2 * list.length);
  list.forEach((w, i) => b.writeUInt16BE(w, 2 * i));
  return b;
}

/** Puts tables, sorted by tag, into a file. */
function write(/** @type {[string, Buffer][]} */ list) {
  const power = Math.floor(Math.log2(list.length));
  const directory = [words([1, 0]), words([list.length, 16 * 2 ** power, power, 16 * (list.length - 2 ** power)])];
  const data = [];
  let offset = 12 + 16 * list.length;
  for (const [tag, bytes] of list) {
    const padded = Buffer.alloc(align(bytes.length));
    bytes.copy(padded);
    let sum = 0;
    for (let i = 0; i < padded.length; i += 4) sum = (sum + padded.readUInt32BE(i)) >>> 0;
    const entry = Buffer.alloc(16);
    entry.write(tag, 'latin1');
    entry.writeUInt32BE(sum, 4);
    entry.writeUInt32BE(offset, 8);
    entry.writeUInt32BE(bytes.length, 12);
    directory.push(entry);
    data.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([...directory, ...data]);
}
