// @ts-check
// The wall's beginning: what to show, from where; then it runs for months.

import { connect } from '../stream.js';
import { keepAwake } from './awake.js';
import { pair } from './pairing.js';
import { makeRecent, kept } from './recent.js';
import { scenesOf } from './rotation.js';
import { makeShow } from './show.js';
import { makeWaiting } from './waiting.js';
import { h } from '../dom.js';
import { words } from './words.js';

document.documentElement.setAttribute('data-runs', ''); // old/away.js looks for it

const charts = ['timeline', 'map', 'topics'];
const usualWindow = '24h';
/** Whether the configuration has changed is looked up this often, in milliseconds. */
const lookEvery = 60_000;

/** @typedef {{status: number, body: any}} Answer status 0: the server can't be reached */

/**
 * @param {string} url
 * @returns {Promise<Answer>}
 */
async function get(url) {
  try {
    const answer = await fetch(url, { cache: 'no-store' });
    return { status: answer.status, body: answer.ok ? await answer.json() : null };
  } catch {
    return { status: 0, body: null };
  }
}

/** What the server says about this wall; null: it doesn't answer. */
async function configuration() {
  const id = new URLSearchParams(location.search).get('id') || '';
  const [asked, brands] = await Promise.all([get(`/api/v1/walls${id ? `?id=${encodeURIComponent(id)}` : ''}`), get('/api/v1/brands')]);
  // A wall that is no longer set up gives way to the first.
  const walls = asked.status === 400 || asked.status === 404 ? await get('/api/v1/walls') : asked;
  if (walls.status === 401 || brands.status === 401 || walls.status === 403) return 'denied';
  if (!walls.body || !brands.body) return null;
  const all = /** @type {any[]} */ (walls.body.walls || []);
  const wall = all.find((w) => w.id === id) || all[0] || {};
  const known = /** @type {import('./show.js').Brand[]} */ (brands.body.brands || []);
  const named = /** @type {string[]} */ (wall.brands && wall.brands.length ? wall.brands : known.map((b) => b.id));
  const shown = named.flatMap((b) => known.find((k) => k.id === b) || []);
  const only = decodeURIComponent(location.pathname.split('/')[2] || '');
  return {
    brands: shown.map(({ id, name, color }) => ({ id, name, color })),
    window: /** @type {string} */ (wall.window || usualWindow),
    scenes: scenesOf(wall.scenes, shown.length, only),
    quiet: /** @type {string} */ (wall.quiet || ''),
    motion: /** @type {'full' | 'reduced'} */ (wall.motion === 'reduced' ? 'reduced' : 'full'),
    timezone: /** @type {string} */ (walls.body.timezone || brands.body.timezone || 'UTC'),
    demo: Boolean(brands.body.demo),
  };
}

/** @param {number} ms */
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

async function begin() {
  const body = document.body;
  const waiting = makeWaiting();
  waiting.root.classList.add('on');
  waiting.draw(words.opening, [{ name: 'Agora' }], '');
  body.append(h('main', { class: 'wall' }, waiting.root));

  for (let attempt = 0; ; attempt++) {
    const settings = await configuration();
    if (settings === 'denied') {
      await pair(body);
    } else if (settings) {
      run(body, settings);
      return;
    } else {
      waiting.draw(words.starting, [{ name: 'Agora' }], words.startingHelp(location.host));
      await rest(Math.min(15_000, 1000 * 1.5 ** attempt) * (0.75 + Math.random() / 2));
    }
  }
}

/**
 * @param {HTMLElement} body
 * @param {Exclude<Awaited<ReturnType<typeof configuration>>, 'denied' | null>} settings
 */
function run(body, settings) {
  const ids = settings.brands.map((b) => b.id);
  const recent = makeRecent();
  const show = makeShow(body, settings, recent);
  const asBegun = JSON.stringify(settings);
  keepAwake();

  /** A wall that was set up anew, or paired no longer, begins anew. */
  async function look() {
    const now = await configuration();
    if (now === 'denied' || (now && JSON.stringify(now) !== asBegun)) location.reload();
  }
  setInterval(look, lookEvery);
  if (!ids.length) {
    show.link({ state: 'up', since: Date.now() });
    return;
  }

  async function fill() {
    const query = new URLSearchParams({ brand: ids.join(','), window: settings.window, fold: 'story', limit: String(kept) });
    const { body: list } = await get(`/api/v1/mentions?${query}`);
    if (!list || !Array.isArray(list.mentions)) return;
    recent.replace(list.mentions);
    show.said();
  }

  const stream = connect({
    views: ids.map((id) => `${id}@${settings.window}`),
    charts,
    on: {
      snapshot(views) {
        show.views(views);
        fill();
      },
      delta: (_, views) => show.views(views),
      mention(mention, painted) {
        recent.add(mention);
        show.said();
        show.pulse(mention);
        painted((ms) => recent.painted(ms));
      },
      correction: () => { fill(); },
      status: (status) => show.status(status),
      link(link) {
        show.link(link);
        if (link.state === 'denied') look();
      },
    },
  });
  show.clock(stream.now);
}

begin();
