// @ts-check
// Which sources the panel lists, and in which order. Pure.
import { inTrouble, kindOf, kinds, sourceWords } from '../source-words.js';

/** @type {Record<string, number>} what needs a look comes first */
const ranks = { failing: 1, 'not-a-feed': 1, gone: 1, waiting: 2, quiet: 3, moved: 4, paused: 5, new: 6, fine: 7 };

/** @param {any} s */
const rank = (s) => (inTrouble(s) ? 0 : ranks[kindOf(s)]);

/**
 * Trouble first, those that carry most ahead within each kind, then by name.
 * @param {any[]} sources
 */
export function inOrder(sources) {
  return [...sources].sort((a, b) => rank(a) - rank(b) || (b.share || 0) - (a.share || 0)
    || (a.name || a.id).localeCompare(b.name || b.id) || (a.id < b.id ? -1 : 1));
}

/** Whether a source should be looked at, or may be. @param {any} s */
export const needsALook = (s) => inTrouble(s) || ['failing', 'not-a-feed', 'gone', 'moved', 'quiet'].includes(kindOf(s));

/** Without case and accents, as people type. @param {string} text */
const folded = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();

/**
 * Those whose name, address or state has all of the words.
 * @param {any[]} sources
 * @param {{query?: string, trouble?: boolean, now: number, zone: string}} wish
 */
export function chosen(sources, { query = '', trouble = false, now, zone }) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return inOrder(sources).filter((s) => {
    if (trouble && !needsALook(s)) return false;
    if (!words.length) return true;
    const text = folded([s.name, s.title, s.id, s.url, kinds[kindOf(s)].word, sourceWords(s, now, zone)].filter(Boolean).join(' '));
    return words.every((w) => text.includes(w));
  });
}

/**
 * Where outages lie in the last days: parts of the whole, 0…1, the oldest
 * first.
 * @param {any} s
 * @param {number} now
 * @param {number} days
 * @returns {{marks: {from: number, to: number}[], lost: number}} lost: milliseconds
 */
export function strip(s, now, days) {
  const length = days * 86_400_000;
  const begin = now - length;
  let lost = 0;
  const marks = [];
  for (const o of s.outages || []) {
    const from = Math.max(Date.parse(o.from), begin);
    const to = Math.min(o.to ? Date.parse(o.to) : now, now);
    if (!(to > from)) continue;
    lost += to - from;
    marks.push({ from: (from - begin) / length, to: (to - begin) / length });
  }
  return { marks: marks.reverse(), lost };
}

/** @param {string} url what people know an address by */
export function hostOf(url) {
  const m = /^https?:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(url || '');
  return m ? m[1].replace(/^www\./, '') : '';
}
