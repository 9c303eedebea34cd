// @ts-check
// The page: puts its parts together and passes on what happens.
import { fill, h, put, say } from '../dom.js';
import { hasPoints } from '../drawn.js';
import { connect } from '../stream.js';
import { count } from '../format.js';
import { silence } from '../silence.js';
import { wait } from '../time-words.js';
import { charts as chartWords, words } from '../words.js';
import { Refused, get } from './api.js';
import { makeBar } from './bar.js';
import { makeCard } from './card.js';
import { atLeast, read as readOffer } from './formats.js';
import { makeHero } from './hero.js';
import { makeKeep } from './keep.js';
import { makeListing } from './listing.js';
import { makeMap } from './map.js';
import { makeSheet } from './sheet.js';
import { makeNotice } from './notice.js';
import { at, fullTime } from './say.js';
import { makeSources } from './sources.js';
import { drop, format, narrow, parse, pick } from './state.js';

document.documentElement.setAttribute('data-runs', ''); // old/away.js looks for it

/** @typedef {import('./state.js').State} State */

const chartIds = ['mood', 'timeline', 'map', 'share', 'topics', 'pulse', 'sources', 'languages', 'rhythm', 'activity'];
const boardEvery = 60_000; // ms between two looks at what the stream doesn't tell

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What is watched; asked for until there is an answer. @returns {Promise<any>} */
async function whatIsWatched() {
  for (;;) {
    try {
      return await get('/api/v1/brands');
    } catch (problem) {
      const denied = problem instanceof Refused && (problem.status === 401 || problem.status === 403);
      if (denied) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
      const notice = byId('notice');
      notice.hidden = false;
      put(notice, h('h1', {}, words.cantLoad), h('p', {}, `${/** @type {Error} */ (problem).message}. ${words.cantLoadHint}`));
      await new Promise((go) => setTimeout(go, 3000));
      if (!denied) notice.hidden = true;
    }
  }
}

/** The thermometer without what stands in large letters above it. @param {any} option */
function withoutNames(option) {
  const bare = (/** @type {any} */ axis) => ({ ...axis, axisLabel: { ...axis.axisLabel, show: false } });
  return { ...option, yAxis: [].concat(option.yAxis || []).map(bare) };
}

async function start() {
  say(byId('skip'), words.skip);
  const about = await whatIsWatched();
  const zone = () => about.timezone || 'UTC';
  const there = { brands: about.brands.map((/** @type {any} */ b) => b.id), windows: about.windows };
  const nameOf = (/** @type {string} */ id) => (about.brands.find((/** @type {any} */ b) => b.id === id) || { name: id }).name;

  /** @type {State} */
  let state = parse(location.search, there);
  /** @type {any} */
  let status;
  /** @type {any} */
  let board; // what GET /api/v1/board said of the view last
  /** @type {any} */
  let totals;
  let link = { state: 'connecting', since: Date.now() };
  /** @type {string} when the newest mention was published */
  let last = '';
  const viewOf = (/** @type {State} */ s) => `${s.brand}@${s.window}`;
  /** @type {ReturnType<typeof connect> | undefined} */
  let stream;
  const now = () => (stream ? stream.now() : Date.now());

  /** @param {State} next @param {boolean} [record] whether back undoes it */
  function go(next, record = true) {
    const moved = viewOf(next) !== viewOf(state);
    state = next;
    const address = format(state);
    if (record && address !== location.search) history.pushState(null, '', address);
    bar.show(state);
    map.mode(state.map);
    listing.show(state);
    queryLink.href = queriesOf(state);
    if (!moved) {
      drawTotals();
      return;
    }
    totals = board = undefined;
    last = '';
    keep.clear();
    byId('page').classList.add('changing');
    if (stream) stream.show([viewOf(state)]);
    cards.forEach((c) => c.moved());
    lookAtBoard();
  }

  const bar = makeBar(about, { onState: (change) => go({ ...state, ...change, filter: change.brand ? {} : state.filter }), address: (change) => format({ ...state, ...change }) });
  const hero = makeHero({ onLabel: (label) => go(narrow(state, 'label', state.filter.label === label ? '' : label)) });
  const keep = makeKeep({ view: () => state, login: () => `/login?next=${encodeURIComponent(location.pathname + location.search)}` });
  const queriesOf = (/** @type {State} */ s) => `/queries?brand=${encodeURIComponent(s.brand)}`;
  const queryLink = h('a', { class: 'quiet-button', href: queriesOf(state), title: words.queryHint, hidden: true }, words.query);
  fill(hero.row, [h('div', { class: 'board-actions' }, queryLink, makeSheet({ view: () => state, say: keep.tell }), keep.button), keep.told]);
  let offer = atLeast();
  get('/api/v1/charts').then((answer) => { offer = readOffer(answer); }, () => {}); // what every server offers will do
  let admin = false;
  get('/api/v1/session').then((me) => {
    admin = me.access === 'admin';
    queryLink.hidden = !admin;
  }, () => {}); // then nobody is asked
  const around = {
    offer: () => offer,
    view: () => state,
    link: (/** @type {string} */ id) => `${location.origin}/${format({ ...state, filter: {} })}#chart-${id}`,
    mayEmbed: () => admin,
    onPick: (/** @type {Record<string, any>} */ filter, /** @type {boolean} */ add) => go(pick(state, filter, add)),
  };
  const cards = chartIds.filter((id) => chartWords[id]).map((id) => makeCard(id, around));
  const map = makeMap(/** @type {any} */ (cards.find((c) => c.id === 'map')), {
    onMode: (mode) => go({ ...state, map: mode }),
    onUnplaced: (mode) => go(pick(state, { country: 'none', place: mode })),
  });
  const toList = /** @type {HTMLAnchorElement} */ (byId('to-list'));
  const listing = makeListing(byId('list'), {
    now, zone, nameOf, offer: around.offer,
    sourceOf: (id) => sources.nameOf(id),
    onCorrected: () => go(narrow(state, 'corrected', 'true')),
    onDrop: (chip) => go(drop(state, chip)),
    onClear: () => go({ ...state, filter: {} }),
    onSearch: (q) => go(narrow(state, 'q', q)),
    onCount(n) { say(toList, n === null ? '' : words.toList(count(n), words.mentions(n))); },
  });
  // On a narrow screen the list is far below: a button leads there, until it is in sight.
  new IntersectionObserver(([seen]) => { toList.hidden = seen.isIntersecting; }).observe(byId('list'));
  toList.addEventListener('click', (e) => { e.preventDefault(); listing.focus(); });
  const sources = makeSources({
    button: /** @type {HTMLButtonElement} */ (byId('sources-button')), panel: byId('sources-panel'), now, zone,
    changed() {
      notice.draw();
      if (state.filter.source) listing.show(state); // by its name, now that it is known
    },
    onPick(source) {
      go(pick({ ...state, filter: {} }, { source }));
      listing.focus();
    },
  });
  const notice = makeNotice(byId('notice'), {
    facts: () => ({ brand: about.brands.find((/** @type {any} */ b) => b.id === state.brand), window: state.window, windows: there.windows, total: totals, before: board, sources: sources.list(), status, link }),
    onWindow: (window) => go({ ...state, window }),
    onSources: () => sources.open(),
  });
  put(byId('board'), hero.el, ...cards.map((c) => c.el));
  const moodCard = cards.find((c) => c.id === 'mood');
  if (moodCard) hero.chart.appendChild(moodCard.el);

  function drawTotals() {
    if (!totals) return;
    hero.show(totals, state.window, state.filter.label || '');
    document.title = `${hero.el.querySelector('.figure')?.textContent || ''} ${totals.name || nameOf(state.brand)} · ${words.product}`;
    listing.counted(totals.total.mentions);
    if (totals.last) last = totals.last;
    notice.draw();
    drawSilence();
  }

  /** @param {string} id @param {any} option @param {boolean} grew it is of the same view as before */
  function drawChart(id, option, grew) {
    const card = cards.find((c) => c.id === id);
    if (!card) return;
    if (id === 'map') return map.show(option, grew);
    if (id === 'mood') option = withoutNames(option);
    if (id === 'activity') besideTalk(card, hasPoints(option));
    card.show(option, hasPoints(option) ? '' : words.chartEmptyOf[id] || words.chartEmpty);
  }

  /** What devices did stands below what was said at the time, if they did anything. @param {any} card @param {boolean} any */
  function besideTalk(card, any) {
    const line = cards.find((c) => c.id === 'timeline');
    if (any && line && line.el.nextSibling !== card.el) line.el.parentNode?.insertBefore(card.el, line.el.nextSibling);
    byId('board').classList.toggle('devices', any);
  }

  /** @param {any} view */
  function drawView(view) {
    byId('page').classList.remove('changing');
    for (const [id, option] of Object.entries(view.charts)) drawChart(id, option, false);
    take(view.totals);
  }

  /** @param {any} all */
  function take(all) {
    const own = all && all.brands && all.brands[state.brand];
    if (!own) return;
    totals = { ...own, as_of: all.as_of };
    drawTotals();
  }

  async function lookAtBoard() {
    const asked = viewOf(state);
    try {
      const found = await get(`/api/v1/board?${new URLSearchParams({ brand: state.brand, window: state.window })}`);
      if (asked !== viewOf(state)) return;
      board = found;
      const since = found.mentions_since;
      listing.textsGone(since && Date.parse(since) > Date.parse(found.from) + 60_000 ? words.textsSince(fullTime(since, zone())) : '');
      map.unplaced(found);
      drawFoot();
      notice.draw();
    } catch {
      // The stream and the list say what is wrong; this comes again.
    }
  }

  const silent = byId('silence');
  function drawSilence() {
    const found = silence({ link, status, lastMention: last || null, now: now(), timezone: zone() });
    say(silent, found.sentence);
    silent.className = found.kind;
    silent.title = found.also.join(' · ');
    byId('page').classList.toggle('stale', found.stale);
  }

  const footTime = h('span');
  const footLatency = h('span');
  put(byId('foot'), footTime, footLatency, h('nav', { 'aria-label': words.product },
    h('a', { href: '/wall' }, words.wall), h('a', { href: '/displays' }, words.displays), h('a', { href: '/queries' }, words.queries), h('a', { href: '/assets/licenses.txt' }, words.licences)));
  function drawFoot() {
    if (totals && totals.as_of) say(footTime, words.asOf(at(totals.as_of, now(), zone()), zone()));
    const { found = {}, shown = {} } = (board && board.latency) || {};
    const parts = [typeof found.p50_ms === 'number' ? words.found(wait(found.p50_ms)) : '', typeof shown.p50_ms === 'number' ? words.shown(wait(shown.p50_ms)) : ''];
    say(footLatency, parts.filter(Boolean).join(', '));
  }

  stream = connect({
    views: [viewOf(state)],
    charts: chartIds,
    restWhenHidden: true,
    on: {
      snapshot(views) {
        if (!views[viewOf(state)]) return;
        drawView(views[viewOf(state)]);
        listing.catchUp();
      },
      delta(changes, views) {
        const name = viewOf(state);
        if (!changes[name] || !views[name]) return;
        for (const id of Object.keys(changes[name].charts || {})) drawChart(id, views[name].charts[id], true);
        take(views[name].totals);
      },
      mention(mention, painted) {
        listing.arrive(mention);
        map.pulse(mention, state.brand);
        last = mention.published > last ? mention.published : last;
        painted(() => {});
      },
      correction: (told) => listing.corrected(told),
      status(told) {
        status = told;
        drawSilence();
        notice.draw();
      },
      link(told) {
        link = told;
        if (told.state === 'denied') location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
        drawSilence();
      },
    },
  });

  addEventListener('popstate', () => go(parse(location.search, there), false));
  bar.show(state);
  map.mode(state.map);
  if (!state.brand) {
    notice.draw();
    return;
  }
  // A link may lead to one chart; it was not there when the browser looked.
  const linked = location.hash.startsWith('#chart-') && document.getElementById(location.hash.slice(1));
  if (linked) linked.scrollIntoView();
  history.replaceState(null, '', format(state));
  listing.show(state);
  sources.refresh();
  lookAtBoard();
  setInterval(() => { lookAtBoard(); sources.refresh(); }, boardEvery);
  setInterval(() => { drawSilence(); drawFoot(); }, 1000);
  setInterval(() => listing.tick(), 10_000);
}

start();
