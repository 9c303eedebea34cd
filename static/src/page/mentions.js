// @ts-check
// The mentions as elements. Feed text is hostile: it becomes text nodes alone,
// and a link only where it begins with http.
import { h, linkable, put, say } from '../dom.js';
import { labels, placeWords, words } from '../words.js';
import { ago, country, fullTime } from './say.js';
import { signed } from '../format.js';

/** @typedef {{brand: string, zone: string, now: number}} Context */

/**
 * @param {HTMLElement} ul
 */
export function makeMentions(ul) {
  /** @type {Map<string, {li: HTMLLIElement, mention: any, time: HTMLElement}>} */
  let shown = new Map();
  let brand = '';

  return {
    /** Makes the list show these, touching only what changed. @param {any[]} mentions @param {Context} context @param {boolean} live */
    show(mentions, context, live) {
      if (brand !== context.brand) {
        brand = context.brand;
        shown = new Map();
        ul.textContent = '';
      }
      /** @type {typeof shown} */
      const next = new Map();
      for (const mention of mentions) {
        const old = shown.get(mention.id);
        if (old && old.mention === mention) {
          next.set(mention.id, old);
          continue;
        }
        const made = item(mention, context);
        if (!old && live) made.li.classList.add('fresh');
        next.set(mention.id, { ...made, mention });
        if (old) old.li.remove();
      }
      for (const [id, old] of shown) if (!next.has(id)) old.li.remove();
      let at = ul.firstElementChild;
      for (const { li } of next.values()) {
        if (li === at) at = at.nextElementSibling;
        else ul.insertBefore(li, at);
      }
      shown = next;
    },
    /** Lets time pass. @param {number} now */
    tick(now) {
      for (const { mention, time } of shown.values()) say(time, ago(mention.published, now));
    },
  };
}

/** @param {any} mention @param {Context} context */
function item(mention, { brand, zone, now }) {
  const reading = (mention.readings && mention.readings[brand]) || { label: 'unclear', score: 0, confidence: 0, reasons: [] };
  const label = labels[reading.label] ? reading.label : 'unclear';
  const { word, sign } = labels[label];
  const title = mention.title || shorten(mention.text) || words.untitled;

  const heading = linkable(mention.url)
    ? h('a', { href: mention.url, rel: 'noopener noreferrer nofollow', target: '_blank', dir: 'auto' }, title)
    : h('span', { dir: 'auto' }, title);
  const time = h('time', { datetime: mention.published, title: fullTime(mention.published, zone) }, ago(mention.published, now));

  const meta = h('p', { class: 'meta' },
    h('span', { class: label }, word, ' ', h('span', { class: 'score' }, signed(reading.score * 100))),
    ...facts(mention), time);
  if (reading.corrected) meta.appendChild(h('span', {}, words.corrected));
  if (mention.uncounted) meta.appendChild(h('span', {}, words.uncounted));
  else if (mention.undated) meta.appendChild(h('span', {}, words.undated));

  const why = h('div', { class: 'why', hidden: true });
  const button = h('button', {
    type: 'button', class: 'link', 'aria-expanded': 'false', 'aria-label': words.whyOf(title),
    onclick() {
      const open = why.hidden;
      if (open) put(why, ...reasons(mention, reading));
      why.hidden = !open;
      button.setAttribute('aria-expanded', String(open));
    },
  }, words.why);
  meta.appendChild(button);

  const li = h('li', { class: 'mention' },
    h('span', { class: `sign ${label}`, 'aria-hidden': 'true' }, sign),
    h('div', { class: 'said' }, h('h3', {}, heading), meta, why));
  return { li, time };
}

/** Where it stood: outlet, countries, copies. @param {any} mention @returns {HTMLElement[]} */
function facts(mention) {
  const places = mention.places || {};
  const outlet = mention.outlet || (mention.sources || [])[0];
  const from = places.from && places.from.country;
  const origin = places.origin && (places.origin.place || places.origin.country);
  return [
    outlet && h('span', { class: 'outlet' }, outlet),
    from && h('abbr', { title: `${placeWords.from} ${country(from)}` }, from),
    origin && origin !== from && h('span', {}, `${placeWords.origin} ${country(origin)}`),
    mention.copies > 1 && h('span', {}, words.copies(mention.copies)),
  ].filter(Boolean);
}

/** The text with the words that decided marked in it. @param {any} mention @param {any} reading */
function reasons(mention, reading) {
  const list = /** @type {any[]} */ (reading.reasons || []);
  const out = [];
  if (mention.text && mention.text !== mention.title) out.push(h('p', { class: 'text', dir: 'auto' }, ...marked(mention.text, list.filter((r) => r.field !== 'title'))));
  out.push(list.length
    ? h('ul', { class: 'reasons' }, ...list.map((r) => h('li', { class: r.weight < 0 ? 'negative' : 'positive' }, h('bdi', {}, r.text), ' ', signed(r.weight * 100))))
    : h('p', {}, words.noReasons));
  if (reading.confidence > 0) out.push(h('p', { class: 'sure' }, words.confidence(reading.confidence)));
  return out;
}

const longest = 600; // code points of a text shown

/** @param {string} text @param {any[]} list reasons in it, in code points */
function marked(text, list) {
  const points = Array.from(text);
  /** @type {Node[]} */
  const out = [];
  let at = 0;
  const end = Math.min(points.length, longest);
  for (const r of [...list].sort((a, b) => a.start - b.start)) {
    // A field that isn't named, or has other words there, belongs elsewhere.
    if (!(r.start >= at) || r.end > end || points.slice(r.start, r.end).join('') !== r.text) continue;
    out.push(document.createTextNode(points.slice(at, r.start).join('')));
    out.push(h('mark', { class: r.weight < 0 ? 'negative' : 'positive' }, r.text));
    at = r.end;
  }
  out.push(document.createTextNode(points.slice(at, end).join('') + (end < points.length ? ' …' : '')));
  return out;
}

/** @param {string} text */
function shorten(text) {
  const points = Array.from(text || '');
  return points.length > 140 ? points.slice(0, 139).join('').replace(/\s+\S*$/, '') + ' …' : text || '';
}
