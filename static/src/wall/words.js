// @ts-check
// What the wall and the pairing screen say, in one place.

import { count, signed } from '../format.js';
import { span, wait } from '../time-words.js';
import { labels, windows } from '../words.js';

/**
 * A mood as a figure: −1…1 is −100…+100, with its sign.
 * @param {number | null | undefined} mood
 */
export function figure(mood) {
  return mood === null || mood === undefined || !Number.isFinite(mood) ? '–' : signed(mood * 100);
}

/**
 * @param {number} n
 * @param {string} window
 */
export function mentionsIn(n, window) {
  return `${count(n)} ${n === 1 ? 'mention' : 'mentions'} in ${windowSpan(window)}`;
}

/**
 * A sentence without the figures in it, where they stand beside it.
 * @param {string} sentence such as "Nokia is liked more than the day before: +31 (+12), 1,204 mentions."
 * @param {number | null} mood
 */
export function headline(sentence, mood) {
  const at = sentence.lastIndexOf(`: ${figure(mood)}`);
  return at > 0 ? `${sentence.slice(0, at)}.` : sentence;
}

/**
 * How the mood changed; empty: there's too little to compare it with.
 * @param {any} total of one brand
 * @param {string} window
 */
export function changed(total, window) {
  const { change, before } = total;
  return typeof change === 'number' && before.mentions >= enough ? `${figure(change)} on the ${befores[window] || 'window before'}` : '';
}

/** @type {Record<string, string>} */
const befores = { '1h': 'hour before', '24h': 'day before', '7d': 'week before', '30d': '30 days before', '90d': '90 days before' };

/** Below so many mentions nothing is compared. */
const enough = 10;

/** @param {string} window */
export function windowSpan(window) {
  return windows[window] || window;
}

/**
 * A label's sign: colour is never alone.
 * @param {string} label
 */
export function sign(label) {
  return labels[label] ? labels[label].sign : '?';
}

/**
 * How far behind the world the screen is.
 * @param {number | null} found from publication to acceptance, in milliseconds
 * @param {number | null} shown from acceptance to paint
 */
export function latency(found, shown) {
  const parts = [];
  if (found !== null) parts.push(`found after ${span(found)}`);
  if (shown !== null) parts.push(`shown in ${wait(shown)}`);
  const said = parts.join(', ');
  return said && said[0].toUpperCase() + said.slice(1);
}

/** @param {number} ms */
export function ago(ms) {
  return ms < 5_000 ? 'just now' : `${span(ms)} ago`;
}

/** @param {string[]} names */
export function listed(names) {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

export const words = {
  demo: 'Demo: made-up data',
  share: 'of what is said',
  shareOf: (/** @type {string} */ window) => `Share of what is said, and mood, in the last ${windowSpan(window)}`,
  moreBrands: (/** @type {number} */ n) => `and ${n} more`,
  said: 'What is being said',
  topics: 'Talked about',
  listening: 'Listening for',
  nothingYet: (/** @type {string} */ window) =>
    `Nothing has been said in the last ${windowSpan(window)}. The next mention appears here by itself.`,
  /** @param {number} total sources @param {number} mute those that were asked and never answered */
  firstStart: (total, mute) => {
    const comes = 'The first mention appears here by itself.';
    if (!(total > 0)) return comes;
    if (mute >= total) {
      return total === 1
        ? 'The only source doesn’t answer. Agora keeps asking.'
        : `None of the ${count(total)} sources answers. Agora keeps asking.`;
    }
    if (mute > 0) return `${count(total - mute)} of ${count(total)} sources are being read. ${comes}`;
    return `${total === 1 ? 'One source is' : `${count(total)} sources are`} being read. ${comes}`;
  },
  noBrand: 'No brand is watched yet',
  noBrandHelp: 'Add one under “brands” in agora.yaml; this screen goes on by itself.',
  starting: 'Waiting for Agora',
  startingHelp: (/** @type {string} */ host) => `${host} doesn’t answer yet. This screen goes on by itself.`,
  opening: 'One moment',
};

export const pairing = {
  title: 'Pair this screen',
  open: 'On your computer, open',
  enter: 'and enter this code.',
  validFor: (/** @type {number} */ ms) => `A new code follows in ${span(ms)}.`,
  refused: 'This server gives out no codes now. It is asked again in a moment.',
  done: 'Paired',
};
