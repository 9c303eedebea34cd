// The countries of a still. A map has some twenty thousand points, and ECharts
// would project, place, bound and print each of them in an interpreter. So it
// gets a box for each country, lays out and colours those, and the outlines,
// which the host has ready, are printed in their places. Pure, but for the
// host's functions.
import { project } from './projection.js';

/** @typedef {[string, number, number, number, number]} Frame a country's code, and its box on the plane: x, y, x, y */
/** @typedef {(code: string, kx: number, dx: number, ky: number, dy: number) => string} Print gives the path of a country, each x as kx·x + dx */

const list = (/** @type {any} */ v) => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]);

/** A point that is on the plane already keeps its place there behind it. */
const onPlane = (/** @type {number} */ x, /** @type {number} */ y) => [x, y, x, y];

/** Degrees to the plane, or a point of a frame as it is. */
export const place = (/** @type {number[]} */ p) => (p.length === 4 ? [p[2], p[3]] : project(p));

/**
 * The world for one option, as GeoJSON: a country that has data alone, and
 * countries between two of those, from large to small, together, since nothing
 * tells them apart in a picture.
 * @param {any} ready an option
 * @param {Frame[]} frames
 * @returns {{map: any, members: Map<string, Frame[]>}} the map, and who is in each of its regions
 */
export function regions(ready, frames) {
  const apart = new Set();
  for (const part of [...list(ready.series), ...list(ready.geo)]) {
    if (!part || part.map !== 'world') continue;
    for (const item of [...list(part.data), ...list(part.regions)]) if (item && typeof item.name === 'string') apart.add(item.name);
  }
  /** @type {Map<string, Frame[]>} */
  const members = new Map();
  let run = '';
  for (const frame of frames) {
    if (apart.has(frame[0])) {
      run = '';
      members.set(frame[0], [frame]);
    } else if (run) {
      /** @type {Frame[]} */ (members.get(run)).push(frame);
    } else {
      run = `from ${frame[0]}`;
      members.set(run, [frame]);
    }
  }
  const features = [...members].map(([name, frames]) => {
    const west = Math.min(...frames.map((f) => f[1])), north = Math.min(...frames.map((f) => f[2]));
    const east = Math.max(...frames.map((f) => f[3])), south = Math.max(...frames.map((f) => f[4]));
    const ring = [onPlane(west, north), onPlane(east, north), onPlane(east, south), onPlane(west, south), onPlane(west, north)];
    return { type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: [ring] } };
  });
  return { map: { type: 'FeatureCollection', features }, members };
}

/**
 * The outlines of what a chart has drawn.
 * @param {any} chart an instance of ECharts
 * @param {Map<string, Frame[]>} members
 * @param {Print} print
 * @returns {Map<string, string[]>} paths, one for a country, by the key of the node that shows their box
 */
export function outlines(chart, members, print) {
  /** @type {Map<string, string[]>} */
  const paths = new Map();
  const trace = (/** @type {any} */ group, /** @type {string} */ name) => {
    const frames = members.get(name);
    if (!group || !frames) return;
    group.traverse((/** @type {any} */ el) => {
      if (el.type !== 'compound') return;
      const [from, , to] = el.shape.paths[0].shape.points;
      const west = Math.min(...frames.map((f) => f[1])), north = Math.min(...frames.map((f) => f[2]));
      const east = Math.max(...frames.map((f) => f[3])), south = Math.max(...frames.map((f) => f[4]));
      const kx = (to[0] - from[0]) / (east - west), ky = (to[1] - from[1]) / (south - north);
      paths.set(String(el.id), frames.map((f) => print(f[0], kx, from[0] - kx * west, ky, from[1] - ky * north)));
    });
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
  return paths;
}
