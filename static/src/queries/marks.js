// @ts-check
// Texts with what matched marked in them. Feed text is hostile: it becomes text
// nodes alone. Places count code points, as the server gives them.
import { h } from '../dom.js';

/**
 * @param {string} text
 * @param {{field: string, start: number, end: number}[]} spans in order, not overlapping
 * @param {string} field whose spans count
 * @returns {(string | HTMLElement)[]}
 */
export function marked(text, spans, field) {
  return pieces(text, spans, field).map((p) => (p.hit ? h('mark', {}, p.text) : p.text));
}

/**
 * @param {string} text @param {{field: string, start: number, end: number}[]} spans @param {string} field
 * @returns {{text: string, hit: boolean}[]}
 */
export function pieces(text, spans, field) {
  const points = Array.from(text);
  const list = [];
  let at = 0;
  for (const s of spans) {
    if (s.field !== field || s.start < at || s.end > points.length) continue;
    if (s.start > at) list.push({ text: points.slice(at, s.start).join(''), hit: false });
    list.push({ text: points.slice(s.start, s.end).join(''), hit: true });
    at = s.end;
  }
  if (at < points.length) list.push({ text: points.slice(at).join(''), hit: false });
  return list;
}

/**
 * The part of a query that a column points at: the word there, or the one
 * character.
 * @param {string} query @param {number} column from 1, in code points
 * @returns {[string, string, string]} what is before, the part itself, what is behind
 */
export function pointed(query, column) {
  const points = Array.from(query);
  const from = Math.min(Math.max(0, column - 1), points.length);
  let to = from;
  while (to < points.length && !/[\s()"]/.test(points[to])) to++;
  if (to === from) to = Math.min(points.length, from + 1);
  return [points.slice(0, from).join(''), points.slice(from, to).join(''), points.slice(to).join('')];
}

/** A query as a brand of agora.yaml. @param {{id: string, name: string}} brand @param {string} query */
export function snippet(brand, query) {
  const quoted = (/** @type {string} */ s) => `'${s.replace(/\s+/g, ' ').trim().replace(/'/g, "''")}'`;
  return `  - id: ${brand.id}\n    name: ${quoted(brand.name)}\n    query: ${quoted(query)}`;
}
