// @ts-check
// A screen that may not see anything yet shows a short code. Whoever looks
// after it types the code in at /displays, and the screen goes on by itself.

import { h, say } from '../dom.js';
import { pairing as words } from './words.js';

/** A server that gives no code is asked again after this long, in milliseconds. */
const askAgain = 10_000;
const slowest = 60_000;

/**
 * Shows a code until somebody has approved it.
 * @param {HTMLElement} body
 * @param {typeof fetch} [request]
 * @returns {Promise<void>} once the screen is paired
 */
export async function pair(body, request = (url, init) => fetch(url, init)) {
  const code = h('p', { class: 'code' });
  code.setAttribute('aria-live', 'polite');
  const open = h('p', { class: 'how' });
  const wait = h('p', { class: 'wait' });
  body.textContent = '';
  body.append(h('main', { class: 'pairing' }, h('h1', {}, words.title), code, open, wait));
  open.append(`${words.open} `, h('strong', {}, `${location.host}/displays`), ` ${words.enter}`);

  for (;;) {
    const given = await ask(request, '/api/v1/displays/pair', {});
    if (!given.body || !given.body.user_code) {
      code.textContent = '';
      say(wait, words.refused);
      await rest(askAgain);
      continue;
    }
    const { device_code, user_code, expires_in, interval } = given.body;
    show(code, user_code);
    const ends = Date.now() + expires_in * 1000;
    let every = Math.min(slowest, Math.max(1, interval || 5) * 1000);
    while (Date.now() < ends) {
      say(wait, words.validFor(ends - Date.now()));
      await rest(every);
      const { status } = await ask(request, '/api/v1/displays/poll', { device_code });
      if (status === 200) {
        say(wait, words.done);
        return;
      }
      // 202: nobody typed it in yet. Too fast: slower. No answer: the code may
      // still be good. Anything else: it isn't.
      if (status === 429) every = Math.min(slowest, every * 2);
      else if (status >= 400 && status < 500) break;
    }
  }
}

/**
 * A code in two halves, so that it can be read out.
 * @param {HTMLElement} code
 * @param {string} text
 */
function show(code, text) {
  const plain = text.replace(/[^0-9A-Za-z]/g, '');
  const half = Math.ceil(plain.length / 2);
  code.textContent = '';
  code.append(h('span', {}, plain.slice(0, half)), h('span', { class: 'unseen' }, '-'), h('span', {}, plain.slice(half)));
}

/**
 * @param {typeof fetch} request
 * @param {string} url
 * @param {object} body
 * @returns {Promise<{status: number, body: any}>} status 0: no answer
 */
async function ask(request, url, body) {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  }
}

/** @param {number} ms */
function rest(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
