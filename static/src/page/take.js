// @ts-check
// Taking files away: fetched first, so that what goes wrong is said on the
// page, and isn't opened in its place.
import { words } from '../words.js';
import { whyNot } from './api.js';

/**
 * Fetches a file and hands it to the browser to keep.
 * @param {string} address
 * @param {string} name of the file, where the server gives none
 * @returns {Promise<string>} the name that it got
 * @throws {Error} with a sentence for people
 */
export async function take(address, name) {
  let answer;
  try {
    answer = await fetch(address, { credentials: 'same-origin' });
  } catch {
    throw new Error(words.unreachable);
  }
  if (!answer.ok) throw new Error(await whyNot(answer));
  let blob;
  try {
    blob = await answer.blob();
  } catch {
    throw new Error(words.unreachable);
  }
  const named = nameIn(answer.headers.get('Content-Disposition') || '') || name;
  const a = document.createElement('a');
  a.href = URL.createObjectURL(blob);
  a.download = named;
  document.body.appendChild(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
  return named;
}

/** The name that a server gives a file; empty: none. @param {string} disposition */
export function nameIn(disposition) {
  const found = /filename="((?:[^"\\]|\\.)*)"|filename=([^;\s]+)/.exec(disposition);
  return found ? (found[1] !== undefined ? found[1].replace(/\\(.)/g, '$1') : found[2]) : '';
}

/**
 * Copies a text, also where the page has no right to the clipboard.
 * @param {string} text
 * @param {HTMLElement} [within] where a dialog is open, a place inside it: what is outside can't have the focus
 */
export async function copy(text, within = document.body) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not a secure page, or not allowed: the old way.
  }
  const focus = /** @type {HTMLElement | null} */ (document.activeElement);
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('class', 'unseen');
  within.appendChild(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    // Then it stays where it can be copied by hand.
  }
  area.remove();
  if (focus) focus.focus();
  return done;
}
