// @ts-check
// A button that opens a short list of things to take away.
import { h, icon, put } from '../dom.js';

/** @typedef {{text: string, href?: () => string, run?: () => void, file?: () => string}} Entry */

/**
 * @param {string} label what a screen reader says of the button
 * @param {() => Entry[]} entries asked for each time it opens; never none
 */
export function makeMenu(label, entries) {
  const list = h('ul', { class: 'menu', hidden: true });
  const button = h('button', { type: 'button', class: 'round', 'aria-expanded': 'false', 'aria-label': label, title: label },
    icon('M8 2v8M4.800 7 8 10.200 11.200 7M3 13.500h10'));
  /** @type {HTMLElement[]} */
  let items = [];

  /** @param {Entry} entry */
  function make(entry) {
    // An address is as fresh as the moment it is offered.
    const el = entry.href
      ? h('a', { href: entry.href(), download: entry.file ? entry.file() : '' }, entry.text)
      : h('button', { type: 'button' }, entry.text);
    el.addEventListener('click', () => {
      if (entry.run) entry.run();
      show(false);
    });
    return el;
  }

  /** @param {boolean} open */
  function show(open) {
    if (open) {
      items = entries().map(make);
      put(list, ...items.map((el) => h('li', {}, el)));
    }
    list.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (open) items[0].focus();
  }

  const root = h('div', { class: 'with-menu' }, button, list);
  button.addEventListener('click', () => show(list.hidden !== false));
  root.addEventListener('keydown', (e) => {
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
