// The countries of a still. A map has some twenty thousand points, and ECharts
// would project, place, bound and print each of them in an interpreter. So it
// gets a box for each country, lays out and colours those, and says where: the
// host, which has the outlines ready, puts them there.
import { project } from './projection.js';

/** @typedef {[string, number, number, number, number]} Frame a country's code, and its box on the plane: x, y, x, y */
/** @typedef {{frames: Frame[], west: number, north: number, east: number, south: number}} Region countries, and the box around them */

const list = (/** @type {any} */ v) => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]);

/** A point that is on the plane already keeps its place there behind it. */
const onPlane = (/** @type {number} */ x, /** @type {number} */ y) => [x, y, x, y];

/** Degrees to the plane, or a point of a frame as it is. */
export const place = (/** @type {number[]} */ p) => (p.length === 4 ? [p[2], p[3]] : project(p));

/** @typedef {{map: any, members: Map<string, Region>}} World a map as GeoJSON, and who is in each of its regions */

/** @type {{frames: Frame[], key: string, world: World} | undefined} the last one, since pictures of one board come one after the other */
let last;

/**
 * The world for one option, as GeoJSON: a country that has data alone, and
 * countries between two of those, from large to small, together, since nothing
 * tells them apart in a picture.
 * @param {any} ready an option
 * @param {Frame[]} frames
 * @returns {World} the one before, if that has the same regions
 */
export function regions(ready, frames) {
  const apart = new Set();
  for (const part of [...list(ready.series), ...list(ready.geo)]) {
    if (!part || part.map !== 'world') continue;
    for (const item of [...list(part.data), ...list(part.regions)]) if (item && typeof item.name === 'string') apart.add(item.name);
  }
  const key = [...apart].sort().join();
  if (last && last.frames === frames && last.key === key) return last.world;
  /** @type {Map<string, Region>} */
  const members = new Map();
  /** @type {Region | undefined} */
  let run;
  for (const frame of frames) {
    const [code, west, north, east, south] = frame;
    if (run && !apart.has(code)) {
      run.frames.push(frame);
      if (west < run.west) run.west = west;
      if (north < run.north) run.north = north;
      if (east > run.east) run.east = east;
      if (south > run.south) run.south = south;
      continue;
    }
    const region = { frames: [frame], west, north, east, south };
    run = apart.has(code) ? undefined : region;
    members.set(run ? `from ${code}` : code, region);
  }
  const features = [];
  for (const [name, { west, north, east, south }] of members) {
    const ring = [onPlane(west, north), onPlane(east, north), onPlane(east, south), onPlane(west, south), onPlane(west, north)];
    features.push({ type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: [ring] } });
  }
  last = { frames, key, world: { map: { type: 'FeatureCollection', features }, members } };
  return last.world;
}

/**
 * Where the outlines of what a chart has laid out belong: the codes of
 * countries, and kx, dx, ky and dy, each x being kx·x + dx.
 * @param {any} chart an instance of ECharts
 * @param {Map<string, Region>} members
 * @returns {Map<string, string>} by the key of the node that would show their box
 */
export function outlines(chart, members) {
  /** @type {Map<string, string>} */
  const places = new Map();
  const trace = (/** @type {any} */ group, /** @type {string} */ name) => {
    const region = members.get(name);
    if (!group || !region) return;
    const { frames, west, north, east, south } = region;
    for (const el of group.childrenRef()) {
      if (el.type !== 'compound') continue;
      const [from, , to] = el.shape.paths[0].shape.points;
      const kx = (to[0] - from[0]) / (east - west), ky = (to[1] - from[1]) / (south - north);
      let codes = '';
      for (let i = 0; i < frames.length; i++) codes += frames[i][0] + ' ';
      places.set(String(el.id), codes + kx + ' ' + (from[0] - kx * west) + ' ' + ky + ' ' + (from[1] - ky * north));
      el.outlined = true;
    }
  };
  const model = chart.getModel();
  model.eachSeriesByType('map', (/** @type {any} */ series) => {
    const data = series.getData();
    for (let i = 0; i < data.count(); i++) trace(data.getItemGraphicEl(i), data.getName(i));
  });
  model.eachComponent('geo', (/** @type {any} */ geo) => {
    const view = chart.getViewOfComponentModel(geo);
    for (const name of members.keys()) for (const group of view.findHighDownDispatchers(name, geo) || []) trace(group, name);
  });
  return places;
}
