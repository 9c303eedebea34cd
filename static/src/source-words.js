// @ts-check
// What page and wall say of a source, in one place. The API says the same
// (mood/source_say.go); both are held to mood/testdata/source_words.json.

import { count, percent } from './format.js';
import { clockTime, span } from './time-words.js';

/** @typedef {'fine' | 'quiet' | 'new' | 'waiting' | 'failing' | 'not-a-feed' | 'gone' | 'moved' | 'paused'} Kind */

/**
 * How a source does at a glance: a word and a drawing of strokes on a 16 × 16
 * grid, so that no colour has to say it. `quiet` is a feed that answers and
 * publishes nothing.
 * @type {Record<Kind, {word: string, path: string}>}
 */
export const kinds = {
  fine: { word: 'Fine', path: 'M3 8.500l3.200 3.200L13 5' },
  quiet: { word: 'Quiet', path: 'M13.500 9.800A5.800 5.800 0 1 1 6.300 2.600a4.800 4.800 0 0 0 7.200 7.200z' },
  new: { word: 'New', path: 'M8 3v10M3 8h10' },
  waiting: { word: 'Waiting', path: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 1 0 0-11M8 5v3.200l2 1.300' },
  failing: { word: 'Failing', path: 'M8 2.500l6 10.500H2zM8 6.500v3M8 11.200v.1' },
  'not-a-feed': { word: 'Not a feed', path: 'M4 2.500h5.500L12 5v8.500H4zM6 8l4 4M10 8l-4 4' },
  gone: { word: 'Gone', path: 'M4 4l8 8M12 4l-8 8' },
  moved: { word: 'Moved', path: 'M3 8h9.500M9 4.500L12.500 8 9 11.500' },
  paused: { word: 'Paused', path: 'M5.500 3.500v9M10.500 3.500v9' },
};

/** @param {any} s @returns {Kind} */
export function kindOf(s) {
  if ((s.state === 'fine' || s.state === 'moved') && s.silent_since) return 'quiet';
  return s.state in kinds ? s.state : 'failing';
}

/** Whether a source is in an outage: a single failed poll is none. @param {any} s */
export function hasStopped(s) {
  return Boolean(s.outages && s.outages.length && !s.outages[0].to);
}

/** Whether somebody should look at a source. @param {any} s */
export function inTrouble(s) {
  return hasStopped(s) || ((s.state === 'failing' || s.state === 'not-a-feed' || s.state === 'gone') && !s.last_success);
}

/**
 * A name as it can stand within a sentence: on one line, not too long, and
 * with no say in the direction of what stands around it.
 * @param {string} name
 * @param {number} [most] characters
 */
export function nameWord(name, most = 48) {
  const plain = [...String(name).replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, ' ').trim()];
  return `\u2068${plain.length > most ? `${plain.slice(0, most - 1).join('').trim()}…` : plain.join('')}\u2069`;
}

/**
 * The state of a source in a short sentence, such as "unreachable since 14:05".
 * @param {any} s as GET /api/v1/sources has it
 * @param {number} now
 * @param {string} zone
 */
export function sourceWords(s, now, zone) {
  const at = (/** @type {string} */ t) => clockTime(Date.parse(t), now, zone);
  const since = s.since ? ` since ${at(s.since)}` : '';
  switch (s.state) {
    case 'new': return 'not asked yet';
    case 'paused': return 'paused';
    case 'waiting': return s.next_poll ? `asked to slow down until ${at(s.next_poll)}` : `asked to slow down${since}`;
    case 'gone': return 'gone: taken down for good';
    case 'not-a-feed': return s.last_error ? `not a feed: ${s.last_error.split('. ')[0]}` : `not a feed${since}`;
    case 'failing': return troubleWord(s) + since;
    case 'moved': return s.moved_to ? `moved to ${s.moved_to}` : 'moved';
  }
  if (s.silent_since) return `no new item for ${longSpan(now - Date.parse(s.silent_since))}, usually ${rate(s.usual_per_day)}`;
  if (s.kind === 'push' || !s.last_success) return 'fine';
  return s.today ? `fine: ${count(s.today)} new in 24 h` : 'fine: nothing new in 24 h';
}

/** @param {any} s */
function troubleWord(s) {
  const status = s.last_status || 0;
  switch (s.trouble) {
    case 'unreachable': return 'unreachable';
    case 'unreadable': return 'can’t be read';
    case 'forbidden': return 'not allowed to be asked';
    case 'undelivered': return 'its items can’t be stored';
    case 'refused':
      if (status === 401) return 'wants a login';
      if (status === 403) return 'refuses us';
      if (status === 404) return 'not found at its address';
      if (status === 410) return 'says that it is gone';
      if (status >= 500) return `broken on its side (${status})`;
      if (status > 0) return `answers with an error (${status})`;
  }
  return 'failing';
}

/**
 * What a source that stopped does, after its name: "has been unreachable since
 * 14:05".
 * @param {any} s
 * @param {number} now
 * @param {string} zone
 */
export function stoppedWords(s, now, zone) {
  const at = (/** @type {string} */ t) => clockTime(Date.parse(t), now, zone);
  const since = s.since ? ` since ${at(s.since)}` : '';
  const status = s.last_status || 0;
  switch (s.state) {
    case 'waiting': return s.next_poll ? `asks us to wait until ${at(s.next_poll)}` : 'asks us to wait';
    case 'gone': return 'is gone for good';
    case 'not-a-feed': return `has not been a feed${since}`;
  }
  switch (s.trouble) {
    case 'unreachable': return `has been unreachable${since}`;
    case 'unreadable': return `has been unreadable${since}`;
    case 'refused':
      if (status === 401) return `has wanted a login${since}`;
      if (status === 403) return `has refused us${since}`;
      if (status === 404) return `has not been found${since}`;
      if (status >= 500) return `has been broken${since}`;
  }
  return `has been failing${since}`;
}

/** How much of all that is heard a source carries. @param {number} share 0…1 */
export function shareWords(share) {
  return `${percent(share)} of what we hear`;
}

/** @param {number} ms */
function longSpan(ms) {
  const days = Math.floor(ms / 86_400_000);
  return days >= 1000 ? `${count(days)} days` : span(ms);
}

/** @param {number} perDay */
function rate(perDay) {
  if (perDay >= 0.95) return `${count(perDay)} a day`;
  return perDay > 0 ? `one in ${Math.round(1 / perDay)} days` : 'few';
}

/** How a source is known: what the panel of sources says beside each. */
export const sourceFacts = {
  shareOf: 'Of the mentions of all brands in the last 7 days, or in the 7 days before it stopped',
  answered: (/** @type {string} */ ago) => `answered ${ago}`,
  neverAnswered: 'has never answered',
  newest: (/** @type {string} */ ago) => `newest item ${ago}`,
  perDay: (/** @type {string} */ n) => `about ${n} a day`,
  next: (/** @type {string} */ soon) => `asked again ${soon}`,
  every: (/** @type {string} */ t) => `every ${t}`,
  tooOld: (/** @type {string} */ n) => `${n} older than 90 days, not counted`,
  pushes: 'pushes when it has something',
  hub: (/** @type {string} */ hub) => `pushed by the hub ${hub}`,
  outages: (/** @type {number} */ n, /** @type {string} */ days, /** @type {string} */ all) =>
    (n === 1 ? `One outage in ${days}, ${all}` : `${n} outages in ${days}, ${all} in all`),
  nothingToDo: 'Its host asked for this pause; there is nothing to do.',
};

/** What the panel itself says. */
export const sourcePanel = {
  title: 'Sources',
  hint: 'What Agora reads, and how each one does. A name lists what came from it.',
  search: 'Find a source',
  all: (/** @type {string} */ n) => `All ${n}`,
  trouble: (/** @type {string} */ n) => `Needs a look ${n}`,
  noTrouble: 'Nothing needs a look.',
  noneFound: 'No source is like this.',
  list: (/** @type {string} */ name) => `List what came from ${name}`,
  open: (/** @type {string} */ name) => `Open the address of ${name}`,
  emptyTitle: 'No source is set up yet',
  empty: 'Add feeds under sources: in agora.yaml. Agora reads the file again by itself.',
  emptyFind: 'This finds the feeds of a web page:',
  emptyPush: 'Or push mentions to it:',
};
