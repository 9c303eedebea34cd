// @ts-check
// Keeping the board as it is now, and handing out the link that shows it.
import { h, put, say } from '../dom.js';
import { words } from '../words.js';
import { post } from './api.js';
import { copy } from './take.js';

/** @param {{view: () => {brand: string, window: string}, login: () => string}} around login: where one logs in */
export function makeKeep({ view, login }) {
  const told = h('div', { class: 'kept-told', role: 'status' });
  const button = h('button', { type: 'button', class: 'quiet-button keep', title: words.keepHint, onclick: keep }, words.keep);
  let asked = 0; // so that an answer of a view that was left is not shown

  async function keep() {
    if (button.getAttribute('aria-disabled') === 'true') return; // it keeps the focus
    const mine = ++asked;
    const { brand, window } = view();
    button.setAttribute('aria-disabled', 'true');
    put(told, words.keeping);
    try {
      const { url } = await post('/api/v1/snapshots', { brand, window });
      if (mine === asked) show(url);
    } catch (problem) {
      const { message, status } = /** @type {{message: string, status?: number}} */ (problem);
      const denied = status === 401 || status === 403;
      if (mine === asked) put(told, h('span', { class: 'refused' }, words.notKept(message)), denied && ' ', denied && h('a', { class: 'link', href: login() }, words.logIn));
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  /** @param {string} url */
  function show(url) {
    const link = h('a', { class: 'link', href: url }, url);
    const copied = h('span');
    const toCopy = h('button', { type: 'button', class: 'quiet-button', onclick: () => copyLink(url, link, copied) }, words.copyLink);
    put(told, h('span', {}, words.kept), ' ', link, toCopy, copied);
  }

  /** @param {string} url @param {HTMLElement} link @param {HTMLElement} copied */
  async function copyLink(url, link, copied) {
    const done = await copy(url);
    if (!done) /** @type {Selection} */ (getSelection()).selectAllChildren(link);
    say(copied, done ? words.copied : words.copyByHand);
  }

  return {
    button,
    told,
    /** Says something of the view that is shown. @param {...any} what */
    tell(...what) {
      asked++;
      put(told, ...what);
    },
    /** Forgets what was said of another view. */
    clear() {
      asked++;
      put(told);
    },
  };
}
