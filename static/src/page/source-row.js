// @ts-check
// One source in the panel.
import { h, icon, linkable, put, say } from '../dom.js';
import { count } from '../format.js';
import { inTrouble, kindOf, kinds, shareWords, sourceFacts, sourcePanel, sourceWords } from '../source-words.js';
import { span } from '../time-words.js';
import { ago, fullTime, soon } from './say.js';
import { hostOf, strip } from './source-list.js';

const stripDays = 14;

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @param {string} id
 * @param {(id: string) => void} onPick
 */
export function makeRow(id, onPick) {
  const chip = h('span', { class: 'chip-state' });
  const name = h('bdi');
  const pick = h('button', { type: 'button', class: 'source-name', onclick: () => onPick(id) }, name);
  const open = h('a', { class: 'source-open', rel: 'noopener noreferrer nofollow', target: '_blank' }, icon('M6.500 3.500h-3v9h9v-3M9 3.500h3.500V7M12.500 3.500L7.500 8.500'));
  const sentence = h('p', { class: 'source-words' });
  const error = h('p', { class: 'error', dir: 'auto' });
  const days = h('p', { class: 'source-days' });
  const next = h('span');
  const facts = h('p', { class: 'meta' });
  const el = h('li', {}, h('div', { class: 'source-head' }, h('div', { class: 'source-title' }, pick, open), chip), sentence, error, facts, days);
  let drawn = '';
  let kind = '';
  /** @type {any} */
  let source = {};

  /** The time of the next poll, which runs. @param {number} now */
  function tick(now) {
    if (next.isConnected) say(next, sourceFacts.next(soon(source.next_poll, now)));
  }

  return {
    el,
    tick,
    /** @param {any} s @param {number} now @param {string} zone */
    show(s, now, zone) {
      source = s;
      const key = JSON.stringify(s) + Math.floor(now / 15_000);
      if (key === drawn) return;
      drawn = key;
      const known = s.name || s.id;
      say(name, known);
      pick.setAttribute('aria-label', sourcePanel.list(known));
      pick.title = sourcePanel.list(known);
      open.hidden = !linkable(s.url);
      if (!open.hidden) {
        open.href = s.url;
        open.setAttribute('aria-label', sourcePanel.open(known));
        open.title = s.url;
      }
      if (kindOf(s) !== kind) {
        kind = kindOf(s);
        const { word, path } = kinds[/** @type {import('../source-words.js').Kind} */ (kind)];
        put(chip, icon(path), word);
      }
      el.className = inTrouble(s) ? `bad ${kind}` : kind;

      // What the chip says already isn't said again.
      const told = sourceWords(s, now, zone).replace(/^fine(: |$)/, '');
      const twice = s.last_error && (s.state === 'not-a-feed' || s.state === 'moved') && kind !== 'quiet';
      say(sentence, twice ? '' : capital(told));
      sentence.hidden = !sentence.textContent;
      // When the pause ends, the sentence says on this page's clock.
      say(error, s.state === 'waiting' ? sourceFacts.nothingToDo : s.last_error ? capital(s.last_error) : '');
      error.hidden = !error.textContent;

      const host = hostOf(s.url);
      const asks = s.next_poll && s.state !== 'gone' && s.state !== 'paused';
      if (asks) say(next, sourceFacts.next(soon(s.next_poll, now)));
      put(facts, ...[
        s.share ? h('span', { class: 'source-share', title: sourceFacts.shareOf }, shareWords(s.share)) : null,
        host && host !== known ? h('span', { dir: 'ltr' }, host) : null,
        s.last_success ? h('span', { title: fullTime(s.last_success, zone) }, sourceFacts.answered(ago(s.last_success, now)))
          : h('span', {}, s.kind === 'push' ? sourceFacts.pushes : s.state === 'new' ? '' : sourceFacts.neverAnswered),
        s.last_item && !s.silent_since ? h('span', { title: fullTime(s.last_item, zone) }, sourceFacts.newest(ago(s.last_item, now))) : null,
        s.items_per_day >= 1 ? h('span', {}, sourceFacts.perDay(count(s.items_per_day))) : null,
        asks ? next : null,
        s.interval >= 60 && s.state !== 'gone' ? h('span', {}, sourceFacts.every(span(s.interval * 1000))) : null,
        hubOf(s) ? h('span', {}, sourceFacts.hub(hubOf(s))) : null,
        s.push && ['silent', 'denied', 'failed'].includes(s.push.state) ? h('span', { dir: 'auto' }, s.push.note || '') : null,
        s.too_old > 0 ? h('span', {}, sourceFacts.tooOld(count(s.too_old))) : null,
      ].filter((f) => f && f.textContent));
      drawDays(days, s, now);
    },
  };
}

/** The hub that pushes a feed, if one does. @param {any} s */
function hubOf(s) {
  const push = s.push;
  if (!push) return '';
  const hub = typeof push === 'string' ? push : push.state && push.state !== 'active' ? '' : push.hub;
  return hub ? hostOf(hub) || String(hub) : '';
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** The last days as a strip: where it is broken, nothing came. @param {HTMLElement} el @param {any} s @param {number} now */
function drawDays(el, s, now) {
  const { marks, lost } = strip(s, now, stripDays);
  el.hidden = !marks.length;
  if (!marks.length) return put(el);
  const svg = document.createElementNS(svgSpace, 'svg');
  svg.setAttribute('viewBox', '0 0 100 6');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const rect = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ name) => {
    const r = document.createElementNS(svgSpace, 'rect');
    for (const [k, v] of Object.entries({ x: 100 * from, width: Math.max(100 * (to - from), name === 'lost' ? 0.8 : 0), y: name === 'lost' ? 0 : 2, height: name === 'lost' ? 6 : 2, class: name })) r.setAttribute(k, String(v));
    svg.appendChild(r);
  };
  rect(0, 1, 'there');
  for (const m of marks) rect(Math.min(m.from, 0.992), m.to, 'lost');
  put(el, svg, h('span', {}, sourceFacts.outages(marks.length, `${stripDays} days`, span(lost))));
}
