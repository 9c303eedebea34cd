// Applies the stream's deltas to chart options. It knows series by their ids
// and points by their names, and no chart by its kind. charts/delta.go is the
// other side; both are held to charts/testdata/delta.json.

/** @typedef {{[key: string]: any}} Json */

/**
 * A changed or new series: whole new values of its fields, its new and
 * changed points, and the order of all its points where appending isn't it.
 * @typedef {{id: string, new?: boolean, fields?: Json, points?: Json[], order?: string[]}} SeriesSet
 */

/** @typedef {{id: string, whole?: boolean, fields?: string[], points?: string[]}} SeriesGone */

/**
 * What changed from one option to the next. Everything in it is a new value,
 * never a difference, so applying it twice changes nothing.
 * @typedef {{
 *   set?: {parts?: Json, series?: SeriesSet[], order?: string[]},
 *   gone?: {parts?: string[], series?: SeriesGone[]},
 * }} Delta
 */

/**
 * Gives the option that a delta leads to. The option given is left alone, and
 * what did not change is shared with the result.
 * @template {Json} T
 * @param {T} option
 * @param {Delta} delta
 * @returns {T}
 * @throws {Error} when the delta belongs to another option: ask for a snapshot
 */
export function apply(option, delta) {
  const set = delta.set || {};
  const gone = delta.gone || {};
  let next = changed(option, gone.parts, set.parts);
  if (!set.series && !set.order && !gone.series) return next;

  /** @type {Map<string, Json>} */
  const series = new Map();
  for (const s of Array.isArray(next.series) ? next.series : []) {
    if (typeof s.id !== 'string' || series.has(s.id)) throw new Error('delta: the option’s series have no ids of their own');
    series.set(s.id, s);
  }
  for (const g of gone.series || []) {
    const s = series.get(g.id);
    if (!s) continue;
    if (g.whole) series.delete(g.id);
    else series.set(g.id, without(s, g));
  }
  for (const c of set.series || []) {
    const s = series.get(c.id);
    if (!s && !c.new) throw new Error(`delta: the option has no series ${JSON.stringify(c.id)}`);
    series.set(c.id, withPoints(changed(s || { id: c.id }, undefined, c.fields), c));
  }
  return changed(next, undefined, { series: ordered(series, set.order) });
}

/**
 * A copy with some keys dropped and others given. Keys are data: none of them
 * reaches a setter such as __proto__.
 * @template {Json} T
 * @param {T} object
 * @param {string[] | undefined} drop
 * @param {Json | undefined} give
 * @returns {T}
 */
function changed(object, drop, give) {
  if (!drop && !give) return object;
  const next = new Map(Object.entries(object));
  for (const key of drop || []) next.delete(key);
  for (const [key, value] of Object.entries(give || {})) next.set(key, value);
  return /** @type {T} */ (Object.fromEntries(next));
}

/**
 * @param {Json} series
 * @param {SeriesGone} gone
 */
function without(series, gone) {
  const next = changed(series, gone.fields, undefined);
  if (!gone.points) return next;
  const points = byName(next);
  for (const name of gone.points) points.delete(name);
  return changed(next, undefined, { data: [...points.values()] });
}

/**
 * @param {Json} series
 * @param {SeriesSet} set
 */
function withPoints(series, set) {
  if (!set.points && !set.order) return series;
  const points = byName(series);
  for (const p of set.points || []) points.set(p.name, p);
  return changed(series, undefined, { data: ordered(points, set.order) });
}

/**
 * The points of a series by their names, in order.
 * @param {Json} series
 * @returns {Map<string, Json>}
 */
function byName(series) {
  const points = new Map();
  for (const p of Array.isArray(series.data) ? series.data : []) {
    if (!p || typeof p.name !== 'string' || points.has(p.name)) throw new Error(`delta: points of series ${JSON.stringify(series.id)} have no names of their own`);
    points.set(p.name, p);
  }
  return points;
}

/**
 * The values of a map, in the order of some of its keys first.
 * @param {Map<string, Json>} map
 * @param {string[] | undefined} order
 */
function ordered(map, order) {
  if (!order) return [...map.values()];
  const next = new Map();
  for (const key of order) if (map.has(key)) next.set(key, map.get(key));
  for (const [key, value] of map) if (!next.has(key)) next.set(key, value);
  return [...next.values()];
}
