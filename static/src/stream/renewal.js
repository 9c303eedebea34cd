// @ts-check
// When a page loads itself anew: the server has a newer build of it, or nothing
// else has helped for a long time. Never while the server doesn't answer: the
// browser would put up an error page, and that one doesn't come back by itself.

/** A new build is fetched within this long, in milliseconds, so that screens don't all come at once. */
export const spread = 20_000;
/** A link that has been lost this long, with the server answering, is the page's own fault. */
export const lastResort = 10 * 60_000;
/** How often a server that doesn't answer is asked again. */
const askEvery = 5_000;

/**
 * @param {object} options
 * @param {import('./clock.js').Clock} options.clock
 * @param {() => Promise<boolean>} options.healthy
 * @param {() => void} options.reload
 */
export function makeRenewal({ clock, healthy, reload }) {
  let build = '';
  let due = false;
  /** @type {any} */
  let timer = null;
  /** @type {any} */
  let resort = null;
  let closed = false;

  async function whenHealthy() {
    timer = null;
    let ok = false;
    try {
      ok = await healthy();
    } catch {
      // Not reachable: asked again below.
    }
    if (closed || !due) return;
    if (ok) reload();
    else timer = clock.after(askEvery, whenHealthy);
  }

  function renew() {
    if (due || closed) return;
    due = true;
    timer = clock.after(clock.random() * spread, whenHealthy);
  }

  return {
    /**
     * The first build that the server names is taken to be this page's own.
     * @param {string} served
     */
    hello(served) {
      if (!served) return;
      if (!build) build = served;
      else if (served !== build) renew();
    },
    /** @param {boolean} up */
    link(up) {
      clock.cancel(resort);
      resort = up || closed ? null : clock.after(lastResort, renew);
    },
    close() {
      closed = true;
      clock.cancel(timer);
      clock.cancel(resort);
    },
  };
}
