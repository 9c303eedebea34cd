// @ts-check
// The mentions on the page, newest first: pages of a list from the server, and
// what comes in live on top. A story is one row: its newest mention, with the
// number of its copies. Pure; bounded.

import { rowOf } from '../rows.js';

/** As many as stand on the page before older ones make room, unless the reader asked for more. */
export const most = 200;

/**
 * @typedef {object} ListState
 * @property {any[]} mentions newest first
 * @property {any[]} held came in while the reader was busy with the list; newest first
 * @property {number} heldMore how many more were held than fit
 * @property {number | null} total behind the filter; null: not known yet
 * @property {number | null} stories that they tell, likewise
 * @property {string} next cursor of the page after; empty: that was all
 */

/** @returns {ListState} */
export function empty() {
  return { mentions: [], held: [], heldMore: 0, total: null, stories: null, next: '' };
}

/** @param {any} a @param {any} b newest first; equal times by id, so that the order is one and the same */
function newer(a, b) {
  const d = Date.parse(b.published) - Date.parse(a.published);
  return d || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** @param {any[]} a @param {any[]} b rows that are known are replaced by those of `b` */
function merge(a, b) {
  const rows = new Set(b.map(rowOf));
  return a.filter((m) => !rows.has(rowOf(m))).concat(b).sort(newer);
}

/** @param {{stories?: number}} page */
const storiesOf = (page) => (page.stories === undefined ? null : page.stories);

/**
 * The first page, asked for anew: it replaces everything.
 * @param {{mentions: any[], total: number, stories?: number, next?: string | null}} page
 * @returns {ListState}
 */
export function first(page) {
  return { mentions: [...page.mentions].sort(newer), held: [], heldMore: 0, total: page.total, stories: storiesOf(page), next: page.next || '' };
}

/**
 * A further page.
 * @param {ListState} list
 * @param {{mentions: any[], total: number, stories?: number, next?: string | null}} page
 * @returns {ListState}
 */
export function more(list, page) {
  return { ...list, mentions: merge(list.mentions, page.mentions), total: page.total, stories: storiesOf(page), next: page.next || '' };
}

/**
 * A mention came in. While the reader is busy it waits in `held`.
 * @param {ListState} list
 * @param {any} mention
 * @param {{hold: boolean, paged: boolean}} how paged: the reader loaded older ones, which stay
 * @returns {ListState}
 */
export function arrive(list, mention, { hold, paged }) {
  const known = list.mentions.some((m) => has(m, mention.id)) || list.held.some((m) => has(m, mention.id));
  if (known) {
    const swap = (/** @type {any} */ m) => (m.id === mention.id
      ? { ...mention, copies: Math.max(m.copies || 0, mention.copies || 0), folded: m.folded, readings: keepCorrected(m.readings, mention.readings) } : m);
    return { ...list, mentions: list.mentions.map(swap), held: list.held.map(swap) };
  }
  const total = list.total === null ? null : list.total + 1;
  const row = rowOf(mention);
  for (const where of /** @type {const} */ (['mentions', 'held'])) {
    const face = list[where].find((m) => rowOf(m) === row);
    if (!face) continue;
    const folded = fold(face, mention, hold && where === 'mentions');
    return { ...list, total, [where]: list[where].map((m) => (m === face ? folded : m)).sort(newer) };
  }
  const stories = list.stories === null ? null : list.stories + 1;
  if (hold) {
    const held = merge(list.held, [mention]);
    return { ...list, total, stories, held: held.slice(0, most), heldMore: list.heldMore + Math.max(0, held.length - most) };
  }
  return trim({ ...list, total, stories, mentions: merge(list.mentions, [mention]) }, paged);
}

/** Whether a row shows a mention, or has folded it. @param {any} row @param {string} id */
function has(row, id) {
  return row.id === id || (row.folded || []).includes(id);
}

/**
 * A copy joins the row of its story. The newer one is its face, unless the
 * reader is looking at it: then nothing moves.
 * @param {any} face @param {any} copy @param {boolean} still
 */
function fold(face, copy, still) {
  const next = still || newer(face, copy) <= 0 ? face : copy;
  const other = next === face ? copy : face;
  return { ...next, copies: Math.max((face.copies || 0) + 1, copy.copies || 0), folded: [...(face.folded || []), other.id].slice(-most) };
}

/**
 * A mention is streamed as it came in, which may be told again after a gap:
 * what a person set since then stands.
 * @param {any} have @param {any} told readings by brand
 */
function keepCorrected(have, told) {
  const out = { ...told };
  for (const [brand, reading] of Object.entries(have || {})) {
    if (reading.corrected && !(out[brand] && out[brand].corrected)) out[brand] = reading;
  }
  return out;
}

/**
 * Some mentions are read otherwise now. The others stay the same objects.
 * @param {ListState} list
 * @param {string} brand
 * @param {Record<string, any>} readings by the mention's id
 * @returns {ListState}
 */
export function reread(list, brand, readings) {
  const swap = (/** @type {any} */ m) => (readings[m.id] && m.readings && m.readings[brand]
    ? { ...m, readings: { ...m.readings, [brand]: readings[m.id] } } : m);
  return { ...list, mentions: list.mentions.map(swap), held: list.held.map(swap) };
}

/**
 * The reader wants what was held.
 * @param {ListState} list
 * @param {boolean} paged
 * @returns {ListState}
 */
export function release(list, paged) {
  return trim({ ...list, mentions: merge(list.mentions, list.held), held: [], heldMore: 0 }, paged);
}

/** @param {ListState} list @param {boolean} paged @returns {ListState} */
function trim(list, paged) {
  if (paged || list.mentions.length <= most) return list;
  // The cursor no longer follows the last one shown: older ones are asked for anew.
  return { ...list, mentions: list.mentions.slice(0, most), next: 'anew' };
}
