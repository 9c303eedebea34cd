// @ts-check
// One mention as an element. Feed text is hostile: it becomes text nodes alone,
// and a link only where it begins with http.
import { h, icon, linkable, put, say } from '../dom.js';
import { labels, placeWords, words } from '../words.js';
import { count, signed } from '../format.js';
import { whereList } from './here.js';
import { ago, country, fullTime } from './say.js';
import { makeSetter } from './setter.js';
import { makeStory } from './story.js';
import { tinted, why } from './why.js';

/** @typedef {{brand: string, name: string, zone: string, now: number, set: (mention: any, wish: import('./corrections.js').Wish, story: boolean) => Promise<number>, copies: (story: string, page: {limit: number, cursor?: string}) => string}} Context brand: its id; copies: the query of a story's mentions */

/** @param {any} mention @param {Context} context */
export function makeMention(mention, context) {
  const { brand, name, zone, now } = context;
  let at = now;
  const h3 = h('h3');
  let heading = headingOf(mention);
  h3.appendChild(heading);
  const sign = h('span', { 'aria-hidden': 'true' });
  const time = h('time');
  const label = h('button', { type: 'button', 'aria-expanded': 'false', onclick: toggle });
  const meta = h('p', { class: 'meta' });
  const reasons = h('div');
  const panel = h('div', { class: 'why', hidden: true }, reasons);
  const more = h('button', { type: 'button', class: 'more-copies', 'aria-expanded': 'false', onclick: unfold });
  const story = makeStory({ brand, zone, now: () => at, query: context.copies });
  /** @type {ReturnType<typeof makeSetter> | undefined} made when it is first looked at */
  let setter;
  const li = h('li', { class: 'mention' }, sign, h('div', { class: 'said' }, h3, meta, panel, story.el));

  function toggle() {
    panel.hidden = !panel.hidden;
    label.setAttribute('aria-expanded', String(!panel.hidden));
    draw();
  }

  function unfold() {
    const open = more.getAttribute('aria-expanded') !== 'true';
    more.setAttribute('aria-expanded', String(open));
    if (open) story.open(mention);
    else story.close();
  }

  function draw() {
    const title = titleOf(mention);
    time.setAttribute('datetime', mention.published);
    time.setAttribute('title', fullTime(mention.published, zone));
    say(time, ago(mention.published, at));
    if (mention.copies > 0) {
      put(more, words.copies(count(mention.copies)), icon('M5 6.500 8 9.500 11 6.500'));
      more.setAttribute('aria-label', words.copiesOf(count(mention.copies), title));
    }
    const reading = readingOf(mention, brand);
    const look = lookOf(reading, name);
    sign.className = `sign ${look.label}`;
    say(sign, look.sign);
    li.classList.toggle('unrelated', Boolean(reading.irrelevant));
    label.className = `label ${look.label}`;
    label.setAttribute('aria-label', words.whyOf(`${look.word} ${look.score}`.trim(), title));
    put(label, look.word, look.score && ' ', look.score && h('span', { class: 'score' }, look.score), icon('M5 6.500 8 9.500 11 6.500'));
    const had = /** @type {HTMLElement | undefined} */ ([label, more].find((b) => document.activeElement === b));
    put(meta, label, ...facts(mention), time, mention.copies > 0 && more,
      reading.corrected && h('span', { class: 'by' }, words.corrected),
      mention.uncounted ? h('span', {}, words.uncounted) : mention.undated && h('span', {}, words.undated));
    if (had) had.focus({ preventScroll: true });
    const list = reading.reasons || [];
    if (panel.hidden) {
      put(heading, titleOf(mention));
      return;
    }
    if (!setter) {
      setter = makeSetter({
        brand: name, title, set: (wish, story) => context.set(mention, wish, story),
        login: `/login?next=${encodeURIComponent(location.pathname + location.search)}`,
      });
      panel.appendChild(setter.el);
    }
    put(heading, ...(mention.title ? tinted(mention.title, list, 'title') : [titleOf(mention)]));
    put(reasons, ...why(mention, reading), whereList(mention));
    setter.show(reading);
  }

  draw();
  return {
    li,
    /** @param {any} next the same mention as it is now; what is open stays open */
    update(next) {
      const other = next.id !== mention.id || next.url !== mention.url; // a newer one stands for the story now
      if (other) {
        const link = headingOf(next);
        h3.replaceChild(link, heading);
        heading = link;
      }
      if (next.id !== mention.id && setter) { // it would correct the one before
        setter.el.remove();
        setter = undefined;
      }
      const more = next.copies !== mention.copies;
      mention = next;
      draw();
      if (more && !story.el.hidden) story.open(mention);
    },
    /** Lets time pass. @param {number} to */
    tick(to) {
      at = to;
      say(time, ago(mention.published, at));
    },
  };
}

/** The title, linked where it may be. @param {any} mention */
function headingOf(mention) {
  return linkable(mention.url)
    ? h('a', { href: mention.url, rel: 'noopener noreferrer nofollow', target: '_blank', dir: 'auto' }, titleOf(mention))
    : h('span', { dir: 'auto' }, titleOf(mention));
}

/** @param {any} mention */
function titleOf(mention) {
  return mention.title || shorten(mention.text) || words.untitled;
}

/** @param {any} mention @param {string} brand */
function readingOf(mention, brand) {
  return (mention.readings && mention.readings[brand]) || { label: 'unclear', score: 0, confidence: 0, reasons: [] };
}

/** How a reading shows. A person gives no figure. @param {any} reading @param {string} name of the brand */
function lookOf(reading, name) {
  if (reading.irrelevant) return { label: 'unclear', word: words.notAbout(name), sign: '×', score: '' };
  const label = labels[reading.label] ? reading.label : 'unclear';
  return { label, ...labels[label], score: reading.corrected ? '' : signed(reading.score * 100) };
}

/** Where it stood: outlet, countries, stars. @param {any} mention @returns {HTMLElement[]} */
function facts(mention) {
  const places = mention.places || {};
  const outlet = mention.outlet || (mention.sources || [])[0];
  const from = places.from && places.from.country;
  const origin = places.origin && (places.origin.place || places.origin.country);
  const about = (places.about || []).slice(0, 3).map((/** @type {any} */ p) => country(p.country)).join(', ');
  return [
    outlet && h('span', { class: 'outlet' }, outlet),
    from && h('abbr', { title: `${placeWords.from} ${country(from)}` }, from),
    about && h('span', {}, `${placeWords.about} ${about}`),
    origin && origin !== from && h('span', {}, `${placeWords.origin} ${country(origin)}`),
    mention.stars > 0 && h('span', { role: 'img', 'aria-label': words.stars(mention.stars) }, starred(mention.stars)),
  ].filter(Boolean);
}

/** @param {number} n of five */
function starred(n) {
  return '★'.repeat(n) + '☆'.repeat(Math.max(0, 5 - n));
}

/** @param {string} text */
function shorten(text) {
  const points = Array.from(text || '');
  return points.length > 140 ? points.slice(0, 139).join('').replace(/\s+\S*$/, '') + ' …' : text || '';
}
