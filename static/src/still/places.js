// Where on its axis a value stands. A timeline asks for that thousands of
// times, and ECharts asks the scale, its mapper and the axis for their ends
// each time. Here they are asked once, for as long as they stay (build/stills.mjs).
import { linearMap } from 'echarts/lib/util/number.js';

/** @typedef {(value: number) => number} Place */

const ends = [0, 1];

/** The ends of an axis in pixels, half a band from them where its values have bands. */
function span(/** @type {any} */ axis) {
  const extent = axis._extent.slice();
  if (axis.onBand) {
    const margin = (extent[1] - extent[0]) / axis.scale.count() / 2;
    extent[0] += margin;
    extent[1] -= margin;
  }
  return extent;
}

/**
 * In the place of Axis.dataToCoord.
 * @this {any}
 * @param {any} value
 * @param {boolean} [clamp]
 */
export function dataToCoord(value, clamp) {
  const { scale } = this;
  return linearMap(scale.normalize(scale.parse(value)), ends, span(this), clamp);
}

/** What tells a scale's ends: nothing, if there is more to it than two of them. */
function mapperOf(/** @type {any} */ scale) {
  if (scale.type === 'interval') return scale;
  return scale.type === 'ordinal' && !scale._ticksByOrdinalNumber ? scale._mapper : undefined;
}

/**
 * Where an axis of a grid has its numbers, in pixels of the picture.
 * @param {any} axis
 * @returns {Place}
 */
export function placeOf(axis) {
  const mapper = mapperOf(axis.scale);
  const extents = mapper && mapper._extents;
  if (!extents || axis.dataToCoord !== dataToCoord) return (value) => axis.toGlobalCoord(axis.dataToCoord(value));
  const [low, high] = extents[1] || extents[0];
  const [from, to] = span(axis);
  const known = axis.placed;
  if (known && known.low === low && known.high === high && known.from === from && known.to === to && known.over === axis.toGlobalCoord) return known.place;
  const scaled = high - low, wide = to - from;
  const whole = axis.scale.type === 'ordinal';
  /** @type {Map<number, number>} */
  const places = new Map();
  const place = (/** @type {number} */ value) => {
    const before = places.get(value);
    if (before !== undefined) return before;
    const part = scaled === 0 ? 0.5 : ((whole ? Math.round(value) : value) - low) / scaled;
    const at = axis.toGlobalCoord(part === 0 ? from : part === 1 ? to : part * wide + from);
    places.set(value, at);
    return at;
  };
  axis.placed = { low, high, from, to, over: axis.toGlobalCoord, place };
  return place;
}

/**
 * In the place of Cartesian2D.dataToPoint, for numbers.
 * @param {any} cartesian
 * @returns {(point: [number, number], clamp?: any, out?: number[]) => number[]}
 */
export function pointOf(cartesian) {
  if (cartesian._transform) return (point, clamp, out) => cartesian.dataToPoint(point, clamp, out);
  const x = placeOf(cartesian.getAxis('x')), y = placeOf(cartesian.getAxis('y'));
  return (point, _, out = []) => {
    out[0] = x(point[0]);
    out[1] = y(point[1]);
    return out;
  };
}
