// @ts-check
// Sentences and addresses of the screens' pages; free of the browser.

import { span } from './time-words.js';

/** A screen that hasn't been heard of for this long may be off, in milliseconds. */
const away = 10 * 60_000;

/**
 * Where to go after the login: only to a place on this server.
 * @param {string} search of the address, such as ?next=%2Fdisplays
 */
export function destination(search) {
  const next = new URLSearchParams(search).get('next') || '/';
  // "//elsewhere" and "/\elsewhere" are other servers to a browser.
  return /^\/(?![/\\])/.test(next) && !/[\u0000-\u001f\\]/.test(next) ? next : '/';
}

/**
 * A code as people type it, with the dash where the screen has it.
 * @param {string} typed
 */
export function tidyCode(typed) {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 8);
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}

/**
 * How a screen does.
 * @param {{wall: string, last_seen: string}} screen
 * @param {number} now
 * @returns {{text: string, away: boolean}}
 */
export function describe(screen, now) {
  const since = now - Date.parse(screen.last_seen);
  const wall = screen.wall ? `wall ${screen.wall}` : 'first wall';
  // Signs of life are written down once a minute.
  if (!Number.isFinite(since) || since < 2 * 60_000) return { text: `${wall} · on now`, away: false };
  return { text: `${wall} · last seen ${span(since)} ago`, away: since > away };
}

export const words = {
  paired: (/** @type {string} */ name) => `${name} is paired, and goes on by itself.`,
  revoke: 'Unpair',
  revokeOf: (/** @type {string} */ name) => `Unpair ${name}`,
  sure: 'Unpair it',
  keep: 'Keep it',
  revoked: (/** @type {string} */ name) => `${name} is paired no longer.`,
};
