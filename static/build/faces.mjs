// The faces of pictures that are drawn without a browser. A variable font is
// more than what draws in Go can read, so each is a file of one weight.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { everyday } from './everyday.mjs';
import { characters, glyphs, subset, tables } from './sfnt.mjs';
import { ttf } from './ttf.mjs';

const inter = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'];

// Scripts that Inter lacks, each with a typeface of its own.
const scripts = [
  'Arabic', 'Hebrew', 'Thai', 'Devanagari', 'Bengali', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Gujarati', 'Gurmukhi', 'Sinhala',
  'Georgian', 'Armenian', 'Ethiopic', 'Khmer', 'Lao', 'Myanmar',
];
const east = { jp: 'Noto Sans JP', kr: 'Noto Sans KR', sc: 'Noto Sans SC' };

const noto = (/** @type {string} */ name) => `@fontsource/noto-${name.toLowerCase()}`;

/** The packages that faces come from, for their licences. */
export const packages = ['@fontsource/inter', ...scripts.map((s) => noto('sans-' + s)), ...Object.keys(east).map((s) => noto('sans-' + s)), noto('emoji')];

// Glyphs of one file of Chinese, Japanese and Korean. A picture with a few of
// them opens a few files, the common ones first.
const slice = 400;

/**
 * Writes the faces into a folder, and faces.json: in the order in which they
 * are to be tried for a character, each with its family, its weight and the
 * characters that it has. Inter is needed for every picture and stays as it
 * is; the others are packed (zlib), to be unpacked when they are needed.
 * @param {string} root the folder that holds node_modules
 * @param {string} to
 */
export function writeFaces(root, to) {
  /** @type {{file: string, family: string, weight: number, covers: number[]}[]} */
  const list = [];
  const put = (/** @type {string} */ file, /** @type {string} */ family, /** @type {number} */ weight, /** @type {Buffer} */ font, /** @type {boolean} */ packed) => {
    if (packed) file += '.z';
    writeFileSync(join(to, file), packed ? deflateSync(font, { level: 9 }) : font);
    list.push({ file, family, weight, covers: ranges([...characters(tables(font)).keys()]) });
  };
  const read = (/** @type {string} */ from, /** @type {string} */ file) => {
    const path = join('node_modules', from, 'files', file);
    return ttf(readFileSync(join(root, path)), path);
  };
  for (const weight of [400, 600]) {
    for (const [i, part] of inter.entries()) {
      put(`inter-${weight}-${i}-${part}.ttf`, 'Inter', weight, read('@fontsource/inter', `inter-${part}-${weight}-normal.woff`), false);
    }
  }
  for (const script of scripts) {
    const name = script.toLowerCase();
    for (const weight of [400, 600]) {
      put(`noto-${name}-${weight}.ttf`, `Noto Sans ${script}`, weight, read(noto('sans-' + script), `noto-sans-${name}-${name}-${weight}-normal.woff`), true);
    }
  }
  const taken = new Set();
  for (const [name, wanted] of everyday()) {
    const family = /** @type {Record<string, string>} */ (east)[name];
    const from = noto('sans-' + name);
    let model;
    const chosen = [];
    for (const file of numbered(root, from)) { // from the commonest characters to the rarest
      const font = tables(read(from, file));
      model ??= font;
      for (const g of glyphs(font)) {
        if (g.rune < 0x2000 || g.rune > 0xffff || !wanted.has(g.rune) || taken.has(g.rune)) continue;
        taken.add(g.rune);
        chosen.push(g);
      }
    }
    if (!model) throw new Error(`${from} has no fonts`);
    for (let i = 0; i < chosen.length; i += slice) {
      put(`noto-${name}-400-${String(i / slice).padStart(2, '0')}.ttf`, family, 400, subset(model, chosen.slice(i, i + slice)), true);
    }
  }
  for (const [i, file] of numbered(root, noto('emoji')).entries()) {
    put(`noto-emoji-400-${String(i).padStart(2, '0')}.ttf`, 'Noto Emoji', 400, read(noto('emoji'), file), true);
  }
  writeFileSync(join(to, 'faces.json'), JSON.stringify(list));
}

/** The numbered parts of a font in weight 400, the last first. */
function numbered(/** @type {string} */ root, /** @type {string} */ from) {
  const number = (/** @type {string} */ file) => Number(/-(\d+)-400-normal\.woff$/.exec(file)?.[1] ?? -1);
  return readdirSync(join(root, 'node_modules', from, 'files')).filter((f) => number(f) >= 0).sort((a, b) => number(b) - number(a));
}

/** Characters as first, last, first, last… */
function ranges(/** @type {number[]} */ runes) {
  /** @type {number[]} */
  const out = [];
  for (const r of runes.sort((a, b) => a - b)) {
    if (out.length && out[out.length - 1] >= r - 1) out[out.length - 1] = r;
    else out.push(r, r);
  }
  return out;
}
