// @ts-check
// One line at the foot of the wall: what was said last. A new one comes at
// once, but not faster than it can be read; when nothing is new, the last few
// come by again.

import { countryName } from '../countries.js';
import { h, say } from '../dom.js';
import { readingOf } from './recent.js';
import { ago, sign as signOf } from './words.js';

/** A mention stands at least this long, in milliseconds. */
export const readable = 3_500;
/** When nothing is new, the next comes after this long. */
export const unhurried = 12_000;
/** So many come by again. */
const circle = 6;

/**
 * Which mention of the newest is on: pure, so that it can be tested.
 * @typedef {{id: string, since: number, live: number}} Standing
 * @param {Standing} standing
 * @param {any[]} mentions newest first
 * @param {number} live how many ever came live
 * @param {number} now
 * @returns {Standing}
 */
export function nextStanding(standing, mentions, live, now) {
  if (!mentions.length) return { id: '', since: now, live };
  const at = mentions.findIndex((m) => m.id === standing.id);
  if (at < 0) return { id: mentions[0].id, since: now, live };
  const stood = now - standing.since;
  if (live !== standing.live && stood >= readable) return { id: mentions[0].id, since: now, live };
  if (stood >= unhurried) return { id: mentions[(at + 1) % Math.min(circle, mentions.length)].id, since: now, live: standing.live };
  return standing;
}

/**
 * @param {object} options
 * @param {ReturnType<typeof import('./recent.js').makeRecent>} options.recent
 * @param {(id: string) => string} options.nameOf a brand's name; empty when there's only one
 * @param {() => string[]} options.brands
 */
export function makeTicker({ recent, nameOf, brands }) {
  const sign = h('span', { class: 'sign' });
  const title = h('span', { class: 'title', dir: 'auto' });
  const about = h('span', { class: 'about' });
  const line = h('p', { class: 'line' }, sign, title, about);
  const root = h('div', { class: 'ticker' }, line);
  /** @type {Standing} */
  let standing = { id: '', since: 0, live: 0 };

  /** @param {number} now */
  function tick(now) {
    const next = nextStanding(standing, recent.all(), recent.live(), now);
    const changed = next.id !== standing.id;
    standing = next;
    const mention = recent.all().find((m) => m.id === standing.id);
    root.classList.toggle('empty', !mention);
    if (!mention) return;
    const { brand, label } = readingOf(mention, brands());
    const text = mention.title || mention.text || mention.url;
    // A title that names the brand needs no help.
    const name = text.includes(nameOf(brand)) ? '' : nameOf(brand);
    say(about, [name, mention.outlet, ago(now - (Date.parse(mention.published) || now))].filter(Boolean).join(' · '));
    if (!changed) return;
    say(title, text);
    say(sign, signOf(label));
    sign.className = `sign ${label}`;
    // The one movement: the new line comes up.
    line.classList.remove('comes');
    void line.offsetWidth;
    line.classList.add('comes');
  }

  return { root, tick };
}

/** @param {any} mention */
export function countryOf(mention) {
  const places = mention.places || {};
  return places.from && places.from.country ? countryName(places.from.country) : '';
}
