// The script that draws a chart without a browser: the page's ECharts, look
// and formatters, in a JavaScript engine that has no page, no timers and no
// network. Go calls `agoraWorld` and `agoraDraw`, gives `agoraAdvance` to
// measure text, and puts the shapes of countries into what was drawn.
import './no-timers.js'; // before all that could ask for one
import './still/model.js';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { registerSSRDataGetter } from 'zrender';
import theme from '../gen/theme.json';
import { formatters, formattersIn } from './format.js';
import { clipped, look, needsWorld, themeOf } from './look.js';
import { parts } from './parts.js';
import { outlines, place, regions } from './outlines.js';
import { still } from './still.js';
import { wholeLegend } from './still/legend.js';
import { atSize } from './still/media.js';
import { write } from './svg.js';

echarts.use([...parts, SVGRenderer]);

const host = /** @type {any} */ (globalThis);
/** @type {Map<string, Record<string, string>>} */
const themes = new Map(Object.entries(theme));
const FAMILY = 'Inter, sans-serif'; // the face that text is measured in

echarts.setPlatformAPI({
  measureText: (text, font) => /** @type {any} */ ({ width: measure(String(text), font || '') }),
});

/** @type {Map<string, [number, number]>} CSS font → pixels and weight */
const fonts = new Map();

/** @returns {number} pixels */
function measure(/** @type {string} */ text, /** @type {string} */ font) {
  let known = fonts.get(font);
  if (!known) {
    // As zrender writes it: style, weight, size, family.
    const size = /(?:^|\s)(\d+(?:\.\d+)?)px/.exec(font);
    const before = size ? font.slice(0, size.index) : font;
    const number = /\b([1-9]00)\b/.exec(before);
    const weight = number ? Number(number[1]) : /\bbold(er)?\b/.test(before) ? 700 : 400;
    known = [size ? Number(size[1]) : 12, weight];
    if (fonts.size > 200) fonts.clear();
    fonts.set(font, known);
  }
  return host.agoraAdvance(text, known[0], known[1]);
}

/** @type {import('./outlines.js').Frame[]} */
let world = [];

/** @type {any} the map that ECharts has, and has taken apart */
let registered;

/** Takes the frames of the world, as JSON text, in place of those before. */
host.agoraWorld = (/** @type {string} */ json) => { world = JSON.parse(json); };

/**
 * Draws an option.
 * @param {string} json the option, as charts/ makes it
 * @param {string} themeName light, dark, print, or transparent: light without its paper
 * @param {number} width pixels
 * @param {number} height pixels
 * @param {number} font size of the text in pixels
 * @param {string} id what names inside the picture begin with
 * @param {string} [spelling] how numbers and times are written, as JSON; as in English by itself
 * @returns {string} SVG
 */
host.agoraDraw = (json, themeName, width, height, font, id, spelling) => {
  const bare = themeName === 'transparent';
  const roles = themes.get(bare ? 'light' : themeName);
  if (!roles) throw new Error(`no theme is called "${themeName}"`);
  const setting = { roles, formats: spelling ? formattersIn(JSON.parse(spelling)) : formatters, family: FAMILY, size: font, motion: false, own: true };
  const chart = echarts.init(null, themeOf(setting), { renderer: 'svg', ssr: true, width, height });
  // Else each element would carry numbers for a script that answers clicks.
  registerSSRDataGetter(() => /** @type {any} */ (undefined));
  try {
    const option = JSON.parse(json);
    const says = option.aria && option.aria.label && option.aria.label.description;
    const sized = atSize(look(option, setting), width, height);
    const ready = still(wholeLegend(sized, { width, height, size: font }, (name) => host.agoraAdvance(clipped(name), font, 400)));
    const mapped = needsWorld(ready) && regions(ready, world);
    if (mapped) {
      if (registered !== mapped.map) echarts.registerMap('world', registered = mapped.map);
      for (const part of [].concat(ready.geo || [], ready.series || [])) {
        const { projection } = /** @type {any} */ (part);
        if (projection) projection.project = place;
      }
    }
    chart.setOption({ ...ready, backgroundColor: bare ? 'transparent' : roles.paper });
    const painter = /** @type {any} */ (chart.getZr().painter);
    painter._id = id; // ECharts counts its instances, and would name clips after them
    const words = { says: String(says || ''), title: String(says || '').split('. ')[0] };
    const places = mapped ? outlines(chart, mapped.members) : undefined; // before boxes are drawn that nobody sees
    return write(painter.renderToVNode({ animation: false, emphasis: false, willUpdate: false, compress: true, useViewBox: true }), words, places);
  } finally {
    chart.dispose();
  }
};

// What has come through an option must not reach the next one.
for (const kind of [Object, Array, Function, String, Number, Boolean, RegExp, Map, Set]) Object.preventExtensions(kind.prototype);
