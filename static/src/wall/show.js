// @ts-check
// The wall itself: scenes in turn, the line of what was said, the clock and the
// corner. One heartbeat a second moves all of it; a scene that isn't on costs
// nothing.

import { makeBrands } from './brands.js';
import { makeCorner } from './corner.js';
import { driftAt } from './drift.js';
import { h, say } from '../dom.js';
import { grown } from '../drawn.js';
import { isQuiet, localTime, town } from './hours.js';
import { makeMentions } from './mentions.js';
import { makeOverview } from './overview.js';
import { placeOf, readingOf } from './recent.js';
import { turnAt } from './rotation.js';
import { makeTicker } from './ticker.js';
import { makeWaiting } from './waiting.js';
import { listed, words } from './words.js';
import { makeWorldMap } from './worldmap.js';

/** @typedef {{id: string, name: string, color: string}} Brand */

/**
 * What a scene draws from.
 * @typedef {object} Facts
 * @property {Brand} brand whose turn it is
 * @property {Brand[]} brands of the wall
 * @property {any} total that brand's figures; undefined: not known yet
 * @property {Record<string, any>} totals of all brands, by id
 * @property {import('../stream/boards.js').View | undefined} view that brand's charts
 * @property {string} window
 * @property {ReturnType<typeof import('./recent.js').makeRecent>} recent
 * @property {number} now server time in milliseconds
 * @property {string} listening what is being waited for
 */

/**
 * @typedef {object} Settings
 * @property {Brand[]} brands
 * @property {string} window
 * @property {import('./rotation.js').Scene[]} scenes
 * @property {string} quiet
 * @property {'full' | 'reduced'} motion
 * @property {string} timezone
 * @property {boolean} demo
 */

/** A line of words is this part of the screen's height; css/wall.css says so too. */
const wordsPerScreen = 38;
const tickEvery = 1000;

/**
 * @param {HTMLElement} body
 * @param {Settings} settings
 * @param {ReturnType<typeof import('./recent.js').makeRecent>} recent
 */
export function makeShow(body, settings, recent) {
  const { brands, window: span, scenes, timezone } = settings;
  const look = { motion: settings.motion, font };
  /** @type {Record<string, () => {root: HTMLElement, draw: (facts: Facts) => void, type: () => void, map?: import('../chart.js').Chart}>} */
  const makers = {
    overview: () => makeOverview(look),
    map: () => makeWorldMap(look),
    brands: makeBrands,
    mentions: makeMentions,
  };
  /** @type {Record<string, ReturnType<typeof makers[string]>>} only those that this wall shows */
  const made = {};
  for (const { show } of scenes) made[show] = made[show] || makers[show]();
  const waiting = makeWaiting();

  const time = h('span', { class: 'time' });
  const demo = h('p', { class: 'demo' }, words.demo);
  demo.hidden = !settings.demo;
  const ticker = makeTicker({
    recent,
    brands: () => brands.map((b) => b.id),
    nameOf: (id) => (brands.length > 1 ? (brands.find((b) => b.id === id) || { name: '' }).name : ''),
  });
  const corner = makeCorner(recent);
  const stage = h('div', { class: 'stage' }, ...Object.values(made).map((s) => s.root), waiting.root);
  const wall = h('main', { class: 'wall' },
    stage,
    h('header', { class: 'top' }, demo, h('p', { class: 'clock' }, time, h('span', { class: 'town' }, town(timezone)))),
    h('footer', { class: 'foot' }, ticker.root, corner.root),
  );
  body.dataset.motion = settings.motion;
  body.textContent = '';
  body.append(wall);

  /** @type {Record<string, import('../stream/boards.js').View>} */
  let views = {};
  /** @type {any} */
  let status = null;
  let link = { state: 'connecting', since: 0 };
  let now = () => Date.now();
  let on = ''; // which scene is seen, with whose turn it is
  let grew = ''; // the size that the type was set for

  /** @param {string} brand */
  const viewOf = (brand) => views[`${brand}@${span}`];

  /** The map of the brand that is seen. */
  function mapNow() {
    const view = viewOf(on.split(' ')[1]);
    return view && view.charts.map;
  }

  function totals() {
    /** @type {Record<string, any>} */
    const all = {};
    for (const view of Object.values(views)) Object.assign(all, view.totals && view.totals.brands);
    return all;
  }

  /**
   * @param {string} id
   * @returns {Facts}
   */
  function factsOf(id) {
    const all = totals();
    const brand = brands.find((b) => b.id === id) || brands[0];
    return {
      brand, brands, total: all[brand.id], totals: all, view: viewOf(brand.id), window: span, recent, now: now(),
      listening: `${words.listening} ${listed(brands.map((b) => b.name))}`,
    };
  }

  /** Nothing was ever said, as far as the window reaches. */
  function nothingYet() {
    if (recent.last() !== null) return false;
    const all = totals();
    return brands.every((b) => !all[b.id] || !all[b.id].total.mentions);
  }

  /** Puts the scene on whose turn it is. */
  function turn() {
    if (!brands.length) {
      waiting.draw('', [{ name: words.noBrand }], words.noBrandHelp);
      put('waiting', '');
    } else if (!Object.keys(views).length) {
      waiting.draw(words.opening, brands, '');
      put('waiting', '');
    } else if (nothingYet()) {
      const { total = 0, mute = 0 } = (status && status.sources) || {};
      waiting.draw(words.listening, brands, words.firstStart(total, mute));
      put('waiting', '');
    } else {
      const { scene, brand } = turnAt(scenes, brands.map((b) => b.id), now());
      put(scene.show, brand);
    }
  }

  /**
   * @param {string} show
   * @param {string} brand
   */
  function put(show, brand) {
    const next = `${show} ${brand}`;
    if (next === on) return;
    const [shown] = on.split(' ');
    const scene = made[show];
    if (shown === show && scene) {
      // The same scene for another brand: it goes dark, changes, and comes back.
      on = next;
      scene.root.classList.remove('on');
      setTimeout(() => {
        if (on !== next) return;
        scene.draw(factsOf(brand));
        scene.root.classList.add('on');
      }, settings.motion === 'reduced' ? 0 : 600);
      return;
    }
    on = next;
    if (scene) scene.draw(factsOf(brand));
    for (const [name, { root }] of Object.entries({ ...made, waiting })) root.classList.toggle('on', name === show);
    backdrop(show === 'waiting');
    stage.dataset.scene = show;
  }

  /**
   * Behind what is waited for stands the world, as soon as there's one to draw.
   * @param {boolean} wanted
   */
  function backdrop(wanted) {
    if (!made.map) return;
    const shown = wanted && Object.keys(views).length > 0;
    made.map.root.classList.toggle('backdrop', shown);
    if (!shown) return;
    made.map.root.classList.add('on');
    made.map.draw(factsOf(brands[0].id));
  }

  /** Draws what is seen anew. */
  function draw() {
    turn();
    const [show, brand] = on.split(' ');
    if (made[show]) made[show].draw(factsOf(brand));
    else backdrop(true);
  }

  function tick() {
    const at = now();
    const { hour, minute } = localTime(at, timezone);
    say(time, `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
    const size = `${innerWidth} ${innerHeight}`;
    if (size !== grew) {
      grew = size;
      for (const scene of Object.values(made)) scene.type();
    }
    turn();
    if (on.startsWith('mentions')) draw(); // the ages in it grow
    ticker.tick(at);
    const stale = corner.tick({ link, status, lastMention: lastSaid(), now: at, timezone });
    wall.classList.toggle('old', stale);
    wall.classList.toggle('dim', isQuiet(settings.quiet, at, timezone));
    const { x, y } = driftAt(at, innerHeight);
    wall.style.transform = `translate(${x}px, ${y}px)`;
  }

  /** When anything was said about any of the brands, in milliseconds. */
  function lastSaid() {
    const all = totals();
    const times = brands.map((b) => (all[b.id] && all[b.id].last ? Date.parse(all[b.id].last) : NaN));
    const last = Math.max(...[...times, recent.last() || NaN].filter(Number.isFinite));
    return Number.isFinite(last) ? last : null;
  }

  const timer = setInterval(tick, tickEvery);
  tick();

  return {
    /** @param {() => number} serverNow */
    clock(serverNow) {
      now = serverNow;
      tick();
    },
    /** @param {Record<string, import('../stream/boards.js').View>} all */
    views(all) {
      const before = mapNow();
      views = all;
      draw();
      const scene = made[on.split(' ')[0]];
      if (scene && scene.map) scene.map.pulse(grown(before, mapNow()).slice(0, 3));
    },
    /** @param {any} next */
    status(next) {
      status = next;
      tick();
    },
    /** @param {{state: string, since: number}} next */
    link(next) {
      link = next;
      tick();
    },
    said() {
      if (on.startsWith('mentions') || on.startsWith('waiting')) draw();
      ticker.tick(now());
    },
    /** @param {any} mention opens a ring where it belongs, if that's on the wall */
    pulse(mention) {
      const [show, brand] = on.split(' ');
      const scene = made[show];
      if (!scene || !scene.map || !(mention.readings || {})[brand]) return;
      const place = placeOf(mention);
      if (place) scene.map.pulse([{ ...place, label: readingOf(mention, [brand]).label }]);
    },
    close() {
      clearInterval(timer);
    },
  };

  function font() {
    const short = Math.min(innerHeight / wordsPerScreen, innerWidth / 30);
    return Math.max(11, Math.round(short));
  }
}
