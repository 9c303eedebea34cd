// @ts-check
// The same options as on the page, for eyes five metres away: nothing to hover
// over, no legend to match up, and strokes as thick as the type asks for.

import { h } from '../dom.js';
import { inMode, isDevices } from '../drawn.js';
import { sign } from './words.js';

/** The options are made for text of this size, in pixels. */
const usualFont = 12;

/**
 * @param {'map' | 'timeline'} kind
 * @param {any} option stays as it is
 * @param {number} font size of the wall's words, in pixels
 */
export function dress(kind, option, font) {
  const times = font / usualFont;
  const dressed = { ...option };
  delete dressed.tooltip;
  if (kind === 'timeline') {
    delete dressed.legend;
    dressed.grid = each(option.grid, (g) => ({ ...g, top: font * 0.7 }));
    dressed.series = each(option.series, (s) => thicker(s, times));
  } else {
    // The legend stays, unseen: it says which kind of place is drawn.
    delete dressed.visualMap;
    dressed.legend = { ...option.legend, show: false };
    dressed.visualMap = each(option.visualMap, (v) => ({ ...v, show: false }));
    dressed.geo = each(option.geo, (g) => ({ ...g, bottom: 0 }));
    dressed.series = each(option.series, (s) => bigger({ ...s, ...(s.type === 'map' ? { bottom: 0 } : {}) }, times));
  }
  return dressed;
}

/**
 * Draws an option on a chart only when it is another one than before (a delta
 * leaves the options that it doesn't change as they are), and at most once a
 * frame, however many deltas come.
 * @param {import('../chart.js').Chart} chart
 * @param {(option: any) => any} dressed
 * @returns {{draw: (option: any) => void, anew: () => void}}
 */
export function drawer(chart, dressed) {
  /** @type {any} */
  let wanted;
  let frame = 0;
  function later() {
    frame = frame || requestAnimationFrame(() => {
      frame = 0;
      chart.set(dressed(wanted));
    });
  }
  return {
    draw(option) {
      if (!option || option === wanted) return;
      wanted = option;
      later();
    },
    /** After a change of size. */
    anew() {
      if (wanted) later();
    },
  };
}

/**
 * @param {any} series
 * @param {number} times
 */
function thicker(series, times) {
  if (series.type !== 'line') return { ...series, barMaxWidth: undefined };
  const line = series.lineStyle || {};
  return { ...series, lineStyle: { ...line, width: (line.width || 2) * times * 0.6 } };
}

/**
 * @param {any} series
 * @param {number} times
 */
function bigger(series, times) {
  const grown = typeof series.symbolSize === 'number' ? { symbolSize: series.symbolSize * times * 0.6 } : {};
  if (!Array.isArray(series.data) || series.type === 'map') return { ...series, ...grown };
  const data = series.data.map((/** @type {any} */ d) => (d && d.symbolSize ? { ...d, symbolSize: d.symbolSize * times * 0.6 } : d));
  return { ...series, ...grown, data };
}

/**
 * ECharts takes one or a list of almost everything.
 * @param {any} part
 * @param {(p: any) => any} f
 */
function each(part, f) {
  return Array.isArray(part) ? part.map(f) : part ? f(part) : part;
}

/** @typedef {{name: string, sign: string, label: string}} Topic */
/** So many words are read at a glance. */
const mostTopics = 3;

/**
 * The first topics of the chart `topics`, each with its feeling: what the chart
 * says by its scale of seven colours, from one end to the other.
 * @param {any} option
 * @returns {Topic[]}
 */
export function topicsOf(option) {
  const [series] = (option && option.series) || [];
  const points = (series && series.data) || [];
  return points.slice(0, mostTopics).map((/** @type {any} */ point) => {
    const [, step] = /^role:mood-(\d)$/.exec((point.itemStyle && point.itemStyle.color) || '') || [];
    const label = !step ? 'unclear' : +step < 4 ? 'negative' : +step > 4 ? 'positive' : 'neutral';
    return { name: point.title || point.name, sign: step ? sign(label) : '·', label };
  });
}

/**
 * A map with what devices did on it, where they did anything.
 * @param {any} option
 */
export function withDevices(option) {
  if (!option.series.some((/** @type {any} */ s) => isDevices(s) && s.data.length)) return option;
  return inMode(option, 'devices', ['about', 'from', 'origin', 'devices']).option;
}

/** So many kinds of what devices did are counted on a wall. */
const mostKinds = 2;

/**
 * What devices did, as sentences in their colours; it gives how many there are.
 * @param {HTMLElement} el
 * @param {any} total of one brand
 */
export function drawDone(el, total) {
  const kinds = ((total && total.activity) || []).filter((/** @type {any} */ a) => a.count > 0).slice(0, mostKinds);
  const now = JSON.stringify(kinds.map((/** @type {any} */ a) => [a.short, a.color]));
  if (el.dataset.now === now) return kinds.length;
  el.dataset.now = now;
  el.textContent = '';
  for (const a of kinds) {
    const dot = h('span', { class: 'dot', 'aria-hidden': 'true' });
    if (a.color) dot.style.background = a.color;
    el.append(h('span', { class: 'kind' }, dot, a.short));
  }
  return kinds.length;
}
