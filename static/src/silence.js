// @ts-check
// When nothing moves on a screen, it says why. Four silences are told apart:
// the link is down; ingest has stopped; sources fail; nobody said anything.

import { nameWord, shareWords, stoppedWords } from './source-words.js';
import { clockTime, span } from './time-words.js';

/** @typedef {'link' | 'ingest' | 'sources' | 'quiet'} SilenceKind */

/**
 * @typedef {object} Silence
 * @property {SilenceKind | 'none'} kind none: all is well, and there's something to see
 * @property {string} sentence empty for none
 * @property {number | null} since server time in milliseconds, where it is known
 * @property {boolean} stale what is on the screen may be old: take its colour away
 * @property {string[]} also further sentences, less urgent ones
 */

/** A link that is back within this long was never worth a word, in milliseconds. */
export const linkGrace = 5_000;
/** Nobody talking is noticed after this long. */
export const quietAfter = 10 * 60_000;

/**
 * Says which silence there is, the gravest first.
 * @param {object} facts
 * @param {{state: string, since: number}} facts.link as the stream tells it
 * @param {any} [facts.status] the last status event
 * @param {number | string | null} [facts.lastMention] when something was said last; null: never yet
 * @param {number} facts.now server time in milliseconds
 * @param {string} [facts.timezone] of the clock in the sentences
 * @returns {Silence}
 */
export function silence({ link, status, lastMention = null, now, timezone = 'UTC' }) {
  const found = [
    linkSilence(link, now, timezone),
    ingestSilence(status, now, timezone),
    sourcesSilence(status, now, timezone),
    quietSilence(lastMention, now),
  ].filter((s) => s !== null);
  if (!found.length) return { kind: 'none', sentence: '', since: null, stale: false, also: [] };
  const [first, ...rest] = found;
  // Behind a lost link, whatever else was known is old news itself.
  const also = first.kind === 'link' ? [] : rest.map((s) => s.sentence);
  return { ...first, stale: first.kind === 'link' || first.kind === 'ingest', also };
}

/** @typedef {{kind: SilenceKind, sentence: string, since: number | null}} Found */

/**
 * @param {{state: string, since: number}} link
 * @param {number} now
 * @param {string} timezone
 * @returns {Found | null}
 */
function linkSilence(link, now, timezone) {
  if (link.state === 'up' || link.state === 'paused') return null;
  if (now - link.since < linkGrace) return null;
  return { kind: 'link', sentence: `No link since ${clockTime(link.since, now, timezone)}`, since: link.since };
}

/**
 * @param {any} status
 * @param {number} now
 * @param {string} timezone
 * @returns {Found | null}
 */
function ingestSilence(status, now, timezone) {
  if (!status) return null;
  const { ingest, redis } = status;
  if (redis && redis.state === 'down') {
    const since = time(redis.since);
    return { kind: 'ingest', sentence: `Counting stopped${at(since, now, timezone)}: the store doesn’t answer`, since };
  }
  if (ingest && ingest.state === 'down') {
    const since = time(ingest.since);
    return { kind: 'ingest', sentence: `Ingest stopped${at(since, now, timezone)}`, since };
  }
  return null;
}

/** Sources that stopped are worth a word when they carry more than this part of what is heard, or are more than this part of all. */
const worthAWord = 0.1;
/** Characters of a source's name, so that the sentence stays on its line. */
const longestName = 32;

/**
 * @param {number} failing
 * @param {number} total
 * @param {number} share of what is heard, 0…1
 */
function matters(failing, total, share) {
  return failing > 0 && (failing >= total || failing > total * worthAWord || share > worthAWord);
}

/**
 * @param {any} status
 * @param {number} now
 * @param {string} timezone
 * @returns {Found | null}
 */
function sourcesSilence(status, now, timezone) {
  const sources = status && status.sources;
  if (!sources || !(sources.failing > 0)) return null;
  const { failing, total, worst } = sources;
  const share = sources.share || 0;
  if (!matters(failing, total, share)) return null;
  const heard = share >= 0.005 ? ` (${shareWords(share)})` : '';
  const since = worst ? time(worst.since) : null;
  if (worst && total === 1) return { kind: 'sources', sentence: `The only source, ${nameWord(worst.name, longestName)}, ${stoppedWords(worst, now, timezone)}`, since };
  if (failing === total) return { kind: 'sources', sentence: total === 1 ? 'The only source is failing' : `All ${total} sources are failing`, since: null };
  // The others go unnamed when they alone would not be worth a word.
  if (worst && (failing === 1 || (worst.share > worthAWord && !matters(failing - 1, total, share - worst.share)))) {
    const own = worst.share >= 0.005 ? ` (${shareWords(worst.share)})` : '';
    return { kind: 'sources', sentence: `${nameWord(worst.name, longestName)} ${stoppedWords(worst, now, timezone)}${own}`, since };
  }
  return { kind: 'sources', sentence: `${failing} of ${total} sources failing${heard}`, since: null };
}

/**
 * @param {number | string | null} last
 * @param {number} now
 * @returns {Found | null}
 */
function quietSilence(last, now) {
  const since = time(last);
  if (since === null) return { kind: 'quiet', sentence: 'Quiet: nothing has been said yet', since: null };
  if (now - since < quietAfter) return null;
  return { kind: 'quiet', sentence: `Quiet: nobody said anything for ${span(now - since)}`, since };
}

/**
 * @param {number | null} since
 * @param {number} now
 * @param {string} timezone
 */
function at(since, now, timezone) {
  return since === null ? '' : ` at ${clockTime(since, now, timezone)}`;
}

/**
 * @param {number | string | null | undefined} t
 * @returns {number | null}
 */
function time(t) {
  if (t === null || t === undefined || t === '') return null;
  const ms = typeof t === 'number' ? t : Date.parse(t);
  // A zero time of the server's says that it isn't known.
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
