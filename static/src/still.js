// What a picture needs of an option: nothing that moves, and nothing that
// waits for a pointer. Pure, for the engine script.

/** @typedef {import('./look.js').Option} Option */

const list = (/** @type {any} */ v) => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]);

const fewBars = 8;

/** Whether a series' bars are many, all there, and differ in nothing but their values. */
function alike(/** @type {any} */ { data, label, itemStyle, showBackground, coordinateSystem, realtimeSort }) {
  if (!Array.isArray(data) || data.length < fewBars || (label && label.show) || showBackground || realtimeSort) return false;
  if ((coordinateSystem && coordinateSystem !== 'cartesian2d') || (itemStyle && (itemStyle.borderRadius || itemStyle.borderWidth))) return false;
  return data.every((item) => {
    const value = item && typeof item === 'object' && !Array.isArray(item) ? item.value : item;
    return typeof value === 'number' && (item === value || !(item.itemStyle || item.label));
  });
}

/**
 * The series that a picture shows something of. Each of the others would be
 * made, filled and placed as well.
 * @param {Option} ready
 * @returns {any[]}
 */
function seen(ready) {
  const all = list(ready.series), legends = list(ready.legend);
  if (legends.some((l) => !l || l.show !== false)) return all; // it names what it hides
  const hidden = (legends[0] || {}).selected || {};
  const kept = all.filter((/** @type {any} */ s) => {
    if (!s || s.coordinateSystem !== 'geo' || !Array.isArray(s.data)) return true;
    return s.data.length > 0 && !(Object.prototype.hasOwnProperty.call(hidden, s.name) && hidden[s.name] === false);
  });
  if (kept.length === all.length) return all;
  // Scales of colours name series by their places.
  for (const scale of list(ready.visualMap)) {
    if (!scale || scale.seriesIndex === undefined || scale.seriesIndex === null || scale.seriesIndex === 'all') continue;
    scale.seriesIndex = list(scale.seriesIndex).map((/** @type {any} */ i) => kept.indexOf(all[i])).filter((/** @type {number} */ i) => i >= 0);
  }
  return kept;
}

/**
 * Changes a ready option into that of a still. Ripples are CSS animations, so
 * their rings stand still as circles of the size that a ripple has half-way.
 * @param {Option} ready as look() made it, and nobody else's
 * @returns {Option}
 */
export function still(ready) {
  delete ready.tooltip;
  delete ready.aria; // it would decorate elements, and there are none
  delete ready.notes;
  ready.animation = false;
  ready.stateAnimation = { duration: 0 };
  const rings = [];
  const off = (ready.legend || {}).selected || {};
  // A map that the legend hides fills in all countries all the same.
  ready.series = list(ready.series).map((/** @type {any} */ s) => (s && s.type === 'map' && Object.prototype.hasOwnProperty.call(off, s.name) && off[s.name] === false
    ? { id: s.id, name: s.name, type: 'scatter', coordinateSystem: 'geo', data: [] } : s));
  ready.series = seen(ready);
  for (const part of [...list(ready.geo), ...list(ready.series)]) {
    if (!part || typeof part !== 'object') continue;
    delete part.tooltip;
    delete part.blur;
    part.silent = true;
    part.animation = false;
    // A label that only a pointer would bring up is laid out all the same.
    part.emphasis = { disabled: true, label: { show: false } };
    part.select = { disabled: true, label: { show: false } };
    if (part.type === 'effectScatter') rings.push(part);
    // An element for each bar takes longer than all else of a timeline. As one
    // they look the same; a page needs them apart, to be pointed at.
    if (part.type === 'bar' && alike(part)) Object.assign(part, { large: true, largeThreshold: 1, progressive: 0, barMinWidth: part.barMinWidth || 1 });
  }
  for (const part of rings) {
    part.type = 'scatter';
    const size = typeof part.symbolSize === 'number' ? part.symbolSize : 10;
    ready.series.push({
      ...part, id: undefined, symbol: 'circle', symbolSize: size * 1.75, label: { show: false },
      itemStyle: { color: 'transparent', borderColor: (part.itemStyle || {}).color, borderWidth: 1, opacity: 0.6 },
    });
  }
  return ready;
}
