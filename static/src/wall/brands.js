// @ts-check
// The scene that sets the brands against each other: how much of what is said
// is about each, and how it feels. Numbers decide the lengths; a brand's colour
// marks its line alone.

import { count, percent } from '../format.js';
import { h, say } from '../dom.js';
import { feeling, glow } from './moods.js';
import { figure, words } from './words.js';

/** So many have room to be read from across the room. */
export const mostRows = 7;

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} name
 * @property {string} color
 * @property {number} mentions
 * @property {number} share 0…1
 * @property {number | null} mood −1…1
 */

/**
 * The brands by what is said about them, most first; pure.
 * @param {{id: string, name: string, color: string}[]} brands
 * @param {Record<string, any>} totals by brand id
 * @returns {{rows: Row[], more: number}}
 */
export function rowsOf(brands, totals) {
  const mentions = (/** @type {string} */ id) => (totals[id] ? totals[id].total.mentions : 0);
  const all = brands.reduce((sum, b) => sum + mentions(b.id), 0);
  const rows = brands.map((b) => ({
    ...b,
    mentions: mentions(b.id),
    share: all ? mentions(b.id) / all : 0,
    mood: totals[b.id] ? totals[b.id].total.mood : null,
  }));
  rows.sort((a, b) => b.mentions - a.mentions);
  return { rows: rows.slice(0, mostRows), more: Math.max(0, rows.length - mostRows) };
}

export function makeBrands() {
  const title = h('h1', { class: 'title' });
  const list = h('ol', { class: 'rows' });
  const more = h('p', { class: 'more' });
  const root = h('section', { class: 'scene brands' }, title, list, more);
  /** @type {ReturnType<typeof makeRow>[]} kept, and filled anew */
  const kept = [];

  return {
    root,
    /** @param {import('./show.js').Facts} facts */
    draw({ brands, totals, window }) {
      say(title, words.shareOf(window));
      const { rows, more: others } = rowsOf(brands, totals);
      say(more, others ? words.moreBrands(others) : '');
      const widest = Math.max(...rows.map((r) => r.share), 0.01);
      rows.forEach((row, i) => {
        if (!kept[i]) {
          kept[i] = makeRow();
          list.append(kept[i].root);
        }
        kept[i].draw(row, widest);
      });
      while (kept.length > rows.length) {
        const last = kept.pop();
        if (last) last.root.remove();
      }
    },
    type() {},
  };
}

function makeRow() {
  const name = h('span', { class: 'name' });
  const bar = h('span', { class: 'bar' });
  const share = h('span', { class: 'share' });
  const dot = h('span', { class: 'dot' });
  const axis = h('span', { class: 'axis' }, dot);
  const mood = h('span', { class: 'mood' });
  const root = h('li', {}, name, h('span', { class: 'part' }, bar, share), axis, mood);
  return {
    root,
    /**
     * @param {Row} row
     * @param {number} widest share of the rows
     */
    draw(row, widest) {
      say(name, row.name);
      root.style.setProperty('--brand', glow(row.color));
      bar.style.transform = `scaleX(${row.mentions ? Math.max(row.share / widest, 0.004) : 0})`;
      share.style.left = `${(row.share / widest) * 100}%`;
      say(share, row.mentions ? percent(row.share) : '');
      share.title = count(row.mentions);
      dot.hidden = row.mood === null;
      dot.style.left = `${50 + (row.mood || 0) * 50}%`;
      const felt = feeling(row.mood);
      dot.className = `dot ${felt}`;
      mood.className = `mood ${felt}`;
      say(mood, figure(row.mood));
    },
  };
}
