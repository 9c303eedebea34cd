// From an option as the server sends it (pure JSON: colours are roles,
// formatters are names) to one that ECharts draws. No page, no screen: the
// same file serves a picture drawn without a browser.
import { seenOn } from './contrast.js';
import { project, unproject } from './projection.js';

/** @typedef {Record<string, string>} Roles role → colour */
/** @typedef {Record<string, (...args: any[]) => string>} Formats */
/** @typedef {Record<string, any>} Option */
/**
 * @typedef {object} Setting
 * @property {Roles} roles
 * @property {Formats} formats
 * @property {string} family of fonts, as in CSS
 * @property {number} size of the text in pixels
 * @property {boolean} motion whether changes of value glide
 * @property {boolean} [own] whether the option is nobody else's, and may be changed
 */

const GLIDE = 400; // ms

/**
 * A colour that isn't of the theme, such as a brand's, as it can be seen here.
 * @returns {any}
 */
function own(/** @type {any} */ color, /** @type {Setting} */ { roles }) {
  return typeof color === 'string' && color.charCodeAt(0) === 35 ? seenOn(color, roles.paper) || color : color;
}

/**
 * Swaps names for what they mean, everywhere in a copy.
 * @returns {any}
 */
function resolve(/** @type {any} */ value, /** @type {Setting} */ setting) {
  if (typeof value === 'string') {
    if (value.startsWith('role:')) {
      const colour = setting.roles[value.slice(5)];
      if (!colour) throw new Error(`no colour has the role "${value.slice(5)}": add it to charts/theme.json`);
      return colour;
    }
    if (value.startsWith('fmt:')) {
      const format = setting.formats[value.slice(4)];
      if (!format) throw new Error(`no formatter is called "${value.slice(4)}": add it to src/format.js`);
      return format;
    }
    return value;
  }
  if (Array.isArray(value)) {
    // Long lists of numbers have nothing to swap.
    return typeof value[0] === 'number' ? value : value.map((/** @type {any} */ v) => resolve(v, setting));
  }
  if (value && typeof value === 'object') {
    /** @type {Option} */
    const copy = {};
    for (const key in value) copy[key] = key === 'filter' ? value[key] : resolve(key === 'color' ? own(value[key], setting) : value[key], setting);
    return copy;
  }
  return value;
}

/**
 * Swaps names for what they mean, where they are.
 * @param {any} value a list or an object
 * @param {Setting} setting
 */
function swap(value, setting) {
  if (Array.isArray(value)) {
    if (typeof value[0] === 'number') return value;
    for (let i = 0; i < value.length; i++) {
      const v = value[i];
      if (typeof v === 'string') value[i] = resolve(v, setting);
      else if (typeof v === 'object' && v !== null) swap(v, setting);
    }
    return value;
  }
  for (const key in value) {
    const v = value[key];
    if (typeof v === 'string') {
      if (key === 'color') value[key] = own(v, setting);
      if (v.charCodeAt(4) === 58 || v.charCodeAt(3) === 58) value[key] = resolve(v, setting); // a colon
    } else if (typeof v === 'object' && v !== null && key !== 'filter') swap(v, setting);
  }
  return value;
}

const list = (/** @type {any} */ v) => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]);

/** Whether an option draws on the world map. */
export function needsWorld(/** @type {Option} */ option) {
  return list(option.geo).some((g) => g.map === 'world') || list(option.series).some((s) => s.type === 'map' && s.map === 'world');
}

/** Makes an option ready to draw. */
export function look(/** @type {Option} */ option, /** @type {Setting} */ setting) {
  const ready = setting.own ? swap(option, setting) : resolve(option, setting);
  for (const part of [...list(ready.geo), ...list(ready.series).filter((s) => s.type === 'map')]) {
    if (part.map === 'world') Object.assign(part, { projection: { project, unproject }, preserveAspect: true });
  }
  for (const tip of [ready.tooltip, ...list(ready.series).map((s) => s.tooltip)]) {
    if (tip) tip.renderMode = 'richText';
  }
  ready.animation = setting.motion;
  ready.animationDuration = ready.animationDurationUpdate = GLIDE;
  ready.animationEasing = ready.animationEasingUpdate = 'cubicOut';
  return ready;
}

/**
 * The shape of an option without its values. Two options of one shape can be
 * merged, and glide; else the chart is drawn anew, so that nothing is left over.
 * @returns {string}
 */
export function shape(/** @type {any} */ value, /** @type {string} */ key = '') {
  if (Array.isArray(value)) return key === 'data' || typeof value[0] !== 'object' ? '[]' : `[${value.map((/** @type {any} */ v) => shape(v)).join()}]`;
  if (value && typeof value === 'object') return `{${Object.keys(value).sort().map((k) => k + shape(value[k], k)).join()}}`;
  return key === 'id' || key === 'type' || key === 'map' ? `=${value}` : '';
}

const longest = 28; // characters of a name in a legend, which has others to show

/** A name as a legend has it. */
export function clipped(/** @type {string} */ name) {
  const all = Array.from(name);
  return all.length > longest ? `${all.slice(0, longest - 1).join('').trimEnd()}…` : name;
}

/** What every chart has in common, as an ECharts theme. */
export function themeOf(/** @type {Setting} */ { roles, family, size }) {
  const axis = {
    axisLine: { show: false, lineStyle: { color: roles.hairline } },
    axisTick: { show: false },
    axisLabel: { color: roles.quiet, fontSize: size, fontFamily: family },
    nameTextStyle: { color: roles.quiet, fontSize: size },
    splitLine: { lineStyle: { color: roles.hairline, width: 1 } },
    splitArea: { show: false },
  };
  const words = { color: roles.text, fontFamily: family, fontSize: size };
  return {
    color: [roles.text, roles.quiet],
    backgroundColor: 'transparent',
    textStyle: words,
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    timeAxis: { ...axis, splitLine: { show: false } },
    logAxis: axis,
    legend: {
      textStyle: { color: roles.quiet, fontSize: size, fontFamily: family },
      inactiveColor: roles.hairline, itemWidth: size * 0.75, itemHeight: size * 0.75, icon: 'circle', itemGap: size * 1.5,
      formatter: clipped,
    },
    tooltip: {
      backgroundColor: roles.surface, borderColor: roles.hairline, borderWidth: 1, padding: [8, 12], borderRadius: 4,
      textStyle: { color: roles.text, fontSize: size, fontFamily: family, lineHeight: Math.round(size * 1.6) },
      confine: true, renderMode: 'richText', transitionDuration: 0, shadowBlur: 0,
      axisPointer: {
        lineStyle: { color: roles.quiet, width: 1, type: 'solid' }, shadowStyle: { color: roles.hairline, opacity: 0.4 },
        crossStyle: { color: roles.quiet },
      },
    },
    visualMap: { textStyle: { color: roles.quiet, fontSize: size, fontFamily: family } },
    geo: { itemStyle: { areaColor: roles['map-empty'], borderColor: roles['map-border'] } },
    title: { textStyle: { ...words, fontWeight: 500 }, subtextStyle: { color: roles.quiet, fontSize: size } },
  };
}

/** The size in pixels of a font as zrender writes it: style, weight, size, family. */
export function sizeOf(/** @type {string | undefined} */ font) {
  const size = /(?:^|\s)(\d+(?:\.\d+)?)px/.exec(font || '');
  return size ? Number(size[1]) : 12;
}
