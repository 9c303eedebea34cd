// @ts-check
// What the pages of whoever looks after the screens say to the server, and how
// they show what it says.

import { say } from './dom.js';

/**
 * Asks the server.
 * @param {string} path
 * @param {{method?: string, body?: object}} [wish]
 * @returns {Promise<{ok: boolean, status: number, body: any, why: string}>} why: a sentence, when it isn't ok
 */
export async function ask(path, { method = 'GET', body } = {}) {
  try {
    const answer = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: body ? { 'Content-Type': 'application/json', Accept: 'application/json' } : { Accept: 'application/json' },
      body: body ? JSON.stringify(body) : undefined,
    });
    const given = await answer.json().catch(() => null);
    const why = answer.ok ? '' : (given && (given.detail || given.title)) || `The server answered ${answer.status}.`;
    return { ok: answer.ok, status: answer.status, body: given, why };
  } catch {
    return { ok: false, status: 0, body: null, why: 'Agora can’t be reached. Try again in a moment.' };
  }
}

/**
 * Shows how it went.
 * @param {Element} where
 * @param {string} sentence
 * @param {boolean} [wrong]
 */
export function tell(where, sentence, wrong = false) {
  where.classList.toggle('wrong', wrong);
  say(where, sentence);
}

/**
 * An element that the page has.
 * @param {string} id
 * @returns {any}
 */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
