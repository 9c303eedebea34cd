// @ts-check
// The corner at the foot: how far behind the world the screen is, or why
// nothing moves. Each silence has a drawing of its own, none a colour: colours
// speak of feeling.

import { silence } from '../silence.js';
import { h, icon, say } from '../dom.js';
import { latency } from './words.js';

/** @type {Record<string, string>} */
const drawings = {
  // a chain torn apart; a square that stands still; a ring that warns; a crescent
  link: 'M6 10l-1.2 1.2a2.4 2.4 0 0 1-3.4-3.4l2-2a2.4 2.4 0 0 1 3-.3M10 6l1.2-1.2a2.4 2.4 0 0 1 3.4 3.4l-2 2a2.4 2.4 0 0 1-3 .3M5.5 1.5l.7 2M10.5 14.5l-.7-2',
  ingest: 'M3.5 3.5h9v9h-9z',
  sources: 'M8 2a6 6 0 1 1-6 6M8 5v3.5M8 10.8v.2',
  quiet: 'M13.5 9.8A5.8 5.8 0 1 1 6.3 2.6a4.8 4.8 0 0 0 7.2 7.2z',
};

/** @param {ReturnType<typeof import('./recent.js').makeRecent>} recent */
export function makeCorner(recent) {
  const drawing = h('span', { class: 'drawing' });
  const sentence = h('span', { class: 'sentence' });
  const also = h('span', { class: 'also' });
  const root = h('div', { class: 'corner' }, drawing, h('p', {}, sentence, also));
  root.setAttribute('role', 'status');
  let kind = '';

  /**
   * @param {Parameters<typeof silence>[0]} facts
   * @returns {boolean} whether what is on the screen may be old
   */
  function tick(facts) {
    const found = silence(facts);
    if (found.kind !== kind) {
      kind = found.kind;
      root.dataset.silence = kind;
      drawing.textContent = '';
      if (drawings[kind]) drawing.append(icon(drawings[kind]));
    }
    const { found: behind, shown } = recent.latency();
    say(sentence, found.sentence || latency(behind, shown));
    say(also, found.also[0] || '');
    return found.stale;
  }

  return { root, tick };
}
