// @ts-check
// A button that opens a short list of things to take away.
import { h, icon } from '../dom.js';

/**
 * @param {string} label what a screen reader says of the button
 * @param {{text: string, href?: () => string, run?: () => void, file?: () => string}[]} entries
 */
export function makeMenu(label, entries) {
  const list = h('ul', { class: 'menu', hidden: true });
  const button = h('button', { type: 'button', class: 'round', 'aria-expanded': 'false', 'aria-label': label, title: label },
    icon('M8 2v8M4.800 7 8 10.200 11.200 7M3 13.500h10'));
  const items = entries.map((entry) => {
    const el = entry.href
      ? h('a', { href: '#', download: '' }, entry.text)
      : h('button', { type: 'button' }, entry.text);
    el.addEventListener('click', () => {
      if (entry.run) entry.run();
      show(false);
    });
    list.appendChild(h('li', {}, el));
    return { el, entry };
  });

  /** @param {boolean} open */
  function show(open) {
    // An address is as fresh as the moment it is offered.
    for (const { el, entry } of items) {
      if (!entry.href) continue;
      el.setAttribute('href', entry.href());
      el.setAttribute('download', entry.file ? entry.file() : '');
    }
    list.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (open) items[0].el.focus();
  }

  const root = h('div', { class: 'with-menu' }, button, list);
  button.addEventListener('click', () => show(list.hidden !== false));
  root.addEventListener('keydown', (e) => {
    if (list.hidden) return;
    const at = items.findIndex(({ el }) => el === document.activeElement);
    const to = e.key === 'ArrowDown' ? at + 1 : e.key === 'ArrowUp' ? at - 1 : e.key === 'Home' ? 0 : e.key === 'End' ? items.length - 1 : null;
    if (to !== null) {
      e.preventDefault();
      items[(to + items.length) % items.length].el.focus();
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
