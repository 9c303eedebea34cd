// The world as a map asset: Natural Earth 50m (by way of npm world-atlas),
// simplified for a screen, cut at the antimeridian, named by ISO 3166-1
// alpha-2 codes.
//
// Disputed areas. The atlas draws who holds an area, not who is right. What
// has no ISO code of its own, and yet stands alone in the atlas, is dealt with
// in `overrides`: mentions are counted by ISO code, so a shape without one
// could never have a colour.
import { createRequire } from 'node:module';
import { mergeArcs, feature } from 'topojson-client';
import { presimplify, simplify } from 'topojson-simplify';

const atlas = createRequire(import.meta.url)('world-atlas/countries-50m.json');

/** Shapes without a numeric id of their own, by the atlas's name: the code they are drawn under. */
const overrides = {
  'Kosovo': 'XK', // not in ISO 3166-1; XK is the code in use, and feeds carry it
  'Somaliland': 'SO', // drawn as a part of Somalia, as the United Nations do
  'N. Cyprus': 'CY', // likewise, of Cyprus
  'Indian Ocean Ter.': '', // Christmas Island and Cocos, which get dots of their own
  'Siachen Glacier': '', // claimed by two: left blank
};

/** Not drawn: it has no newspapers, and it would take a fifth of the picture. */
const leftOut = new Set(['AQ']);

/** Overseas parts that have codes of their own and lie inside another country's shape: a box around each. */
const parts = [
  { code: 'GF', of: 'FR', box: [-55, 1, -51, 7] },
  { code: 'GP', of: 'FR', box: [-62, 15.7, -60.9, 16.6] },
  { code: 'MQ', of: 'FR', box: [-61.3, 14.2, -60.7, 15] },
  { code: 'RE', of: 'FR', box: [55, -21.6, 56, -20.7] },
  { code: 'YT', of: 'FR', box: [44.8, -13.2, 45.5, -12.5] },
  { code: 'SJ', of: 'NO', box: [-10, 70.5, 35, 82] },
  { code: 'BQ', of: 'NL', box: [-69, 11.8, -62, 18] },
];

const keep = 0.34; // of the points; what goes is no wider than a pixel on a 4K wall
const digits = 2; // of a degree: 1.1 km
const dotRadius = 0.55; // degrees

/** @typedef {[number, number]} Position */
/** @typedef {Position[]} Ring */

/** Unwraps a ring that jumps across ±180°, so that it is one piece again. */
function unwrap(/** @type {Ring} */ ring) {
  let shift = 0;
  return ring.map(([x, y], i) => {
    if (i > 0) {
      const d = x - ring[i - 1][0];
      if (d > 180) shift -= 360;
      if (d < -180) shift += 360;
    }
    return /** @type {Position} */ ([x + shift, y]);
  });
}

/** Keeps the part of a ring on one side of a meridian. */
function clip(/** @type {Ring} */ ring, /** @type {number} */ at, /** @type {1|-1} */ side) {
  const inside = (/** @type {Position} */ p) => side * (p[0] - at) >= 0;
  /** @type {Ring} */
  const out = [];
  for (let i = 0; i + 1 < ring.length; i++) {
    const a = ring[i], b = ring[i + 1];
    if (inside(a)) out.push(a);
    if (inside(a) !== inside(b)) out.push([at, a[1] + ((at - a[0]) / (b[0] - a[0])) * (b[1] - a[1])]);
  }
  if (out.length) out.push(out[0]);
  return out;
}

/** Cuts a ring at the antimeridian: all its pieces, within ±180°. */
function cut(/** @type {Ring} */ ring) {
  const whole = unwrap(ring);
  const xs = whole.map((p) => p[0]);
  /** @type {Ring[]} */
  const pieces = [];
  for (let turn = -1; turn <= 1; turn++) {
    const west = turn * 360 - 180;
    if (Math.max(...xs) <= west || Math.min(...xs) >= west + 360) continue;
    const piece = clip(clip(whole, west, 1), west + 360, -1);
    if (piece.length) pieces.push(piece.map(([x, y]) => [x - turn * 360, y]));
  }
  return pieces;
}

/** Rounds, and drops points that fall together. */
function round(/** @type {Ring} */ ring) {
  const f = 10 ** digits;
  /** @type {Ring} */
  const out = [];
  for (const [x, y] of ring) {
    const p = /** @type {Position} */ ([Math.round(x * f) / f, Math.round(y * f) / f]);
    const last = out[out.length - 1];
    if (!last || last[0] !== p[0] || last[1] !== p[1]) out.push(p);
  }
  return out;
}

const box = (/** @type {Ring} */ ring) => [
  Math.min(...ring.map((p) => p[0])), Math.min(...ring.map((p) => p[1])),
  Math.max(...ring.map((p) => p[0])), Math.max(...ring.map((p) => p[1])),
];

/** A dot is a small octagon, twice as long as wide towards the poles, where the map squeezes. */
function dot(/** @type {Position} */ [x, y]) {
  const stretch = 1 / Math.max(0.3, Math.cos((y * Math.PI) / 180));
  /** @type {Ring} */
  const ring = [];
  for (let i = 0; i <= 8; i++) {
    const a = -(i % 8) * (Math.PI / 4);
    ring.push([Math.max(-180, Math.min(180, x + dotRadius * stretch * Math.cos(a))), y + dotRadius * Math.sin(a)]);
  }
  return round(ring);
}

/**
 * Makes the map as GeoJSON text; the same input gives the same bytes.
 * @param {import('./countries.mjs').Country[]} countries
 */
export function world(countries) {
  const alpha2 = new Map(countries.map((c) => [c.id, c.code]));
  const topology = structuredClone(atlas);
  const geometries = topology.objects.countries.geometries;

  /** @type {Map<string, any[]>} */
  const byCode = new Map();
  for (const g of geometries) {
    const code = g.id === undefined ? overrides[/** @type {keyof typeof overrides} */ (g.properties.name)] : alpha2.get(g.id);
    if (code === undefined) throw new Error(`the atlas has a shape that no table names: ${g.id} ${g.properties.name}`);
    if (leftOut.has(code)) continue;
    const shapes = byCode.get(code) || [];
    shapes.push(g);
    byCode.set(code, shapes);
  }

  const weighed = presimplify(topology);
  const weights = weighed.arcs.flatMap((/** @type {any} */ a) => a.map((/** @type {any} */ p) => p[2])).filter(isFinite);
  weights.sort((/** @type {number} */ a, /** @type {number} */ b) => b - a);
  const thin = simplify(weighed, weights[Math.floor(weights.length * keep)]);

  /** @type {Map<string, Ring[][]>} */
  const polygons = new Map();
  for (const [code, shapes] of byCode) {
    const merged = shapes.length > 1 ? mergeArcs(thin, shapes) : shapes[0];
    const geometry = /** @type {any} */ (feature(thin, merged)).geometry;
    /** @type {Ring[][]} */
    const list = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    for (const [outer, ...holes] of list) {
      for (const piece of cut(outer)) {
        const ring = round(piece);
        if (ring.length < 4) continue;
        const [w, s, e, n] = box(ring);
        const part = parts.find((p) => p.of === code && w >= p.box[0] && s >= p.box[1] && e <= p.box[2] && n <= p.box[3]);
        const owner = part ? part.code : code;
        const kept = holes.map(round).filter((h) => h.length >= 4);
        polygons.set(owner, [...(polygons.get(owner) || []), [ring, ...kept]]);
      }
    }
  }

  // What the atlas lacks, and what is too small to be seen or clicked, is a dot.
  for (const { code, at } of countries) {
    if (leftOut.has(code)) continue;
    const boxes = (polygons.get(code) || []).map((p) => box(p[0]));
    const widest = Math.max(0, ...boxes.map(([w, s, e, n]) => Math.max(e - w, n - s)));
    if (widest < dotRadius * 1.6) polygons.set(code, [[dot(at)]]);
  }

  // Big ones first: a dot lies on top of the country around it.
  const size = (/** @type {string} */ code) =>
    Math.max(...(polygons.get(code) || []).map((p) => box(p[0])).map(([w, s, e, n]) => (e - w) * (n - s)));
  const codes = [...polygons.keys()].sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
  return JSON.stringify({
    type: 'FeatureCollection',
    features: codes.map((code) => ({
      type: 'Feature',
      properties: { name: code },
      geometry: { type: 'MultiPolygon', coordinates: polygons.get(code) },
    })),
  });
}
