// @ts-check
// The list of mentions: what is asked of the server, what comes in live, and
// what the reader did with it.
import { h, put, say } from '../dom.js';
import { chipWords, words } from '../words.js';
import { count } from '../format.js';
import { aborted, get, patch } from './api.js';
import { correct, makeSet } from './corrections.js';
import { makeHere } from './here.js';
import { arrive, empty, first, more, most, release, reread } from './list.js';
import { makeMentions } from './mentions.js';
import * as sayer from './say.js';
import { ofList } from './formats.js';
import { makeMenu } from './menu.js';
import { chips, copiesQuery, foldedQuery, listFile, listQuery } from './state.js';

/** @typedef {import('./state.js').State} State */

const pageSize = 50;
const refreshAfter = 2_000; // ms, at least, between two looks at a filtered list

/**
 * @param {HTMLElement} root
 * @param {{now: () => number, zone: () => string, nameOf: (brand: string) => string, sourceOf: (id: string) => string, onCorrected: () => void, onDrop: (chip: import('./state.js').Chip) => void, onClear: () => void, offer: () => import('./formats.js').Offer, onSearch: (q: string) => void, onCount: (n: number | null) => void}} around
 */
export function makeListing(root, around) {
  const heading = h('h2', { id: 'list-title' }, words.list);
  const total = h('span', { class: 'total', role: 'status' });
  const told = h('span', { class: 'told-stories', title: words.storiesHint });
  const search = h('input', { type: 'search', placeholder: words.search, 'aria-label': words.search, enterkeyhint: 'search', autocomplete: 'off', maxlength: '200' });
  const chipRow = h('ul', { class: 'chips' });
  const note = h('span');
  const corrected = h('button', { type: 'button', class: 'link', onclick: around.onCorrected }, words.showCorrected);
  const hint = h('p', { class: 'hint' }, note, ' ', corrected);
  const here = makeHere();
  const gone = h('p', { class: 'hint', hidden: true });
  const held = h('button', { type: 'button', class: 'held', hidden: true });
  const ul = h('ul', { class: 'mentions' });
  const foot = h('p', { class: 'list-foot' });
  const moreButton = h('button', { type: 'button', class: 'button', hidden: true }, words.loadMore);
  const scroll = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': words.listAll }, ul, foot, moreButton);
  const menu = makeMenu(words.more(words.list), () => ofList(around.offer()).map((ending) => ({
    text: words[ending],
    href: () => (state ? listFile(state, ending) : '#'),
  })));
  put(root, h('header', {}, h('div', { class: 'list-head' }, heading, told, total, menu), search, chipRow, here.el, hint, gone), held, scroll);

  const view = makeMentions(ul);
  const set = makeSet();
  let list = empty();
  /** @type {State | undefined} */
  let state;
  let paged = false;
  let missed = 0;
  let busy = false; // the reader's pointer or keyboard is in the list
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {any[] | null} what came in while the list was asked for anew: the answer may not know it yet */
  let meanwhile = null;
  let loadedAt = 0;
  let later = 0;

  const filtered = () => Boolean(state && Object.keys(state.filter).length);

  function draw(live = false) {
    if (!state) return;
    view.show(list.mentions, { brand: state.brand, name: around.nameOf(state.brand), zone: around.zone(), now: around.now(), set: setReading, copies: (story, page) => (state ? copiesQuery(state, story, page) : '') }, live);
    here.show(state.filter, list.total === null ? [] : list.mentions);
    say(total, list.total === null ? '' : count(list.total));
    say(told, list.total && list.stories !== null && list.stories < list.total ? words.stories(count(list.stories)) : '');
    around.onCount(list.total || null);
    const waiting = list.held.length + list.heldMore;
    held.hidden = waiting === 0;
    say(held, words.held(waiting));
    moreButton.hidden = !list.next;
    const nothing = list.total !== null && !list.mentions.length;
    say(foot, nothing ? (filtered() ? words.nothingLike : words.firstHere) : missed ? words.ofMissed(count(missed)) : '');
    foot.hidden = !foot.textContent;
  }

  /** @param {boolean} anew */
  async function load(anew) {
    if (!state) return;
    if (asking) asking.abort();
    const mine = new AbortController();
    asking = mine;
    const asked = Date.now();
    const { brand } = state;
    const cursor = anew || list.next === 'anew' ? '' : list.next;
    clearTimeout(later);
    later = 0;
    if (anew) {
      root.classList.add('loading');
      if (!meanwhile || filtered()) meanwhile = [];
    }
    try {
      const page = await get(`/api/v1/mentions?${foldedQuery(state, { limit: anew ? pageSize : pageSize * 2, cursor })}`, mine.signal);
      if (mine.signal.aborted) return; // a later question is under way
      loadedAt = Date.now();
      page.mentions = page.mentions.map((/** @type {any} */ m) => set.over(m, brand, asked));
      list = anew ? first(page) : more(list, page);
      if (anew) {
        missed = 0;
        for (const mention of meanwhile || []) if (mention.readings[state.brand]) list = arrive(list, mention, { hold: false, paged });
        meanwhile = null;
      }
      draw();
      root.classList.remove('loading');
    } catch (problem) {
      if (aborted(problem)) return;
      root.classList.remove('loading');
      put(foot, words.failed(/** @type {Error} */ (problem).message), ' ', h('button', { type: 'button', class: 'link', onclick: () => load(anew) }, words.retry));
      foot.hidden = false;
    }
  }

  /** A filtered list can't tell by itself whether a new mention belongs: the server can. */
  function askAgainSoon() {
    if (later) return;
    later = window.setTimeout(() => { later = 0; if (!busy && !paged) load(true); else askAgainSoon(); }, Math.max(250, loadedAt + refreshAfter - Date.now()));
  }

  /** @param {string} brand @param {Record<string, any>} readings by the mention's id */
  function read(brand, readings) {
    if (!state || state.brand !== brand) return;
    list = reread(list, brand, readings);
    draw();
  }

  /**
   * The reader says how a mention should be read. It shows at once, and goes
   * back if the server refuses.
   * @type {import('./mention.js').Context['set']}
   */
  async function setReading(mention, wish, story) {
    const { brand } = /** @type {State} */ (state);
    const before = mention.readings[brand];
    const hoped = correct(before, wish);
    set.hope(mention.id, hoped);
    read(brand, { [mention.id]: hoped });
    try {
      const answer = await patch(`/api/v1/mentions/${encodeURIComponent(mention.id)}`, { brand, label: wish, scope: story ? 'story' : 'mention' });
      /** @type {Record<string, any>} */
      const readings = { [mention.id]: answer.mention.readings[brand] };
      for (const m of list.mentions.concat(list.held)) {
        if (m.id !== mention.id && answer.mentions.includes(m.id)) readings[m.id] = correct(m.readings[brand], wish);
      }
      for (const id of Object.keys(readings)) set.have(id, readings[id], Date.now());
      read(brand, readings);
      if (filtered()) askAgainSoon();
      return answer.changed;
    } catch (problem) {
      set.drop(mention.id);
      read(brand, { [mention.id]: before });
      throw problem;
    }
  }

  held.addEventListener('click', () => {
    list = release(list, paged);
    draw();
    scroll.scrollTop = 0;
    scroll.focus();
  });
  moreButton.addEventListener('click', () => { paged = true; load(false); });
  for (const [kind, to] of /** @type {[string, boolean][]} */ ([['pointerenter', true], ['pointerleave', false], ['focusin', true], ['focusout', false]])) {
    ul.addEventListener(kind, (e) => {
      if (/** @type {PointerEvent} */ (e).pointerType === 'touch') return;
      busy = to;
      if (!to && list.held.length && scroll.scrollTop < 40) { list = release(list, paged); draw(true); }
    });
  }
  let typing = 0;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = window.setTimeout(() => around.onSearch(search.value.trim()), 350);
  });

  return {
    /** @param {State} next */
    show(next) {
      const before = state;
      if (before && before.brand !== next.brand) set.forget();
      const same = before && listQuery(before, { limit: 1 }) === listQuery(next, { limit: 1 });
      state = next;
      if (document.activeElement !== search) search.value = next.filter.q || '';
      const sayers = { time: (/** @type {string} */ t) => sayer.at(t, around.now(), around.zone()), country: sayer.country, language: sayer.language, source: around.sourceOf };
      const all = chips(next);
      put(chipRow, ...all.map((chip) => {
        const text = chipWords(chip.kind, chip.values, sayers);
        return h('li', {}, h('button', { type: 'button', class: 'chip', 'aria-label': words.remove(text), onclick: () => around.onDrop(chip) },
          h('bdi', {}, text), h('span', { 'aria-hidden': 'true', class: 'x' }, '×')));
      }));
      if (all.length) chipRow.appendChild(h('li', {}, h('button', { type: 'button', class: 'link', onclick: around.onClear }, words.clearAll)));
      chipRow.hidden = !all.length;
      say(note, all.length ? words.chartsKeep : words.listAll);
      corrected.hidden = Boolean(next.filter.corrected);
      if (same) return;
      paged = false;
      scroll.scrollTop = 0;
      load(true);
    },
    /** After a gap in the stream: something may have come that nobody told of. */
    catchUp: askAgainSoon,
    /** @param {any} mention with its readings */
    arrive(mention) {
      if (!state || !mention.readings || !mention.readings[state.brand]) return;
      if (mention.skipped) missed += mention.skipped;
      if (filtered()) return askAgainSoon();
      if (meanwhile && meanwhile.length < most) meanwhile.push(mention);
      if (list.total === null) return;
      list = arrive(list, mention, { hold: busy || scroll.scrollTop > 40, paged });
      draw(true);
    },
    /** Somebody corrected mentions, here or elsewhere. @param {{brand: string, readings: Record<string, any>, more?: number}} told */
    corrected({ brand, readings, more: others }) {
      if (!state || state.brand !== brand) return;
      const news = Object.entries(readings).filter(([id]) => !set.hoping(id));
      for (const [id, reading] of news) set.have(id, reading, Date.now());
      read(brand, Object.fromEntries(news));
      if (others || filtered()) askAgainSoon();
    },
    /** The number behind the list when nothing is filtered, as the counters have it. @param {number} n */
    counted(n) {
      if (!filtered() && list.total !== null && list.total !== n) { list = { ...list, total: n }; draw(); }
    },
    /** @param {string} text */
    textsGone(text) { gone.hidden = !text; say(gone, text); },
    tick: () => view.tick(around.now()),
    focus() { scroll.focus({ preventScroll: true }); root.scrollIntoView({ block: 'start', behavior: 'smooth' }); },
  };
}
