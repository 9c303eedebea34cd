// @ts-check
// What was said last: the newest mention of each story, and how far behind the
// world they came.

import { spotOf } from '../countries.js';
import { onePerRow } from '../rows.js';

/** So many are kept: more than any scene shows. */
export const kept = 24;
/** Latency is the median of so many live mentions. */
const weighed = 21;

export function makeRecent() {
  /** @type {any[]} newest first */
  let mentions = [];
  /** @type {number[]} */
  const shown = [];
  let live = 0;

  /** @param {any[]} more */
  function merge(more) {
    const byId = new Map(mentions.map((m) => [m.id, m]));
    for (const m of more) if (m && m.id) byId.set(m.id, m);
    mentions = onePerRow([...byId.values()].sort((a, b) => time(b) - time(a))).slice(0, kept);
  }

  return {
    /** Newest first. */
    all: () => mentions,
    /** How many came live: changes whenever there's something new to show. */
    live: () => live,
    /** @param {any[]} list as the server keeps it: what isn't in it any more is gone */
    replace(list) {
      mentions = [];
      merge(list);
    },
    /** @param {any} mention that was just said */
    add(mention) {
      live++;
      merge([mention]);
    },
    /** @param {number | null} ms from accepted to painted */
    painted(ms) {
      if (ms === null) return;
      shown.push(ms);
      if (shown.length > weighed) shown.shift();
    },
    /** When something was said last, in milliseconds; null: never. */
    last() {
      return mentions.length ? time(mentions[0]) : null;
    },
    /** @returns {{found: number | null, shown: number | null}} medians, in milliseconds */
    latency() {
      const found = mentions
        .filter((m) => !m.undated)
        .map((m) => Date.parse(m.seen) - Date.parse(m.published))
        .filter((ms) => ms >= 0 && ms < 24 * 3_600_000);
      return { found: median(found), shown: median(shown) };
    },
  };
}

/** @param {any} mention */
function time(mention) {
  return Date.parse(mention.published) || Date.parse(mention.seen) || 0;
}

/**
 * @param {number[]} list
 * @returns {number | null}
 */
function median(list) {
  if (!list.length) return null;
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

/**
 * The reading that a wall with these brands shows: of the first of them that
 * the mention speaks of.
 * @param {any} mention
 * @param {string[]} brands ids
 * @returns {{brand: string, label: string}}
 */
export function readingOf(mention, brands) {
  const readings = mention.readings || {};
  const brand = brands.find((b) => readings[b] && !readings[b].irrelevant) || brands.find((b) => readings[b]) || Object.keys(readings)[0] || '';
  return { brand, label: (brand && readings[brand].label) || 'unclear' };
}

/**
 * Where a mention stands on a map that shows all kinds of places: the most
 * telling one that is known.
 * @param {any} mention
 */
export function placeOf(mention) {
  return spotOf(mention, 'origin') || spotOf(mention, 'about') || spotOf(mention, 'from');
}
