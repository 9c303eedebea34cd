// Writes what ECharts drew as SVG text. ECharts' own writer escapes texts but
// no attributes, and adds what only a page has a use for: hover rules, classes,
// data for scripts. Nothing of that, no link and nothing from elsewhere passes
// here, so a picture may be opened, mailed and embedded.

/** @typedef {{tag: string, key?: string, attrs?: Record<string, any>, children?: Node[], text?: string}} Node as zrender makes them */

const tags = new Set([
  'svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'text',
  'defs', 'clipPath', 'linearGradient', 'radialGradient', 'stop', 'pattern', 'filter', 'feDropShadow',
]);
const shapes = new Set(['path', 'rect', 'circle', 'polygon', 'polyline']);
const needless = /^(class|style|pointer-events|on.*|(xlink:)?href|ecmeta_.*|xmlns:xlink|baseProfile|version)$/;

/** Text as XML may hold it. */
function escape(/** @type {string} */ text) {
  if (!/[&<>"'\u0000-\u001f\ud800-\udfff\ufffe\uffff]/.test(text)) return text;
  // ECharts cuts long texts between any two units, through an emoji too.
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|([\ud800-\udbff][\udc00-\udfff])|[\udc00-\udfff]/g, '$1')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');
}

/** What a path may hold: numbers and commands, and nothing to escape. */
const noPath = /[^-\dMLCQAZl .]/;

/** @type {Map<string, string>} values of attributes that passed, since most are those of many elements */
const passed = new Map();

/** @returns {string} */
function value(/** @type {string} */ name, /** @type {any} */ v) {
  if (typeof v === 'number') {
    if (!(v < 1e7 && v > -1e7)) throw new Error(`the chart would be drawn at ${name} = ${v}`);
    // Four digits are finer than any pixel, and the same on every processor.
    return String(Math.round(v * 1e4) / 1e4);
  }
  const text = String(v);
  if (name === 'd') {
    if (noPath.test(text)) throw new Error(`the chart would be drawn at ${name} = ${text.slice(0, 40)}`);
    return text;
  }
  if (name === 'points') {
    if (/NaN|Inf|undef|e\+|\d{8}/.test(text)) throw new Error(`the chart would be drawn at ${name} = ${text.slice(0, 40)}`);
    return escape(text);
  }
  if (name === 'xmlns' || name === 'transform') return checked(name, text);
  let good = passed.get(text);
  if (good === undefined) {
    good = checked(name, text);
    if (passed.size > 500) passed.clear();
    if (text.length < 100) passed.set(text, good);
  }
  return good;
}

/** @returns {string} */
function checked(/** @type {string} */ name, /** @type {string} */ text) {
  const short = /\.\d{5}/.test(text) ? text.replace(/-?\d+\.\d{5,}(e-?\d+)?/g, (n) => String(Math.round(Number(n) * 1e4) / 1e4)) : text;
  if (name === 'transform' && /NaN|Inf|undef|e\+|\d{8}/.test(short)) throw new Error(`the chart would be drawn at ${name} = ${short.slice(0, 40)}`);
  if (/url\s*\((?!#)|:\/\//i.test(short) && name !== 'xmlns') throw new Error(`the chart refers to something outside: ${name} = ${short.slice(0, 40)}`);
  return escape(short);
}

/** @type {Map<string, Record<string, string>>} */
const typesets = new Map();

/** CSS of a text → attributes, which hold under any content security policy. */
function typeset(/** @type {string} */ css) {
  let known = typesets.get(css);
  if (!known) {
    known = taken(css);
    if (typesets.size > 100) typesets.clear();
    typesets.set(css, known);
  }
  return known;
}

/** @returns {Record<string, string>} */
function taken(/** @type {string} */ css) {
  /** @type {Record<string, string>} */
  const attrs = {};
  const short = /^font:\s*(?:(italic|oblique)\s+)?(?:normal\s+)*(?:(bold|bolder|[1-9]00)\s+)?(?:normal\s+)*(\S+)\s+(.*?);?$/.exec(css);
  if (short) return { 'font-size': short[3], 'font-family': short[4], ...(short[2] && { 'font-weight': short[2] }), ...(short[1] && { 'font-style': short[1] }) };
  for (const rule of css.split(';')) {
    const [name, ...rest] = rule.split(':');
    if (/^font-(size|family|weight|style)$/.test(name)) attrs[name] = rest.join(':');
  }
  return attrs;
}

// How far above its foot the middle of Inter's em lies, which a page's canvas
// takes for the middle of a line (OS/2: 1984 above the baseline, 494 below).
const MIDDLE = 1984 / (1984 + 494) - 0.5;

/**
 * Where a text stands. ECharts gives the middle of its line, which every viewer
 * of SVG takes to be elsewhere, and none where a canvas has it.
 * @returns {Record<string, any>}
 */
function standing(/** @type {Record<string, any>} */ attrs, /** @type {string | undefined} */ size) {
  if (attrs['dominant-baseline'] !== 'central' || !/^[\d.]+px$/.test(size || '')) return attrs;
  return { ...attrs, 'dominant-baseline': undefined, y: (Number(attrs.y) || 0) + MIDDLE * parseFloat(/** @type {string} */ (size)) };
}

/** @type {Map<string, boolean>} */
const names = new Map();

/** Whether an attribute of this name is written. */
function needed(/** @type {string} */ name) {
  let known = names.get(name);
  if (known === undefined) {
    known = !needless.test(name) && /^[a-zA-Z][\w:-]*$/.test(name);
    if (names.size < 200) names.set(name, known);
  }
  return known;
}

/** Attributes as text. */
function written(/** @type {Record<string, any>} */ attrs) {
  let text = '';
  for (const name of Object.keys(attrs)) {
    const v = attrs[name];
    if (v === false || v === undefined || v === null || !needed(name)) continue;
    text += ' ' + name + '="' + value(name, v) + '"';
  }
  return text;
}

/**
 * Writes a picture.
 * @param {Node} root
 * @param {{title: string, says: string}} words for those who can't see it
 * @param {Map<string, string>} [places] of nodes by their keys, for the host to put paths there: written behind a character that no text may hold
 * @returns {string}
 */
export function write(root, words, places) {
  /** @type {string[]} */
  const out = [];
  /** @param {Node} node */
  const put = (node) => {
    if (!tags.has(node.tag)) throw new Error(`the chart holds a <${node.tag}>, which no picture may`);
    const attrs = node.attrs || {};
    if (attrs.fill === 'none' && !attrs.stroke && shapes.has(node.tag)) return; // not to be seen
    const place = places && node.key !== undefined ? places.get(node.key) : undefined;
    if (place) {
      out.push('<path d="\u0001', place, '"', written({ ...attrs, d: undefined }), '/>');
      return;
    }
    const font = typeof attrs.style === 'string' ? typeset(attrs.style) : undefined;
    out.push('<', node.tag, written(font && node.tag === 'text' ? standing(attrs, font['font-size']) : attrs));
    if (font) out.push(written(font));
    const first = node === root && words.says;
    if (first) out.push(' role="img"');
    if (!first && !node.text && !(node.children && node.children.length)) {
      out.push('/>');
      return;
    }
    out.push('>');
    if (first) out.push('<title>', escape(words.title), '</title><desc>', escape(words.says), '</desc>\n');
    if (node.text) out.push(escape(String(node.text)));
    const children = node.children || [];
    for (let i = 0; i < children.length; i++) {
      if (!children[i]) continue;
      put(children[i]);
      out.push('\n');
    }
    out.push('</', node.tag, '>');
  };
  put(root);
  return out.join('');
}
