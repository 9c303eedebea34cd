// @ts-check
// How the sources do: a figure in the bar, and a panel with each of them.
import { h, put, say } from '../dom.js';
import { inTrouble, sourcePanel } from '../source-words.js';
import { words } from '../words.js';
import { count } from '../format.js';
import { aborted, get } from './api.js';
import { chosen, needsALook } from './source-list.js';
import { makeRow } from './source-row.js';

const again = 15_000; // ms between two looks while the panel is open
const many = 8; // sources from which on there is something to search

/**
 * @param {{button: HTMLButtonElement, panel: HTMLElement, now: () => number, zone: () => string, changed: (sources: any[]) => void, onPick: (source: string) => void}} parts
 */
export function makeSources({ button, panel, now, zone, changed, onPick }) {
  /** @type {any[]} */
  let sources = [];
  let asked = false;
  let timer = 0;
  let trouble = false;
  /** @type {Map<string, ReturnType<typeof makeRow>>} */
  const rows = new Map();

  const close = h('button', { type: 'button', class: 'quiet-button', onclick: () => show(false) }, words.close);
  const search = h('input', { type: 'search', placeholder: sourcePanel.search, 'aria-label': sourcePanel.search, autocomplete: 'off', maxlength: '100', oninput: drawList });
  const all = h('button', { type: 'button', onclick: () => only(false) });
  const bad = h('button', { type: 'button', onclick: () => only(true) });
  const tools = h('div', { class: 'source-tools' }, search, h('div', { class: 'source-which', role: 'group', 'aria-label': sourcePanel.title }, all, bad));
  const list = h('ul', { class: 'sources' });
  const nothing = h('div', { class: 'source-nothing' });
  const status = h('p', { class: 'unseen', role: 'status' });
  put(panel, h('div', { class: 'panel-head' },
    h('header', {}, h('h2', { tabindex: '-1', id: 'sources-title' }, sourcePanel.title), close),
    h('p', { class: 'hint' }, sourcePanel.hint), tools), status, nothing, list);

  /** @param {boolean} which */
  function only(which) {
    trouble = which;
    drawList();
  }

  function draw() {
    const broken = sources.filter(inTrouble).length;
    const total = sources.length;
    say(button.lastElementChild || button, broken ? words.sourcesSome(total - broken, total) : words.sourcesFine(total));
    button.classList.toggle('failing', broken > 0);
    if (!panel.hidden) drawList();
  }

  function drawList() {
    const total = sources.length;
    const look = sources.filter(needsALook).length;
    tools.hidden = total <= many && !look;
    search.hidden = total <= many;
    say(all, sourcePanel.all(count(total)));
    say(bad, sourcePanel.trouble(count(look)));
    all.setAttribute('aria-pressed', String(!trouble));
    bad.setAttribute('aria-pressed', String(trouble));
    const shown = chosen(sources, { query: search.hidden ? '' : search.value, trouble: trouble && !tools.hidden, now: now(), zone: zone() });
    drawRows(shown);
    if (total && shown.length) put(nothing);
    else if (total) put(nothing, h('p', {}, trouble && !look ? sourcePanel.noTrouble : sourcePanel.noneFound));
    else if (asked) drawEmpty();
    say(status, total > many && search.value ? words.sourcesFine(shown.length) : '');
  }

  /** Rows keep their place in the page, and the reader's place in them. @param {any[]} shown */
  function drawRows(shown) {
    const held = /** @type {HTMLElement | null} */ (document.activeElement);
    const there = new Set(sources.map((s) => s.id));
    for (const [id, row] of rows) {
      if (there.has(id)) continue;
      row.el.remove();
      rows.delete(id);
    }
    const wanted = new Set();
    let at = list.firstChild;
    for (const s of shown) {
      let row = rows.get(s.id);
      if (!row) rows.set(s.id, row = makeRow(s.id, picked));
      row.show(s, now(), zone());
      wanted.add(row.el);
      if (row.el === at) at = at.nextSibling;
      else list.insertBefore(row.el, at);
    }
    for (const el of [...list.children]) if (!wanted.has(el)) el.remove();
    if (held && held !== document.activeElement && list.contains(held)) held.focus({ preventScroll: true });
  }

  function drawEmpty() {
    put(nothing, h('h3', {}, sourcePanel.emptyTitle), h('p', {}, sourcePanel.empty),
      h('pre', { tabindex: '0' }, 'sources:\n  - feed: https://feeds.bbci.co.uk/news/technology/rss.xml'),
      h('p', { class: 'hint' }, sourcePanel.emptyFind), h('pre', { tabindex: '0' }, 'agora feeds find https://www.example.com'),
      h('p', { class: 'hint' }, sourcePanel.emptyPush), h('pre', { tabindex: '0' }, `curl -H 'Content-Type: application/json' -d '{"title":"…"}' ${location.origin}/api/v1/mentions`));
  }

  /** @param {string} id */
  function picked(id) {
    show(false);
    onPick(id);
  }

  async function refresh() {
    try {
      sources = (await get('/api/v1/sources')).sources || [];
      asked = true;
      changed(sources);
      draw();
    } catch (problem) {
      if (!aborted(problem) && !panel.hidden && !sources.length) put(nothing, h('p', {}, words.failed(/** @type {Error} */ (problem).message)));
    }
  }

  function tick() {
    const at = now();
    for (const row of rows.values()) row.tick(at);
  }

  let ticking = 0;
  /** @param {boolean} open */
  function show(open) {
    panel.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    clearInterval(timer);
    clearInterval(ticking);
    if (open) {
      draw();
      refresh();
      timer = window.setInterval(refresh, again);
      ticking = window.setInterval(tick, 1000);
      /** @type {HTMLElement} */ (panel.querySelector('h2')).focus();
    } else {
      button.focus();
    }
  }

  button.addEventListener('click', () => show(panel.hidden !== false));
  panel.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    if (e.target === search && search.value) {
      search.value = '';
      drawList();
      e.preventDefault();
    } else {
      show(false);
    }
  });
  document.addEventListener('pointerdown', (e) => {
    const target = /** @type {Node} */ (e.target);
    if (!panel.hidden && !panel.contains(target) && !button.contains(target)) show(false);
  });

  return {
    refresh,
    open: () => show(true),
    list: () => sources,
    /** @param {string} id what people call it */
    nameOf: (id) => (sources.find((s) => s.id === id) || { name: id }).name || id,
  };
}
