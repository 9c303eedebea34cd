// The only file that touches ECharts. A chart lives as long as its element:
// one instance, fed again and again.
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { platformApi } from 'zrender/lib/core/platform.js';
import theme from '../gen/theme.json';
import worldAddress from '../gen/world.geojson';
import { countryAt } from './countries.js';
import { formatters } from './format.js';
import { look, needsWorld, shape, sizeOf, themeOf } from './look.js';
import { parts } from './parts.js';
import { makeTurns } from './turns.js';

echarts.use([...parts, CanvasRenderer]);

// ECharts takes the height of a line from the width of 国. Its own way to ask
// for that finds one on a machine with no typeface for it that is far too
// small, and lays all texts out otherwise than pictures of the server do.
const measureText = platformApi.measureText;
echarts.setPlatformAPI({
  measureText: (text, font) => (text === '国' ? /** @type {any} */ ({ width: sizeOf(font) }) : measureText(text, font)),
});

/** @typedef {import('./look.js').Option} Option */
/** @typedef {{name: string, series: string, value: any}} Picked the point that was clicked */
/** @typedef {{lat?: number, lon?: number, country?: string, label?: string, colour?: string}} Spot where something was: a point, or a country's code; label or colour, as options have it, gives the ring its own */
/**
 * @typedef {object} Wishes
 * @property {string} [kind] the chart's id, for the screen reader and the log
 * @property {string} [title] what a screen reader says
 * @property {(filter: Record<string, string>, point: Picked) => void} [onPick] a point with a filter was clicked
 * @property {number} [font] size of the text in pixels; 12
 * @property {boolean} [grows] the whole drawing grows with the page's rem, as on a 4K screen
 * @property {'full'|'reduced'} [motion] full, unless the system asks for less
 * @property {'light'|'dark'|'print'} [theme] fixed; else as the page is
 */
/**
 * @typedef {object} Chart
 * @property {(option: Option) => void} set draws an option; what has the same shape as before glides
 * @property {(option: Option) => void} apply the same, for an option that a delta was applied to
 * @property {() => void} resize after a change that no observer sees, such as a new font size
 * @property {(font: number) => void} type sets another size of text
 * @property {(spots: Spot[]) => void} pulse opens a ring at each spot of a map
 * @property {() => void} dispose
 */

// One thread draws all charts of a page.
const turns = makeTurns({
  now: () => performance.now(),
  frame: (then) => { requestAnimationFrame(() => setTimeout(then)); },
  wait: (then, ms) => { setTimeout(then, ms); },
});

const glide = 1500; // ms: what was drawn within waits for its turn, and doesn't move
const RING = 1200; // ms
const MOST_RINGS = 30;

/** @type {Promise<void> | undefined} */
let world;

/** Fetches the world once; a failure is forgotten, so that the next chart tries again. */
function loadWorld() {
  world = world || fetch(worldAddress, { credentials: 'same-origin' })
    .then((answer) => {
      if (!answer.ok) throw new Error(`the world map: HTTP ${answer.status}`);
      return answer.json();
    })
    .then((map) => echarts.registerMap('world', map))
    .catch((error) => {
      world = undefined;
      throw error;
    });
  return world;
}

// Widths of texts are measured once and kept, so the font must be there before
// the first chart is drawn; a lost font holds up nothing for long.
let fontThere = !document.fonts;
const fontSettled = fontThere ? Promise.resolve() : Promise.race([
  document.fonts.load('400 12px Inter'), new Promise((go) => setTimeout(go, 2000)),
]).catch(() => {}).then(() => { fontThere = true; });

const darkSystem = matchMedia('(prefers-color-scheme: dark)');
const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** @returns {'light'|'dark'} */
function themeNow() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return darkSystem.matches ? 'dark' : 'light';
}

/**
 * Starts a chart in an element, which gives it its size.
 * @param {HTMLElement} el
 * @param {Wishes} [wishes]
 * @returns {Chart}
 */
export function mount(el, wishes = {}) {
  let font = wishes.font || 12;
  const setting = () => ({
    roles: /** @type {Record<string, string>} */ (theme[wishes.theme || themeNow()]),
    formats: formatters,
    family: getComputedStyle(document.documentElement).fontFamily,
    size: font,
    motion: wishes.motion !== 'reduced' && !lessMotion.matches,
  });

  // A drawing that grows keeps its proportions: it is laid out small, drawn
  // with more pixels, and enlarged as a whole.
  const host = el.appendChild(document.createElement('div'));
  let enlarged = 0;
  const unseen = () => el.clientWidth === 0 || el.clientHeight === 0;
  /** @returns {boolean} whether that changed anything */
  function enlarge() {
    if (unseen() && enlarged) return false; // it keeps the size in which it was seen last
    const next = wishes.grows ? parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1 : 1;
    const size = unseen() ? [300, 150] : [Math.round(el.clientWidth / next), Math.round(el.clientHeight / next)];
    const same = next === enlarged && host.style.width === `${size[0]}px` && host.style.height === `${size[1]}px`;
    enlarged = next;
    host.style.width = `${size[0]}px`;
    host.style.height = `${size[1]}px`;
    host.style.transformOrigin = '0 0';
    host.style.transform = next === 1 ? '' : `scale(${next})`;
    return !same;
  }
  enlarge();
  const chart = echarts.init(host, themeOf(setting()), { renderer: 'canvas', devicePixelRatio: (window.devicePixelRatio || 1) * enlarged });
  chart.setOption({}); // ECharts forgets a theme that is set before there is anything
  /** @type {Option | undefined} what is to be seen */
  let option;
  let drawn = ''; // its shape, once drawn
  let drawnAt = -Infinity;
  /** @type {Option | undefined} */
  let drawnOption;
  let waiting = false;
  let gone = false;

  /** @param {boolean} [anew] @param {boolean} [turn] whether it is this one's turn */
  function draw(anew = false, turn = false) {
    if (gone || !option) return;
    if (document.hidden || unseen()) return; // nobody looks; the next visible moment draws the newest
    if (!fontThere) {
      fontSettled.then(() => draw());
      return;
    }
    if (needsWorld(option) && !echarts.getMap('world')) {
      if (waiting) return;
      waiting = true;
      loadWorld().then(() => { waiting = false; draw(); }, () => setTimeout(() => { waiting = false; draw(); }, 5000));
      return;
    }
    const form = shape(option);
    const since = performance.now() - drawnAt;
    if (!anew && form === drawn && since < glide && !turn) {
      turns.ask(host, () => draw(false, true));
      return;
    }
    // What changes again before it has glided to its place would never rest.
    const ready = look(option, since < glide ? { ...setting(), motion: false } : setting());
    delete ready.notes; // for people, beside the picture
    chart.setOption(ready, { notMerge: anew || form !== drawn, lazyUpdate: false });
    drawn = form;
    drawnAt = performance.now();
    drawnOption = option;
    host.setAttribute('role', 'img');
    if (!host.hasAttribute('aria-label')) host.setAttribute('aria-label', wishes.title || wishes.kind || '');
  }

  function retheme() {
    chart.setTheme(themeOf(setting()));
    drawn = ''; // even if nobody looks now, the next drawing is anew
    drawnOption = undefined;
    draw(true);
  }

  /** @type {unknown} the click that a point has answered */
  let answered;
  chart.on('click', (/** @type {any} */ at) => {
    const filter = at.componentType === 'series' ? at.data && at.data.filter : at.targetType === 'axisLabel' ? behind(at.dataIndex) : undefined;
    if (!filter) return;
    answered = at.event && at.event.event;
    if (wishes.onPick) wishes.onPick(filter, { name: at.name || at.value, series: at.seriesId || '', value: at.value });
  });

  // Bars may be thin, and fingers are not: what is beside a bar stands for it.
  chart.getZr().on('click', (at) => {
    if (at.event === answered) return;
    const filter = behind(categoryAt(at.offsetX, at.offsetY));
    if (filter && wishes.onPick) wishes.onPick(filter, { name: '', series: '', value: undefined });
  });
  chart.getZr().on('mousemove', (at) => {
    if (!at.target && behind(categoryAt(at.offsetX, at.offsetY))) chart.getZr().setCursorStyle('pointer');
  });

  /** All that is drawn at one place of a category axis, whatever its feeling. */
  function behind(/** @type {number} */ index) {
    if (!option || !(index >= 0)) return undefined;
    const points = option.series.map((/** @type {any} */ s) => (s.data || [])[index]).filter((/** @type {any} */ p) => p && p.filter);
    if (points.length < 2) return points[0] && points[0].filter;
    const { label, ...whole } = points[0].filter;
    return whole;
  }

  /** The place on the only category axis, or −1. */
  function categoryAt(/** @type {number} */ x, /** @type {number} */ y) {
    if (!option || !option.xAxis || !option.yAxis || !chart.containPixel('grid', [x, y])) return -1;
    const across = [].concat(option.xAxis).some((/** @type {any} */ a) => a.type === 'category');
    const down = [].concat(option.yAxis).some((/** @type {any} */ a) => a.type === 'category');
    if (across === down) return -1;
    const at = across ? chart.convertFromPixel({ xAxisIndex: 0 }, x) : chart.convertFromPixel({ yAxisIndex: 0 }, y);
    return Number(at);
  }

  let frame = 0;
  function fit() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (gone || unseen()) return;
      if (enlarge()) chart.resize({ animation: { duration: 0 } });
      if (drawnOption !== option) draw();
    });
  }
  const observer = new ResizeObserver(fit);
  observer.observe(el);
  const watch = new MutationObserver(retheme);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const visible = () => draw();
  document.addEventListener('visibilitychange', visible);
  darkSystem.addEventListener('change', retheme);

  let rings = 0;
  /** Opens a ring; it removes itself. */
  function ring(/** @type {Spot} */ spot) {
    const point = typeof spot.lat === 'number' ? [Number(spot.lon), spot.lat] : countryAt(spot.country || '');
    const at = option && point && chart.convertToPixel(option.geo ? { geoIndex: 0 } : { seriesIndex: 0 }, point);
    if (!at || !isFinite(at[0]) || !isFinite(at[1])) return;
    const { roles, motion } = setting();
    const given = spot.colour || '';
    const colour = (given.startsWith('role:') ? roles[given.slice(5)] : given) || roles[spot.label || 'neutral'] || roles.neutral;
    const most = Math.max(10, Math.min(chart.getWidth(), chart.getHeight()) / 16) * (given ? 0.6 : 1);
    const circle = new echarts.graphic.Circle({
      shape: { cx: at[0], cy: at[1], r: motion ? 2 : most / 3 },
      style: { fill: 'none', stroke: colour, lineWidth: Math.max(1.5, most / 16), opacity: 1 },
      silent: true, zlevel: 1, // a canvas of its own, or each frame would draw the countries again
    });
    const zr = chart.getZr();
    const end = () => { rings--; if (!gone) zr.remove(circle); };
    rings++;
    zr.add(circle);
    if (!motion) {
      setTimeout(end, RING);
      return;
    }
    circle.animate('shape').when(RING, { r: most }).start('cubicOut');
    circle.animate('style').when(RING, { opacity: 0 }).done(end).start('cubicIn');
  }

  return {
    set(next) { option = next; draw(); },
    apply(next) { option = next; draw(); },
    resize: fit,
    type(size) { font = size; retheme(); },
    pulse(spots) {
      if (gone || !drawn || document.hidden) return;
      for (const spot of spots) if (rings < MOST_RINGS) ring(spot);
    },
    dispose() {
      gone = true;
      turns.leave(host);
      observer.disconnect();
      watch.disconnect();
      document.removeEventListener('visibilitychange', visible);
      darkSystem.removeEventListener('change', retheme);
      cancelAnimationFrame(frame);
      chart.dispose();
      host.remove();
    },
  };
}
