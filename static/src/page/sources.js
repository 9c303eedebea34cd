// @ts-check
// How the sources do: a figure in the bar, and a panel with each of them.
import { h, linkable, put, say } from '../dom.js';
import { sourceStates, words } from '../words.js';
import { count } from '../format.js';
import { aborted, get } from './api.js';
import { ago, fullTime, soon } from './say.js';

const bad = new Set(['failing', 'not-a-feed', 'gone']);
const again = 15_000; // ms between two looks while the panel is open

/**
 * @param {{button: HTMLButtonElement, panel: HTMLElement, now: () => number, zone: () => string, changed: (sources: any[]) => void}} parts
 */
export function makeSources({ button, panel, now, zone, changed }) {
  /** @type {any[]} */
  let sources = [];
  let timer = 0;
  const list = h('ul', { class: 'sources' });
  const close = h('button', { type: 'button', class: 'quiet-button', onclick: () => show(false) }, words.close);
  put(panel, h('header', {}, h('h2', { tabindex: '-1', id: 'sources-title' }, words.sources), close), h('p', { class: 'hint' }, words.sourcesHint), list);

  function draw() {
    const broken = sources.filter((s) => bad.has(s.state)).length;
    const total = sources.length;
    say(button.lastElementChild || button, broken ? words.sourcesSome(total - broken, total) : words.sourcesFine(total));
    button.classList.toggle('failing', broken > 0);
    if (panel.hidden) return;
    const order = [...sources].sort((a, b) => Number(bad.has(b.state)) - Number(bad.has(a.state)) || a.name.localeCompare(b.name));
    put(list, ...order.map((s) => row(s, now(), zone())));
    if (!total) put(list, h('li', {}, words.noSources));
  }

  async function refresh() {
    try {
      sources = (await get('/api/v1/sources')).sources || [];
      changed(sources);
      draw();
    } catch (problem) {
      if (!aborted(problem) && !panel.hidden && !sources.length) put(list, h('li', {}, words.failed(/** @type {Error} */ (problem).message)));
    }
  }

  /** @param {boolean} open */
  function show(open) {
    panel.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    clearInterval(timer);
    if (open) {
      draw();
      refresh();
      timer = window.setInterval(refresh, again);
      /** @type {HTMLElement} */ (panel.querySelector('h2')).focus();
    } else {
      button.focus();
    }
  }

  button.addEventListener('click', () => show(panel.hidden !== false));
  panel.addEventListener('keydown', (e) => { if (e.key === 'Escape') show(false); });
  document.addEventListener('pointerdown', (e) => {
    const target = /** @type {Node} */ (e.target);
    if (!panel.hidden && !panel.contains(target) && !button.contains(target)) show(false);
  });

  return { refresh, open: () => show(true), list: () => sources };
}

/** @param {any} s @param {number} now @param {string} zone */
function row(s, now, zone) {
  const facts = [
    s.last_success ? words.lastSuccess(ago(s.last_success, now)) : s.kind === 'push' ? words.pushed : words.neverAnswered,
    s.next_poll && s.state !== 'gone' && s.state !== 'paused' ? words.nextPoll(soon(s.next_poll, now)) : '',
    s.items_per_day >= 1 ? words.perDay(count(s.items_per_day)) : '',
    s.too_old > 0 ? words.tooOld(count(s.too_old)) : '',
  ].filter(Boolean);
  const name = linkable(s.url) ? h('a', { href: s.url, rel: 'noopener noreferrer nofollow', target: '_blank', dir: 'auto' }, s.name || s.id) : h('span', { dir: 'auto' }, s.name || s.id);
  return h('li', { class: bad.has(s.state) ? 'bad' : s.state },
    h('div', { class: 'name' }, name, h('span', { class: 'state' }, sourceStates[s.state] || s.state)),
    s.last_error ? h('p', { class: 'error', dir: 'auto' }, s.last_error) : null,
    h('p', { class: 'meta', title: s.last_success ? fullTime(s.last_success, zone) : null }, ...facts.map((f) => h('span', {}, f))));
}
