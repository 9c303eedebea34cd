// WOFF 1 to TrueType: the same tables, unpacked. https://www.w3.org/TR/WOFF/
import { inflateSync } from 'node:zlib';

const align = (/** @type {number} */ n) => (n + 3) & ~3;

/**
 * Unpacks a font.
 * @param {Buffer} woff
 * @param {string} name for errors
 * @returns {Buffer} a TrueType or OpenType file
 */
export function ttf(woff, name) {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error(`${name} is no WOFF 1 file`);
  const count = woff.readUInt16BE(12);
  const tables = [];
  for (let i = 0; i < count; i++) {
    const at = 44 + 20 * i;
    const [offset, packed, length] = [woff.readUInt32BE(at + 4), woff.readUInt32BE(at + 8), woff.readUInt32BE(at + 12)];
    const bytes = woff.subarray(offset, offset + packed);
    const data = packed < length ? inflateSync(bytes) : bytes;
    if (data.length !== length) throw new Error(`${name}: a table has ${data.length} bytes, and should have ${length}`);
    tables.push({ tag: woff.subarray(at, at + 4), sum: woff.readUInt32BE(at + 16), data });
  }
  const start = 12 + 16 * count;
  const font = Buffer.alloc(tables.reduce((n, t) => n + align(t.data.length), start));
  const power = 2 ** Math.floor(Math.log2(count));
  woff.copy(font, 0, 4, 8); // the flavour
  font.writeUInt16BE(count, 4);
  font.writeUInt16BE(power * 16, 6);
  font.writeUInt16BE(Math.log2(power), 8);
  font.writeUInt16BE(count * 16 - power * 16, 10);
  let offset = start;
  tables.forEach(({ tag, sum, data }, i) => {
    const at = 12 + 16 * i;
    tag.copy(font, at);
    font.writeUInt32BE(sum, at + 4);
    font.writeUInt32BE(offset, at + 8);
    font.writeUInt32BE(data.length, at + 12);
    data.copy(font, offset);
    offset += align(data.length);
  });
  return font;
}
