// @ts-check
// Why a mention was read as it was: the words that decided, tinted where they
// stand, and listed with what they weigh. Feed text is hostile: it becomes text
// nodes alone.
import { h } from '../dom.js';
import { signed } from '../format.js';
import { labels, words } from '../words.js';
import { verdict } from './corrections.js';

const longest = 600; // code points of a text shown

/**
 * Weight is the linear model's part of the score, net what the score loses in
 * the network's part without the words.
 * @typedef {{text: string, field?: string, start: number, end: number, weight: number, net?: number, kind?: string}} Reason
 */

/** What a reason does to the score. @param {Reason} r */
const pull = (r) => r.weight + (r.net || 0);

/** What a reason is called. @param {Reason} r */
const name = (r) => r.text || (r.kind === 'learned' ? words.learnedFrom : words.asAWhole);

/**
 * The reasons with a last one that holds what no word alone says, so that all
 * of them add up to the score.
 * @param {any} reading @returns {Reason[]}
 */
export function complete(reading) {
  const list = /** @type {Reason[]} */ (reading.reasons || []);
  const named = list.filter((r) => r.kind !== 'rest');
  const left = verdict(reading).score - named.reduce((sum, r) => sum + pull(r), 0);
  if (!named.length || Math.abs(left) < 0.005) return named;
  return [...named, { text: '', start: 0, end: 0, weight: left, kind: 'rest' }];
}

/**
 * What a reason is called, as an element. Stars are a picture to those who
 * listen.
 * @param {Reason} r
 */
const called = (r) => (r.kind === 'stars'
  ? h('span', { role: 'img', 'aria-label': words.stars(starsOf(r)) }, r.text)
  : h('bdi', {}, name(r)));

/** How many stars a reason is. Pure. @param {Reason} r @returns {number} */
export const starsOf = (r) => Array.from(r.text).filter((c) => c === '★').length;

/** What decided, under the text: list, confidence, method. @param {any} mention @param {any} reading */
export function why(mention, reading) {
  const list = complete(reading);
  const out = [];
  if (mention.text && mention.text !== mention.title) out.push(h('p', { class: 'text', dir: 'auto' }, ...tinted(mention.text, list, 'text')));
  if (reading.corrected) out.push(h('p', { class: 'sure' }, was(reading)));
  const strongest = strengths(list);
  out.push(list.length
    ? h('ul', { class: 'reasons' }, ...[...list].sort((a, b) => order(a) - order(b) || Math.abs(pull(b)) - Math.abs(pull(a))).map((r) =>
      h('li', { class: tint(r, strongest) }, called(r), ' ', h('b', {}, signed(pull(r) * 100)),
        r.kind && r.text && h('small', {}, words.kinds[r.kind] || r.kind))))
    : h('p', {}, words.noReasons));
  const sure = verdict(reading).confidence;
  const how = words.readBy([...new Set(list.map((r) => r.kind || '').filter((k) => k && k !== 'rest'))].map((k) => words.kinds[k] || k));
  if (sure > 0) out.push(h('p', { class: 'sure' }, `${words.confidence(sure)}, ${how}`));
  return out;
}

/** Named words first, all else last. @param {Reason} r */
const order = (r) => (r.kind === 'rest' ? 2 : r.text ? 0 : 1);

/** @param {any} reading that a person corrected */
function was(reading) {
  const { label, score } = verdict(reading);
  return words.hadRead(labels[label] ? labels[label].word : label, signed(score * 100));
}

/**
 * A text with the words that decided tinted in it.
 * @param {string} text
 * @param {Reason[]} list of the whole mention
 * @param {'title' | 'text'} field which the text is
 * @returns {Node[]}
 */
export function tinted(text, list, field) {
  const strongest = strengths(list);
  return marks(text, list, field).map((part) => (part.reason
    ? h('mark', { class: tint(part.reason, strongest), title: signed(pull(part.reason) * 100) }, part.text)
    : document.createTextNode(part.text)));
}

/**
 * Cuts a text at the words that decided. Pure.
 * @param {string} text
 * @param {Reason[]} list
 * @param {'title' | 'text'} field
 * @returns {{text: string, reason?: Reason}[]}
 */
export function marks(text, list, field) {
  const points = Array.from(text || '');
  const end = Math.min(points.length, longest);
  /** @type {{text: string, reason?: Reason}[]} */
  const out = [];
  let at = 0;
  const push = (/** @type {number} */ to) => { if (to > at) out.push({ text: points.slice(at, to).join('') }); };
  for (const r of [...list].sort((a, b) => a.start - b.start || Math.abs(pull(b)) - Math.abs(pull(a)))) {
    if (r.field ? r.field !== field : field === 'title') continue;
    // What has other words there belongs elsewhere.
    if (!(r.start >= at) || !(r.end > r.start) || r.end > end) continue;
    const said = points.slice(r.start, r.end).join('');
    if (said.toLowerCase() !== r.text.toLowerCase()) continue;
    push(r.start);
    out.push({ text: said, reason: r });
    at = r.end;
  }
  push(end);
  if (end < points.length) out.push({ text: ' …' });
  return out;
}

/** @param {Reason[]} list @returns {number} the weight that the tints are measured by */
function strengths(list) {
  return Math.max(0.05, ...list.map((r) => Math.abs(pull(r))));
}

/** Sign and strength as classes; what pulls nowhere has none. Pure. @param {Reason} reason @param {number} strongest */
export function tint(reason, strongest) {
  if (pull(reason) === 0) return 'neutral';
  const part = Math.abs(pull(reason)) / strongest;
  return `${pull(reason) < 0 ? 'negative' : 'positive'} tint-${part > 0.66 ? 3 : part > 0.33 ? 2 : 1}`;
}
