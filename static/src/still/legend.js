// The legend of a picture: what has no room in its line goes into the next one,
// for nobody can turn its pages. Pure.

/** @typedef {Record<string, any>} Option */

const list = (/** @type {any} */ v) => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]);

const most = 0.3; // of the height that a legend may take

/**
 * Changes a legend that would have pages into lines, and makes room for them.
 * @param {Option} ready nobody else's
 * @param {{width: number, height: number, size: number}} picture in pixels; size is that of its text
 * @param {(name: string) => number} wide pixels of a name
 * @returns {Option}
 */
export function wholeLegend(ready, { width, height, size }, wide) {
  const [legend] = list(ready.legend);
  if (!legend || legend.show === false || legend.type !== 'scroll') return ready;
  const names = legend.data ? list(legend.data) : [...new Set(list(ready.series).map((s) => s.name).filter(Boolean))];
  const mark = size * 0.75 + 5; // as look() has it, and ECharts' gap
  let lines = 1, at = 0;
  for (const name of names) {
    const item = mark + wide(String(name));
    if (at > 0 && at + item > width - 10) {
      lines++;
      at = 0;
    }
    at += item + size * 1.5;
  }
  const gap = size * 0.75, pitch = size + gap;
  if (lines < 2 || lines * pitch > height * most) return ready;
  legend.type = 'plain';
  legend.itemGap = gap;
  for (const grid of list(ready.grid)) grid.top = (parseFloat(grid.top) || 0) + Math.round((lines - 1) * pitch);
  return ready;
}
