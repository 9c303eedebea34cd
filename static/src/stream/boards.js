// @ts-check
// What the server drew for each view, kept up to date: a snapshot, and the
// deltas after it. It holds as many views and charts as the page asked for.

import { apply } from '../delta.js';

/**
 * @typedef {object} View
 * @property {Record<string, any>} charts options by chart id
 * @property {any} totals the figures behind the sentences
 */

/** A delta came for something that isn't there: only a snapshot helps. */
export class UnknownBase extends Error {}

export function makeBoards() {
  /** @type {Record<string, View>} */
  let views = {};

  return {
    views: () => views,
    clear() {
      views = {};
    },
    /** @param {{views: Record<string, View>}} data */
    snapshot(data) {
      for (const [name, view] of Object.entries(data.views)) {
        views[name] = { charts: view.charts || {}, totals: view.totals };
      }
    },
    /** @param {{views: Record<string, {charts?: Record<string, any>, totals?: any}>}} data */
    delta(data) {
      for (const [name, change] of Object.entries(data.views)) {
        const view = views[name];
        if (!view) throw new UnknownBase(`a delta for ${name}, which has no snapshot`);
        for (const [id, delta] of Object.entries(change.charts || {})) {
          if (!(id in view.charts)) throw new UnknownBase(`a delta for ${name} ${id}, which has no snapshot`);
          view.charts[id] = apply(view.charts[id], delta);
        }
        if (change.totals) view.totals = change.totals;
      }
    },
  };
}
