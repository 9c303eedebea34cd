// @ts-check
// The page's one stream: what the server draws and says, as it happens. The
// only file that touches EventSource; what needs thinking about is in stream/,
// free of the browser.

import { makeBoards } from './stream/boards.js';
import { browserClock } from './stream/clock.js';
import { makeLink } from './stream/link.js';
import { makeMissed } from './stream/missed.js';
import { makeRenewal } from './stream/renewal.js';
import { makeShown } from './stream/shown.js';

/** @typedef {import('./stream/link.js').LinkState} LinkState */
/** @typedef {import('./stream/boards.js').View} View */

/**
 * @typedef {object} Listeners
 * @property {(hello: any) => void} [hello] the link is up: {build, now, heartbeat_ms, store_epoch}
 * @property {(views: Record<string, View>) => void} [snapshot] all that is drawn, by view; draw it anew
 * @property {(changes: Record<string, any>, views: Record<string, View>) => void} [delta]
 *   what changed ({view: {charts: {id: {set, gone}}, totals}}), and all views with it applied
 * @property {(mention: any, painted: (f: (ms: number | null) => void) => void) => void} [mention]
 *   something was said; `painted` calls back with how long it took onto the screen, null: it was made up for later
 * @property {(told: {brand: string, readings: Record<string, any>, more?: number}) => void} [correction]
 *   people corrected how these mentions were read towards a brand
 * @property {(alert: any) => void} [alert]
 * @property {(status: any) => void} [status]
 * @property {(link: {state: LinkState, since: number}) => void} [link] since: server time in milliseconds
 */

/**
 * @typedef {object} StreamOptions
 * @property {string[]} views such as `nokia@24h`
 * @property {string[]} charts ids
 * @property {Listeners} on
 * @property {boolean} [restWhenHidden] let go of the connection a while after the page is hidden:
 *   a browser has only six to a host, and a seventh tab would hang without a word
 * @property {string} [key] what opens this view and chart to whoever has no login
 * @property {string} [probe] an address that tells by its status whether this reader may look
 * @property {(url: string) => import('./stream/link.js').Source} [makeSource]
 * @property {import('./stream/clock.js').Clock} [clock]
 * @property {(url: string, init?: any) => Promise<{status: number, ok: boolean, json?: () => Promise<any>}>} [request]
 * @property {() => void} [reload]
 */

const events = ['hello', 'snapshot', 'delta', 'mention', 'correction', 'alert', 'status', 'heartbeat'];
const address = '/api/v1/stream';
/** A page that is hidden this long, in milliseconds, rests. */
export const restAfter = 60_000;

/** @param {StreamOptions} options */
export function connect({
  views,
  charts,
  on,
  restWhenHidden = false,
  key = '',
  probe = '/api/v1/brands',
  makeSource = (url) => new EventSource(url),
  clock = browserClock(),
  request = (url, init) => fetch(url, init),
  reload = () => location.reload(),
}) {
  let wanted = { views, charts };
  let lastId = '';
  let since = 0;
  /** @type {any} */
  let rest = null;
  const boards = makeBoards();
  const shown = makeShown({
    clock,
    report: (ms) => {
      // A figure that doesn't arrive is not worth a second attempt.
      request('/api/v1/shown', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ms }),
      }).catch(() => {});
    },
  });
  const renewal = makeRenewal({
    clock,
    healthy: async () => (await request('/healthz', { cache: 'no-store' })).ok,
    reload,
  });
  const missed = makeMissed({
    request,
    // Late as it is, it says nothing of how fast the server is.
    tell: (mention) => tell('mention', mention, (/** @type {(ms: number | null) => void} */ f) => f(null)),
  });
  const link = makeLink({
    makeSource,
    url,
    events,
    receive,
    clock,
    probe: async () => (await request(probe, { cache: 'no-store' })).status,
    changed(state) {
      since = shown.now();
      if (state === 'down' || state === 'paused' || state === 'denied') missed.lost();
      renewal.link(state === 'up' || state === 'paused' || state === 'denied');
      tell('link', { state, since });
    },
  });

  function url() {
    const query = new URLSearchParams();
    for (const view of wanted.views) query.append('view', view);
    query.set('charts', wanted.charts.join(','));
    if (key) query.set('key', key);
    if (lastId) query.set('after', lastId);
    return `${address}?${query}`;
  }

  /**
   * @param {string} type
   * @param {string} text
   * @param {string} id
   */
  function receive(type, text, id) {
    try {
      const data = JSON.parse(text);
      take(type, data);
      missed.alive(shown.now());
      if (id) lastId = id;
      return data;
    } catch (problem) {
      // Whatever is held can't be trusted any more: ask for a snapshot.
      lastId = '';
      boards.clear();
      throw problem;
    }
  }

  /**
   * A listener's own mistake is no reason to doubt the stream.
   * @param {keyof Listeners} name
   * @param {any[]} args
   */
  function tell(name, ...args) {
    const listener = /** @type {((...args: any[]) => void) | undefined} */ (on[name]);
    if (!listener) return;
    try {
      listener(...args);
    } catch (problem) {
      console.error('stream listener:', name, problem);
    }
  }

  /**
   * @param {string} type
   * @param {any} data
   */
  function take(type, data) {
    switch (type) {
      case 'hello':
        shown.told(data.now);
        renewal.hello(data.build);
        tell('hello', data);
        break;
      case 'heartbeat':
        shown.told(data.now);
        break;
      case 'snapshot':
        boards.snapshot(data);
        tell('snapshot', boards.views());
        if (on.mention) missed.fill(wanted.views);
        break;
      case 'delta':
        boards.delta(data);
        tell('delta', data.views, boards.views());
        break;
      case 'mention':
        missed.note(data.id);
        tell('mention', data, (/** @type {(ms: number | null) => void} */ f) => afterPaint(() => f(shown.painted(data.seen))));
        break;
      case 'correction':
      case 'alert':
      case 'status':
        tell(type, data);
        break;
    }
  }

  function woken() {
    clock.cancel(rest);
    rest = null;
    if (hidden()) {
      if (restWhenHidden) rest = clock.after(restAfter, () => link.pause());
    } else if (link.state() === 'paused') link.start();
    else link.nudge();
  }

  listen(true, woken);
  link.start();

  return {
    /** The server's time, in milliseconds since 1970. */
    now: () => shown.now(),
    views: () => boards.views(),
    link: () => ({ state: link.state(), since }),
    /**
     * Shows other views, and other charts if named.
     * @param {string[]} views
     * @param {string[]} [charts]
     */
    show(views, charts = wanted.charts) {
      wanted = { views, charts };
      lastId = '';
      boards.clear();
      missed.forget();
      link.start();
    },
    close() {
      listen(false, woken);
      clock.cancel(rest);
      renewal.close();
      shown.close();
      link.close();
    },
  };
}

function hidden() {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden';
}

/**
 * Two frames from now, what was put on the page just now has been painted. A
 * hidden page paints nothing, so nothing is measured there.
 * @param {() => void} f
 */
function afterPaint(f) {
  if (typeof requestAnimationFrame === 'undefined' || hidden()) return;
  requestAnimationFrame(() => requestAnimationFrame(f));
}

/**
 * @param {boolean} begin
 * @param {() => void} f
 */
function listen(begin, f) {
  if (typeof document === 'undefined') return;
  const change = begin ? 'addEventListener' : 'removeEventListener';
  window[change]('online', f);
  window[change]('pageshow', f);
  document[change]('visibilitychange', f);
}
