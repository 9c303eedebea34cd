// In the place of zrender's each, map and clone, which the bundle of pictures
// calls more than all else (build/stills.mjs). An interpreter pays most for
// calls, and for calls through native functions twice.

const { hasOwnProperty, toString } = Object.prototype;
const primitive = '__ec_primitive__'; // what ECharts marks what isn't to be cloned with
const kept = new Set(['Function', 'RegExp', 'Date', 'Error', 'CanvasGradient', 'CanvasPattern', 'Image', 'Canvas'].map((kind) => `[object ${kind}]`));

/**
 * Calls for each item of a list, or each value of an object.
 * @param {any} all
 * @param {Function} call
 * @param {any} [self]
 */
export function each(all, call, self) {
  if (!all || !call) return;
  if (all.length === +all.length) {
    const n = all.length;
    if (self === undefined) {
      for (let i = 0; i < n; i++) {
        const item = all[i];
        if (item !== undefined || i in all) call(item, i, all);
      }
    } else {
      for (let i = 0; i < n; i++) {
        const item = all[i];
        if (item !== undefined || i in all) call.call(self, item, i, all);
      }
    }
    return;
  }
  for (const key in all) {
    if (!hasOwnProperty.call(all, key)) continue;
    if (self === undefined) call(all[key], key, all);
    else call.call(self, all[key], key, all);
  }
}

/**
 * What a call makes of each item.
 * @param {any} all
 * @param {Function} [call]
 * @param {any} [self]
 * @returns {any[]}
 */
export function map(all, call, self) {
  if (!all) return [];
  const n = all.length;
  /** @type {any[]} */
  const made = [];
  for (let i = 0; i < n; i++) made.push(!call ? all[i] : self === undefined ? call(all[i], i, all) : call.call(self, all[i], i, all));
  return made;
}

/**
 * Copies all the way down.
 * @param {any} source
 * @returns {any}
 */
export function clone(source) {
  if (source === null || typeof source !== 'object' || source[primitive]) return source;
  if (Array.isArray(source)) {
    const copy = source.slice();
    for (let i = 0; i < copy.length; i++) {
      const item = copy[i];
      if (typeof item === 'object' && item !== null) copy[i] = clone(item);
    }
    return copy;
  }
  if (ArrayBuffer.isView(source)) return /** @type {any} */ (source.constructor).from(source);
  const parent = Object.getPrototypeOf(source);
  if (parent !== Object.prototype && kept.has(toString.call(source))) return source;
  /** @type {Record<string, any>} */
  const copy = Object.assign({}, source);
  for (const key in copy) {
    const value = copy[key];
    if (typeof value === 'object' && value !== null) copy[key] = clone(value);
  }
  return copy;
}
