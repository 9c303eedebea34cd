// @ts-check
// Keeping the board as it is now, and handing out the link that shows it.
import { h, put, say } from '../dom.js';
import { words } from '../words.js';
import { post } from './api.js';

/** @param {{view: () => {brand: string, window: string}, login: () => string}} around login: where one logs in */
export function makeKeep({ view, login }) {
  const told = h('div', { class: 'kept-told', role: 'status' });
  const button = h('button', { type: 'button', class: 'quiet-button keep', title: words.keepHint, onclick: keep }, words.keep);
  let asked = 0; // so that an answer of a view that was left is not shown

  async function keep() {
    const mine = ++asked;
    const { brand, window } = view();
    button.disabled = true;
    put(told, words.keeping);
    try {
      const { url } = await post('/api/v1/snapshots', { brand, window });
      if (mine === asked) show(url);
    } catch (problem) {
      const { message, status } = /** @type {{message: string, status?: number}} */ (problem);
      const denied = status === 401 || status === 403;
      if (mine === asked) put(told, h('span', { class: 'refused' }, words.notKept(message)), denied && ' ', denied && h('a', { class: 'link', href: login() }, words.logIn));
    } finally {
      button.disabled = false;
    }
  }

  /** @param {string} url */
  function show(url) {
    const link = h('a', { class: 'link', href: url }, url);
    const copied = h('span');
    const copy = h('button', { type: 'button', class: 'quiet-button', onclick: async () => say(copied, (await toClipboard(url, link)) ? words.copied : words.copyByHand) }, words.copyLink);
    put(told, h('span', {}, words.kept), ' ', link, copy, copied);
  }

  return {
    button,
    told,
    /** Forgets what was said of another view. */
    clear() {
      asked++;
      put(told);
    },
  };
}

/**
 * Copies a text. Where a browser has no clipboard for pages, as without https,
 * the old way may do; else the link is left selected.
 * @param {string} text
 * @param {HTMLElement} el that shows it
 */
async function toClipboard(text, el) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const selection = /** @type {Selection} */ (getSelection());
    selection.selectAllChildren(el);
    try {
      return document.execCommand('copy');
    } catch {
      return false;
    }
  }
}
