// @ts-check
// When there is little to see, the page says what is being waited for and what
// can be done.
import { h, put } from '../dom.js';
import { windows, words } from '../words.js';

const bad = new Set(['failing', 'not-a-feed', 'gone']);

/**
 * @param {HTMLElement} el
 * @param {{facts: () => any, onWindow: (w: string) => void, onSources: () => void}} around
 */
export function makeNotice(el, { facts, onWindow, onSources }) {
  let drawn = '';

  /** @param {string} key what it says; the same again is left alone @param {() => Node[]} make */
  function show(key, make) {
    if (key === drawn) return;
    drawn = key;
    el.hidden = !key;
    put(el, ...make());
  }

  return {
    draw() {
      const { brand, window, windows: there, total, sources, status } = facts();
      if (!brand) return show('no brand', () => [h('h1', {}, words.noBrandTitle), h('p', {}, words.noBrand)]);
      const trouble = status && status.redis && status.redis.state === 'down' ? words.storeAway
        : status && status.ingest && status.ingest.state === 'down' ? words.ingestStopped : '';
      if (!total || total.total.mentions > 0) return show(trouble, () => [h('p', {}, trouble)]);

      const asked = sources.filter((/** @type {any} */ s) => s.state !== 'new').length;
      const broken = sources.filter((/** @type {any} */ s) => bad.has(s.state)).length;
      const waiting = asked < sources.length;
      const longer = there[there.indexOf(window) + 1];
      show([brand.id, window, asked, broken, sources.length, trouble].join(), () => [
        h('h1', {}, waiting ? words.waitingTitle(brand.name) : words.emptyTitle(brand.name, windows[window] || window)),
        trouble ? h('p', {}, trouble) : null,
        h('p', {}, words.emptyLooksFor, ' ', h('code', { dir: 'auto' }, brand.query), '. ',
          !sources.length ? words.noSources : waiting ? words.emptyFirst(asked, sources.length) : broken ? words.emptyFailing(broken, sources.length) : words.emptyQuiet(sources.length)),
        h('p', { class: 'actions' },
          longer ? h('button', { type: 'button', class: 'button', onclick: () => onWindow(longer) }, words.tryLonger(windows[longer] || longer)) : null,
          sources.length ? h('button', { type: 'button', class: 'button', onclick: onSources }, words.seeSources) : null),
        h('p', { class: 'hint' }, words.orPush),
        h('pre', { tabindex: '0' }, `curl -H 'Content-Type: application/json' -d '{"title":"${brand.name.replace(/['"\\]/g, '')} …"}' ${location.origin}/api/v1/mentions`),
      ].filter((n) => n !== null));
    },
  };
}
