// @ts-check
// What the page shows, as its address holds it. Pure: text in, text out.

/** @typedef {'about' | 'from' | 'origin' | 'devices'} MapMode which place of a mention the map means, or what devices did */
/** @typedef {Record<string, string>} Filter parameters of GET /api/v1/mentions */
/**
 * @typedef {object} State
 * @property {string} brand id
 * @property {string} window such as 24h
 * @property {MapMode} map
 * @property {Filter} filter without brand and window
 */
/**
 * @typedef {object} Chip a part of the filter that stands or falls as one
 * @property {string} kind the first of its keys
 * @property {string[]} keys
 * @property {Filter} values
 */

export const mapModes = /** @type {const} */ (['about', 'from', 'origin', 'devices']);

/** Keys that mean something only together. The order is that of the chips. */
const groups = [
  ['from', 'to'], ['weekday', 'hour'], ['label'], ['country', 'place'], ['outlet'], ['source'],
  ['topic'], ['language'], ['story'], ['corrected'], ['q'],
];
const known = new Set([...groups.flat(), 'span']);

/**
 * Reads an address. What is missing or unknown takes the default.
 * @param {string} search
 * @param {{brands: string[], windows: string[]}} there what there is to choose from
 * @returns {State}
 */
export function parse(search, there) {
  const query = new URLSearchParams(search);
  const brand = query.get('brand') || '';
  const window = query.get('window') || '';
  const map = /** @type {MapMode} */ (query.get('map') || '');
  /** @type {Filter} */
  const filter = {};
  for (const [key, value] of query) if (known.has(key) && value) filter[key] = value;
  return {
    brand: there.brands.includes(brand) ? brand : there.brands[0] || '',
    window: there.windows.includes(window) ? window : usualWindow(there.windows),
    map: mapModes.includes(map) ? map : 'from',
    filter,
  };
}

/** @param {string[]} windows */
function usualWindow(windows) {
  return windows.includes('24h') ? '24h' : windows[0] || '24h';
}

/**
 * Writes an address that `parse` reads back.
 * @param {State} state
 */
export function format(state) {
  const query = new URLSearchParams();
  query.set('brand', state.brand);
  query.set('window', state.window);
  if (state.map !== 'from') query.set('map', state.map);
  for (const key of [...known]) if (state.filter[key]) query.set(key, state.filter[key]);
  return `?${query}`;
}

/**
 * What a click on a point means: the list shows exactly the mentions behind
 * it. Clicking it again lets go; adding keeps what was chosen before. A point
 * of another brand chooses that brand.
 * @param {State} state
 * @param {Record<string, any>} filter as the point holds it
 * @param {boolean} [add]
 * @returns {State}
 */
export function pick(state, filter, add = false) {
  const { brand = state.brand, window, ...rest } = filter;
  /** @type {Filter} */
  const wanted = {};
  for (const [key, value] of Object.entries(rest)) {
    if (known.has(key) && value !== '' && value !== null && value !== undefined) wanted[key] = String(value);
  }
  // A point that counts another span than the page's brings it along.
  if (window && window !== state.window && !wanted.from) wanted.span = String(window);
  if (brand !== state.brand) return { ...state, brand: String(brand), filter: wanted };
  const same = Object.keys(wanted).length > 0 && covers(state.filter, wanted) && (add || covers(wanted, state.filter));
  if (same) return { ...state, filter: without(state.filter, Object.keys(wanted)) };
  return { ...state, filter: add ? { ...without(state.filter, clashing(wanted)), ...wanted } : wanted };
}

/**
 * Changes one part of the filter and keeps the others; an empty value takes it away.
 * @param {State} state
 * @param {string} key
 * @param {string} value
 * @returns {State}
 */
export function narrow(state, key, value) {
  const filter = without(state.filter, [key]);
  if (value) filter[key] = value;
  return { ...state, filter };
}

/**
 * @param {State} state
 * @returns {Chip[]}
 */
export function chips(state) {
  return groups
    .map((keys) => {
      /** @type {Filter} */
      const values = {};
      for (const key of keys) if (state.filter[key]) values[key] = state.filter[key];
      return { kind: keys[0], keys, values };
    })
    .filter((chip) => Object.keys(chip.values).length > 0);
}

/**
 * @param {State} state
 * @param {Chip} chip
 * @returns {State}
 */
export function drop(state, chip) {
  const filter = without(state.filter, chip.keys);
  // The span came with a point; without one it has no meaning.
  if (Object.keys(filter).every((k) => k === 'span')) delete filter.span;
  return { ...state, filter };
}

/**
 * The query of GET /api/v1/mentions.
 * @param {State} state
 * @param {{limit: number, cursor?: string}} page
 */
export function listQuery(state, page) {
  const query = selection(state);
  query.set('limit', String(page.limit));
  if (page.cursor) query.set('cursor', page.cursor);
  return query.toString();
}

/**
 * The same, with a story as one row, unless the list is of one story.
 * @param {State} state
 * @param {{limit: number, cursor?: string}} page
 */
export function foldedQuery(state, page) {
  return listQuery(state, page) + (state.filter.story ? '' : '&fold=story');
}

/**
 * The copies of a story among what the list shows.
 * @param {State} state
 * @param {string} story
 * @param {{limit: number, cursor?: string}} page
 */
export function copiesQuery(state, story, page) {
  return listQuery({ ...state, filter: { ...state.filter, story } }, page);
}

/**
 * The address of the whole list, as it is filtered now, to take away.
 * @param {State} state
 * @param {string} ending such as csv
 */
export function listFile(state, ending) {
  return `/api/v1/mentions.${ending}?${selection(state)}`;
}

/** What the list shows, whatever the page of it. @param {State} state */
function selection(state) {
  const { span, ...filter } = state.filter;
  const query = new URLSearchParams({ brand: state.brand });
  if (!filter.from && !filter.to) query.set('window', span || state.window);
  for (const key of Object.keys(filter).sort()) query.set(key, filter[key]);
  return query;
}

/** Whether every part of `b` stands in `a`. @param {Filter} a @param {Filter} b */
function covers(a, b) {
  return Object.keys(b).every((key) => a[key] === b[key]);
}

/** @param {Filter} filter @param {string[]} keys @returns {Filter} */
function without(filter, keys) {
  const rest = { ...filter };
  for (const key of keys) delete rest[key];
  return rest;
}

/** All keys that belong together with those of a filter. @param {Filter} filter */
function clashing(filter) {
  return groups.filter((keys) => keys.some((k) => k in filter)).flat();
}
