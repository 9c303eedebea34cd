import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readCountries } from '../build/countries.mjs';
import { world } from '../build/world.mjs';

const countries = readCountries(new URL('../../mood/countries.tsv', import.meta.url));
const text = world(countries);
/** @type {Map<string, number[][][][]>} */
const shapes = new Map(JSON.parse(text).features.map((f) => [f.properties.name, f.geometry.coordinates]));

test('every country that can be counted can be coloured, but for Antarctica', () => {
  assert.deepEqual(countries.map((c) => c.code).filter((code) => !shapes.has(code)), ['AQ']);
});

test('no country is drawn twice', () => {
  assert.equal(JSON.parse(text).features.length, shapes.size);
});

test('no edge crosses the map as a band: Russia and Fiji are cut at the antimeridian', () => {
  for (const [code, polygons] of shapes) {
    for (const ring of polygons.flat()) {
      for (let i = 1; i < ring.length; i++) {
        assert.ok(Math.abs(ring[i][0] - ring[i - 1][0]) < 30, `${code} has an edge from ${ring[i - 1]} to ${ring[i]}`);
        assert.ok(Math.abs(ring[i][0]) <= 180 && Math.abs(ring[i][1]) <= 90, `${code} leaves the map at ${ring[i]}`);
      }
    }
  }
  const russia = shapes.get('RU').flat(2).map((p) => p[0]);
  assert.ok(Math.min(...russia) === -180 && Math.max(...russia) === 180, 'Russia has a part on either side');
});

test('overseas parts with codes of their own are not coloured as their motherland', () => {
  const inside = (code, [w, s, e, n]) => shapes.get(code).flat(2).some(([x, y]) => x > w && x < e && y > s && y < n);
  assert.ok(inside('GF', [-55, 1, -51, 7]));
  assert.ok(!inside('FR', [-55, 1, -51, 7]), 'French Guiana is its own');
  assert.ok(!inside('NO', [10, 75, 30, 82]), 'Svalbard is its own');
});

test('the map is light enough for a phone', () => {
  assert.ok(gzipSync(text).length < 200_000, `${gzipSync(text).length} bytes`);
});

test('the same atlas gives the same bytes', () => {
  assert.equal(world(countries), text);
});
