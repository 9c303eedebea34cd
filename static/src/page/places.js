// @ts-check
// Where a mention is about, from whom and from where, and how that was found:
// one by one, and for a country on the map. Pure.
import { placeMethods } from '../words.js';

/** @typedef {'about' | 'from' | 'origin'} Kind */
/** @typedef {{country?: string, place?: string, evidence?: string, confidence?: number, method?: string}} Place */

const mostReasons = 6;

/** The places of one kind. Pure. @param {any} mention @param {Kind} kind @returns {Place[]} */
export function placesOf(mention, kind) {
  const places = mention.places || {};
  const list = kind === 'about' ? places.about || [] : [places[kind]];
  return list.filter((/** @type {any} */ p) => p && p.country);
}

/** How a place was found, in words. Pure. @param {Place} place @returns {string} */
export function howFound(place) {
  const words = placeMethods[place.method || ''];
  return words ? words(place.evidence || '') : place.evidence || '';
}

/**
 * Why a country is on the map: how often each reason stands among mentions,
 * the most frequent first. Pure.
 * @param {any[]} mentions
 * @param {Kind} kind
 * @param {string} code of the country
 * @returns {{mentions: number, reasons: {how: string, n: number, sure: number}[], others: number}} others: reasons left out
 */
export function whyHere(mentions, kind, code) {
  /** @type {Map<string, {how: string, n: number, sure: number}>} */
  const found = new Map();
  let n = 0;
  for (const mention of mentions) {
    const place = placesOf(mention, kind).find((p) => p.country === code);
    if (!place) continue;
    n += 1;
    const how = howFound(place);
    const have = found.get(how) || { how, n: 0, sure: 0 };
    have.n += 1;
    have.sure = Math.max(have.sure, place.confidence || 0);
    found.set(how, have);
  }
  const all = [...found.values()].sort((a, b) => b.n - a.n || b.sure - a.sure || (a.how < b.how ? -1 : 1));
  return { mentions: n, reasons: all.slice(0, mostReasons), others: Math.max(0, all.length - mostReasons) };
}
