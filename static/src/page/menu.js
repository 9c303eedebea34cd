// @ts-check
// A button that opens a short list of things to take away, and says how the
// taking went.
import { h, icon, put, say } from '../dom.js';
import { words } from '../words.js';
import { take } from './take.js';

/**
 * @typedef {object} Entry
 * @property {string} text
 * @property {() => string} [href] of a file to take away
 * @property {() => string} [file] its name, where the server gives none
 * @property {() => (Promise<string> | void)} [run] does something else; what it gives is said
 */

const saidFor = 6_000; // ms that a good end is to be read

/**
 * @param {string} label what a screen reader says of the button
 * @param {() => Entry[]} entries asked for each time it opens; never none
 */
export function makeMenu(label, entries) {
  const list = h('ul', { class: 'menu', hidden: true });
  const button = h('button', { type: 'button', class: 'round', 'aria-expanded': 'false', 'aria-label': label, title: label },
    icon('M8 2v8M4.800 7 8 10.200 11.200 7M3 13.500h10'));
  // It is there before it says anything, or screen readers would miss it.
  const said = h('p', { class: 'menu-said', role: 'status' });
  /** @type {HTMLElement[]} */
  let items = [];
  let turn = 0;

  /** @param {string} text @param {boolean} [wrong] */
  function tell(text, wrong = false) {
    const mine = ++turn;
    said.classList.toggle('wrong', wrong);
    say(said, text);
    return () => { if (mine === turn) tell(''); };
  }

  /** @param {Entry} entry */
  async function follow(entry) {
    try {
      if (entry.href) {
        tell(words.taking(entry.text));
        setTimeout(tell(words.taken(await take(entry.href(), entry.file ? entry.file() : ''))), saidFor);
      } else if (entry.run) {
        const end = await entry.run();
        if (end) setTimeout(tell(end), saidFor);
      }
    } catch (problem) {
      tell(words.notTaken(entry.text, /** @type {Error} */ (problem).message), true);
    }
  }

  /** @param {Entry} entry */
  function make(entry) {
    // An address is as fresh as the moment it is offered.
    const el = entry.href
      ? h('a', { href: entry.href(), download: entry.file ? entry.file() : '' }, entry.text)
      : h('button', { type: 'button' }, entry.text);
    el.addEventListener('click', (/** @type {any} */ e) => {
      // With a key held down, the link is the browser's own business.
      if (entry.href && (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey)) return;
      e.preventDefault();
      show(false);
      button.focus();
      follow(entry);
    });
    return el;
  }

  /** @param {boolean} open */
  function show(open) {
    if (open) {
      tell('');
      items = entries().map(make);
      put(list, ...items.map((el) => h('li', {}, el)));
    }
    list.hidden = !open;
    // Another one, that was open until now, closes only afterwards.
    document.body.classList.toggle('menu-open', Boolean(document.querySelector('.menu:not([hidden])')));
    button.setAttribute('aria-expanded', String(open));
    if (open) items[0].focus();
  }

  const root = h('div', { class: 'with-menu' }, button, list, said);
  button.addEventListener('click', () => show(list.hidden !== false));
  root.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && list.hidden) tell('');
    if (list.hidden) return;
    const at = items.findIndex((el) => el === document.activeElement);
    const to = e.key === 'ArrowDown' ? at + 1 : e.key === 'ArrowUp' ? at - 1 : e.key === 'Home' ? 0 : e.key === 'End' ? items.length - 1 : null;
    if (to !== null) {
      e.preventDefault();
      items[(to + items.length) % items.length].focus();
    }
    if (e.key === 'Escape') {
      e.preventDefault();
      show(false);
      button.focus();
    }
  });
  root.addEventListener('focusout', (e) => {
    if (!list.hidden && !root.contains(/** @type {Node | null} */ (e.relatedTarget))) show(false);
  });
  return root;
}
