// Which of its forms an option takes at a size. ECharts makes the chart as the
// option says, and then changes it once for each query that holds, which are
// twenty for a chart of bars: all of its series and axes, each time. A still
// has one size, so it is made once. Pure.

/** @typedef {Record<string, any>} Option */

const list = (/** @type {any} */ v) => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]);
const plain = (/** @type {any} */ v) => typeof v === 'object' && v !== null && !Array.isArray(v);

/** Whether a size is what a query asks for. */
function holds(/** @type {Record<string, number>} */ query, /** @type {Record<string, number>} */ sizes) {
  return Object.keys(query || {}).every((name) => {
    const [, bound, side] = /^(min|max)?(.*)$/.exec(name) || [];
    const has = sizes[String(side).toLowerCase()];
    return bound === 'min' ? has >= query[name] : bound === 'max' ? has <= query[name] : has === query[name];
  });
}

/** Lays one value over another; lists stand in the place of lists. */
function over(/** @type {Option} */ under, /** @type {Option} */ value) {
  for (const key of Object.keys(value)) {
    const had = Object.prototype.hasOwnProperty.call(under, key) ? under[key] : undefined;
    under[key] = plain(had) && plain(value[key]) ? over(had, value[key]) : value[key];
  }
  return under;
}

/** Lays parts over those that have their id, or their place. */
function parts(/** @type {any} */ under, /** @type {any} */ value) {
  const all = list(under).slice();
  list(value).forEach((part, i) => {
    if (!plain(part)) return;
    const same = part.id === undefined ? i : all.findIndex((p) => plain(p) && p.id === part.id);
    if (same >= 0 && plain(all[same])) over(all[same], part);
    else all.push(part);
  });
  return all;
}

/**
 * Changes an option into what it is at a size.
 * @param {Option} ready nobody else's
 * @param {number} width pixels
 * @param {number} height pixels
 * @returns {Option}
 */
export function atSize(ready, width, height) {
  const sizes = { width, height, aspectratio: width / height };
  const forms = list(ready.media).filter((m) => plain(m) && plain(m.option));
  let fit = forms.filter((m) => m.query && holds(m.query, sizes));
  if (!fit.length) fit = forms.filter((m) => !m.query).slice(0, 1);
  delete ready.media;
  for (const { option } of fit) {
    for (const key of Object.keys(option)) {
      const value = option[key];
      if (plain(value) || (Array.isArray(value) && value.some(plain))) ready[key] = parts(ready[key], value);
      else ready[key] = value;
    }
  }
  return ready;
}
