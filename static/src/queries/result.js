// @ts-check
// What a query finds: how many, when, where, and the texts with what matched
// marked in them, in three lists.
import { h, linkable, put, say } from '../dom.js';
import { count } from '../format.js';
import { ago, country, fullTime, language } from '../page/say.js';
import { makeDays } from './days.js';
import { marked } from './marks.js';
import { spans as spanWords, words } from './words.js';

/** @param {number} n */
export function size(n) {
  const mega = n / (1 << 20);
  if (mega >= 1024) return `${(mega / 1024).toFixed(1)} GB`;
  return mega >= 10 ? `${Math.round(mega)} MB` : mega >= 0.1 ? `${mega.toFixed(1)} MB` : `${Math.ceil(n / 1024)} kB`;
}

/**
 * @param {any} answer
 * @param {{brands: any[], more: (list: string, cursor: string) => Promise<any>, list: string, onList: (list: string) => void}} around
 */
export function makeResult(answer, around) {
  const compared = answer.against !== null;
  const span = spanWords[answer.window] || answer.window;
  const about = answer.estimated ? `${words.estimated} ` : '';
  const zone = answer.timezone;
  const own = around.brands.find((b) => b.id === answer.brand);
  const same = compared && !answer.gained && !answer.lost;

  const head = h('div', { class: 'sum' },
    h('p', { class: 'figure' }, answer.estimated && h('small', {}, about), count(answer.total)),
    h('div', { class: 'sentence' },
      h('p', {}, answer.total || answer.before ? words.total(answer.total, span) : words.nothing(span)),
      compared && h('p', { class: 'change' }, same ? words.same : words.change(about + count(answer.before), answer.gained ? about + count(answer.gained) : '', answer.lost ? about + count(answer.lost) : '')),
      answer.earlier > 0 && h('p', { class: 'hint' }, words.earlier(about + count(answer.earlier)))));

  const rows = (/** @type {string} */ title, /** @type {any[]} */ list, /** @type {(key: string) => string} */ name) => {
    if (!list.length) return null;
    const most = list[0].mentions;
    return h('section', { class: 'top' }, h('h3', {}, title), h('ol', {}, ...list.map((r) => {
      const meter = h('span', { class: 'meter', 'aria-hidden': 'true' }, h('i', {}));
      /** @type {HTMLElement} */ (meter.firstChild).style.width = `${Math.max(2, (r.mentions / most) * 100)}%`;
      return h('li', {}, h('span', { class: 'name', dir: 'auto' }, name(r.key)), h('span', { class: 'n' }, count(r.mentions)), meter);
    })));
  };

  const lists = compared ? ['matches', 'gained', 'lost'] : ['matches'];
  const totals = /** @type {Record<string, number>} */ ({ matches: answer.total, gained: answer.gained, lost: answer.lost });
  const panel = h('div', { class: 'texts', id: 'texts', role: compared ? 'tabpanel' : null });
  let open = lists.includes(around.list) ? around.list : 'matches';
  const tabs = lists.map((name) => h('button', {
    type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'texts', class: 'tab', onclick: () => show(name),
  }, words.tabs[name], ' ', h('span', { class: 'n' }, about + count(totals[name]))));
  const bar = h('div', { class: 'tabs', role: compared ? 'tablist' : null, 'aria-label': compared ? words.tabs.matches : null }, ...(compared ? tabs : [h('h3', {}, words.tabs.matches)]));
  bar.addEventListener('keydown', (e) => {
    const to = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    if (!to || !compared) return;
    e.preventDefault();
    show(lists[(lists.indexOf(open) + to + lists.length) % lists.length]);
    tabs[lists.indexOf(open)].focus();
  });

  /** @param {string} name */
  function show(name) {
    open = name;
    around.onList(name);
    tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(lists[i] === name));
      tab.tabIndex = lists[i] === name ? 0 : -1;
    });
    if (compared) panel.setAttribute('aria-labelledby', `tab-${name}`);
    const run = answer.lists[name];
    const ul = h('ul', {}, ...run.texts.map(item));
    put(panel, run.texts.length ? ul : h('p', { class: 'hint none' }, words.none[name]));
    let next = run.next;
    if (!next) return;
    const told = h('p', { class: 'said', role: 'status' });
    const more = h('button', { type: 'button', class: 'button', onclick: async () => {
      more.disabled = true;
      say(told, words.trying);
      const { ok, body, why } = await around.more(name, next);
      more.disabled = false;
      say(told, ok ? '' : why);
      if (!ok) return;
      const fresh = body.lists[name];
      run.texts.push(...fresh.texts);
      run.next = next = fresh.next;
      const first = ul.children.length;
      fresh.texts.forEach((/** @type {any} */ t) => ul.appendChild(item(t)));
      const link = /** @type {HTMLElement | null} */ (ul.children[first] && ul.children[first].querySelector('a, h3'));
      if (link) link.focus();
      more.hidden = !next;
    } }, words.more);
    panel.appendChild(more);
    panel.appendChild(told);
  }

  /** @param {any} t */
  function item(t) {
    const title = t.title ? marked(t.title, t.spans, 'title') : [words.untitled];
    const names = t.brands.map((/** @type {string} */ id) => (around.brands.find((b) => b.id === id) || { name: id }).name);
    return h('li', { class: 'text' },
      h('h3', { dir: 'auto', tabindex: '-1' }, linkable(t.url) ? h('a', { href: t.url, rel: 'noopener noreferrer nofollow', target: '_blank' }, ...title) : h('span', {}, ...title)),
      t.text && h('p', { class: 'excerpt', dir: 'auto' }, ...marked(t.text, t.spans, 'text')),
      h('p', { class: 'meta' },
        t.outlet && h('span', { class: 'outlet' }, t.outlet),
        t.country && h('abbr', { title: country(t.country) }, t.country),
        t.language && h('span', {}, language(t.language)),
        h('time', { datetime: t.published, title: fullTime(t.published, zone) }, ago(t.published, Date.parse(answer.to))),
        t.undated && h('span', {}, words.undated),
        t.stands_for > 1 && h('span', {}, words.standsFor(t.stands_for))),
      h('p', { class: 'meta why' },
        t.why.length ? h('span', {}, `${words.why} `, ...t.why.map((/** @type {string} */ w) => h('b', { dir: 'auto' }, w))) : h('span', {}, words.notWords),
        h('span', { class: names.length ? '' : 'fresh' }, names.length ? words.counted(names) : words.uncounted)));
  }

  const c = answer.coverage;
  const coverage = h('div', { class: 'coverage' },
    h('p', {}, c.from ? words.coverage(count(c.texts), fullTime(c.from, zone), size(c.bytes), size(c.limit)) : words.startNew),
    c.sampled.length > 0 && h('p', {}, words.sampled(c.sampled.map((/** @type {any} */ s) => words.oneIn(s.source, count(s.one_in), s.named)).join(', '))),
    c.lost > 0 && h('p', { class: 'wrong' }, words.lost(count(c.lost))),
    c.damaged > 0 && h('p', { class: 'wrong' }, words.damaged),
    c.problem && h('p', { class: 'wrong' }, words.disk(c.problem)));

  const some = answer.total + answer.lost > 0;
  show(open);
  return h('div', { class: 'result' },
    own && compared && h('p', { class: 'hint whom' }, words.ofWhom(own.name)),
    head,
    some && makeDays(answer.days, { compared, count }),
    h('div', { class: 'columns' },
      some ? h('div', { class: 'main' }, bar, panel) : null,
      h('div', { class: 'side' }, rows(words.outlets, answer.outlets, (k) => k || words.unknown), rows(words.languages, answer.languages, (k) => (k ? language(k) : words.unknown)))),
    coverage);
}
