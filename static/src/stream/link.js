// @ts-check
// Keeps one source of server-sent events open for months. EventSource can't:
// it gives up for good on any answer but 200, such as a proxy's 502, and a
// half-open connection raises no error at all. So a source is closed on its
// first error and opened anew after a while, and one that stays silent for two
// heartbeats counts as lost.

/**
 * What a source is to the link: an EventSource, or a test's stand-in.
 * @typedef {object} Source
 * @property {(type: string, f: (e: any) => void) => void} addEventListener
 * @property {() => void} close
 */

/**
 * @typedef {'connecting' | 'up' | 'down' | 'denied' | 'paused' | 'closed'} LinkState
 * `down`: lost, and tried again and again; `denied`: this reader may not see
 * it (paired no longer, session over), and it is still tried, seldom.
 */

/**
 * @typedef {object} LinkOptions
 * @property {(url: string) => Source} makeSource
 * @property {() => string} url asked anew for every attempt, so that it can say where to go on
 * @property {string[]} events the named events to pass on
 * @property {(type: string, text: string, id: string) => any} receive gives what it read; may throw: the stream is then begun anew
 * @property {(state: LinkState) => void} changed
 * @property {() => Promise<number>} probe an HTTP status of the server, 0: it can't be reached; asked when an attempt failed
 * @property {import('./clock.js').Clock} clock
 */

/** Waits between attempts, in milliseconds: doubled from the first to the last, half of each by chance. */
export const firstWait = 500;
export const longestWait = 30_000;
/** A link that held this long was a good one: the next wait is short again. */
const goodAfter = 20_000;
/** Until hello says otherwise. */
const usualHeartbeat = 15_000;
/** A reader who may not see anything asks this seldom. */
const deniedWait = 60_000;

/** @param {LinkOptions} options */
export function makeLink({ makeSource, url, events, receive, changed, probe, clock }) {
  /** @type {LinkState} */
  let state = 'closed';
  /** @type {Source | null} */
  let source = null;
  let generation = 0; // answers to older attempts are void
  let failures = 0;
  let heartbeat = usualHeartbeat;
  let heardAt = 0; // when anything came last
  let openedAt = 0; // when hello came; 0: not yet
  /** @type {any} */
  let retry = null;
  /** @type {any} */
  let watch = null;

  /** @param {LinkState} next */
  function become(next) {
    if (next === state) return;
    state = next;
    changed(state);
  }

  function drop() {
    generation++;
    clock.cancel(retry);
    clock.cancel(watch);
    retry = watch = null;
    const old = source;
    source = null;
    if (old) old.close();
  }

  function open() {
    drop();
    const mine = generation;
    openedAt = 0;
    heardAt = clock.now();
    let made;
    try {
      made = makeSource(url());
    } catch {
      lost();
      return;
    }
    source = made;
    made.addEventListener('error', () => {
      if (mine === generation) lost();
    });
    for (const type of events) {
      made.addEventListener(type, (e) => {
        if (mine === generation) heard(type, e);
      });
    }
    look();
  }

  /**
   * @param {string} type
   * @param {{data: string, lastEventId: string}} e
   */
  function heard(type, e) {
    heardAt = clock.now();
    const mine = generation;
    try {
      const data = receive(type, e.data, e.lastEventId || '');
      if (type !== 'hello' || mine !== generation) return;
      openedAt = heardAt;
      if (data.heartbeat_ms > 0) heartbeat = data.heartbeat_ms;
      clock.cancel(watch);
      look();
      become('up');
    } catch (problem) {
      // What came can't be read or doesn't fit what is held: begin anew.
      console.error('stream:', type, problem);
      if (mine === generation) lost();
    }
  }

  /** Watches for silence: two missed heartbeats, and a little for the way. */
  function look() {
    const limit = 2 * heartbeat + Math.min(2000, heartbeat / 4);
    const left = heardAt + limit - clock.now();
    if (left <= 0) {
      lost();
      return;
    }
    watch = clock.after(left, look);
  }

  function lost() {
    const held = openedAt ? clock.now() - openedAt : 0;
    const answered = openedAt > 0;
    if (held >= goodAfter) failures = 0;
    failures++;
    drop();
    const mine = generation;
    if (state !== 'denied') become('down');
    if (mine !== generation) return; // whoever was told has decided otherwise
    again(state === 'denied' ? deniedWait : Math.min(longestWait, firstWait * 2 ** Math.min(failures - 1, 16)));
    // EventSource doesn't say why it failed; a plain request does.
    if (!answered || held < goodAfter) ask(mine);
  }

  /** @param {number} wait */
  function again(wait) {
    clock.cancel(retry);
    retry = clock.after(wait * (0.5 + clock.random() / 2), open);
  }

  /** @param {number} mine */
  async function ask(mine) {
    let status = 0;
    try {
      status = await probe();
    } catch {
      // Not reachable: the attempts go on.
    }
    if (mine !== generation || source) return;
    if (status === 401 || status === 403) {
      again(deniedWait);
      become('denied');
    } else if (state === 'denied') become('down');
  }

  return {
    state: () => state,
    /** How many attempts in a row came to nothing. */
    failures: () => failures,
    /** Begins, or begins anew at once. */
    start() {
      if (state !== 'up') become('connecting');
      open();
    },
    /** Something tells that the way may be free again: don't wait, unless it works. */
    nudge() {
      if (state === 'closed' || state === 'paused') return;
      if (!source) open();
      else {
        clock.cancel(watch);
        look();
      }
    },
    /** Lets go of the connection until `start`. */
    pause() {
      if (state === 'closed') return;
      drop();
      become('paused');
    },
    close() {
      drop();
      become('closed');
    },
  };
}
