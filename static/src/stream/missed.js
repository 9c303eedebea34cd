// @ts-check
// A snapshot brings the charts up to date, but says nothing of the mentions
// that were streamed while the link was lost. They are asked for, and told like
// any others.

/** So many of the newest are looked through; more than fit on a screen. */
const most = 50;
/** The ids of so many mentions are known, so that none is told twice. */
const known = 200;
/** What was accepted this long before the last sign of life may not have been streamed any more, in milliseconds. */
const margin = 2_000;

/**
 * @param {object} options
 * @param {(url: string) => Promise<any>} options.request as fetch
 * @param {(mention: any) => void} options.tell
 */
export function makeMissed({ request, tell }) {
  /** @type {Set<string>} in the order in which they came */
  const ids = new Set();
  let heard = NaN; // server time of the last sign of life
  let gap = NaN; // and before the link was lost; NaN: nothing to make up for
  let turn = 0;

  /** @param {string} id */
  function note(id) {
    ids.add(id);
    if (ids.size > known) ids.delete(/** @type {string} */ (ids.values().next().value));
  }

  return {
    /** @param {number} now server time: something came */
    alive(now) {
      heard = now;
    },
    /** @param {string} id of a mention that was told */
    note,
    /** The link is lost; what comes from now on has a gap before it. */
    lost() {
      if (Number.isNaN(gap)) gap = heard;
    },
    /** The gap needs no filling: the stream goes on from where it was, or speaks of something else. */
    forget() {
      turn++;
      gap = NaN;
    },
    /**
     * Asks for what was missed, if anything can have been.
     * @param {string[]} views
     */
    async fill(views) {
      if (Number.isNaN(gap)) return;
      const from = gap - margin;
      gap = NaN;
      const mine = ++turn;
      const brands = new Set(views.flatMap((v) => v.split('@')[0].split(',')));
      const query = new URLSearchParams({ brand: [...brands].join(','), window: views[0].split('@')[1], limit: String(most) });
      let list;
      try {
        const answer = await request(`/api/v1/mentions?${query}`);
        list = answer.ok ? (await answer.json()).mentions : [];
      } catch {
        return; // The charts have them; the next load of the list will, too.
      }
      if (mine !== turn || !Array.isArray(list)) return;
      for (const mention of list.reverse()) {
        if (ids.has(mention.id) || !(Date.parse(mention.seen) >= from)) continue;
        note(mention.id);
        tell(mention);
      }
    },
  };
}
