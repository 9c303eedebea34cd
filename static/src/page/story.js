// @ts-check
// What else tells the same story: who had it first, how it spread, and the
// copies that a row of the list stands for. Feed text is hostile: it becomes
// text nodes alone.
import { h, linkable, put } from '../dom.js';
import { count } from '../format.js';
import { span } from '../time-words.js';
import { labels, storyWords, words } from '../words.js';
import { aborted, get } from './api.js';
import { ago, country, fullTime } from './say.js';

const pageSize = 50;
const svgSpace = 'http://www.w3.org/2000/svg';

/**
 * @typedef {object} Story as GET /api/v1/stories/{id} tells it
 * @property {any} first the mention that was published first
 * @property {string} last
 * @property {number} mentions
 * @property {{key: string, count: number}[]} outlets
 * @property {number} outlet_count
 * @property {{key: string, count: number}[]} countries
 * @property {number} step_ms
 * @property {{t: string, count: number}[]} points
 */

/**
 * @param {{brand: string, zone: string, now: () => number, query: (story: string, page: {limit: number, cursor?: string}) => string}} around
 */
export function makeStory(around) {
  const el = h('div', { class: 'story', hidden: true });
  const about = h('div');
  const ul = h('ul', { class: 'copies' });
  const foot = h('p', { class: 'hint', role: 'status' });
  el.append(about, ul, foot);
  let id = '';
  let face = '';
  let title = '';
  let next = '';
  /** @type {AbortController | undefined} */
  let asking;

  /** @param {boolean} anew */
  async function load(anew) {
    if (asking) asking.abort();
    const mine = new AbortController();
    asking = mine;
    if (anew) put(foot, storyWords.loading);
    try {
      const [story, page] = await Promise.all([
        anew ? get(`/api/v1/stories/${encodeURIComponent(id)}?${new URLSearchParams({ brand: around.brand })}`, mine.signal) : null,
        get(`/api/v1/mentions?${around.query(id, { limit: pageSize, cursor: anew ? '' : next })}`, mine.signal),
      ]);
      if (mine.signal.aborted) return;
      if (story) {
        put(about, ...told(story, around.zone));
        ul.textContent = '';
      }
      next = page.next || '';
      for (const m of page.mentions) if (m.id !== face) ul.appendChild(copyOf(m, title, around));
      put(foot, next && h('button', { type: 'button', class: 'link', onclick: () => load(false) }, words.loadMore));
    } catch (problem) {
      if (aborted(problem)) return;
      put(foot, words.failed(/** @type {Error} */ (problem).message), ' ', h('button', { type: 'button', class: 'link', onclick: () => load(anew) }, words.retry));
    }
  }

  return {
    el,
    /** Shows what a mention's story is, or as it has become since. @param {any} mention */
    open(mention) {
      el.hidden = false;
      id = mention.story;
      face = mention.id;
      title = mention.title || mention.text || '';
      load(true);
    },
    close() {
      el.hidden = true;
      if (asking) asking.abort();
    },
  };
}

/** @param {Story} story @param {string} zone @returns {(HTMLElement | SVGElement)[]} */
function told(story, zone) {
  const { first } = story;
  const outlet = first.outlet || (first.sources || [])[0] || storyWords.somebody;
  const lasted = Date.parse(story.last) - Date.parse(first.published);
  const facts = [
    `${count(story.mentions)} ${words.mentions(story.mentions)}`,
    storyWords.outlets(story.outlet_count),
    story.countries.length > 1 ? storyWords.countries(story.countries.length) : '',
    lasted >= 60_000 ? storyWords.over(span(lasted)) : '',
  ].filter(Boolean).join(' · ');
  const name = linkable(first.url)
    ? h('a', { href: first.url, rel: 'noopener noreferrer nofollow', target: '_blank', dir: 'auto' }, outlet)
    : h('span', { dir: 'auto' }, outlet);
  const time = h('time', { datetime: first.published }, fullTime(first.published, zone));
  return [
    h('p', { class: 'first' }, storyWords.first, ' ', name, ', ', time),
    h('p', { class: 'spread-facts', title: story.countries.map((c) => country(c.key)).join(', ') }, facts),
    ...(story.points.length > 1 ? [spread(story, facts)] : []),
  ];
}

/** The mentions over time, as bars. @param {Story} story @param {string} label */
function spread(story, label) {
  const { points } = story;
  const tall = 28;
  const most = Math.max(...points.map((p) => p.count), 1);
  const svg = document.createElementNS(svgSpace, 'svg');
  for (const [key, value] of Object.entries({ class: 'spread', viewBox: `0 0 ${points.length * 4} ${tall}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': storyWords.spread(label) })) svg.setAttribute(key, value);
  points.forEach((p, i) => {
    const bar = document.createElementNS(svgSpace, 'rect');
    const high = p.count ? Math.max(2, (p.count / most) * tall) : 0.75;
    for (const [key, value] of Object.entries({ x: i * 4, y: tall - high, width: 3, height: high, class: p.count ? '' : 'none' })) bar.setAttribute(key, String(value));
    svg.appendChild(bar);
  });
  return svg;
}

/**
 * A copy: its outlet, and its title where that is another than the row's.
 * @param {any} mention @param {string} title of the row @param {{brand: string, zone: string, now: () => number}} around
 */
function copyOf(mention, title, { brand, zone, now }) {
  const reading = (mention.readings || {})[brand] || {};
  const label = labels[reading.label] ? reading.label : 'unclear';
  const own = mention.title || mention.text || words.untitled;
  const other = letters(own) !== letters(title);
  const linked = (/** @type {string} */ text, /** @type {string} */ name) => (linkable(mention.url)
    ? h('a', { class: name, href: mention.url, rel: 'noopener noreferrer nofollow', target: '_blank', dir: 'auto' }, text)
    : h('span', { class: name, dir: 'auto' }, text));
  const outlet = mention.outlet || (mention.sources || [])[0] || storyWords.somebody;
  return h('li', {},
    h('span', { class: `sign ${label}`, title: labels[label].word }, labels[label].sign),
    h('div', {},
      h('p', {}, other ? h('span', { class: 'outlet' }, outlet) : linked(outlet, 'outlet'), ' ',
        h('time', { datetime: mention.published, title: fullTime(mention.published, zone) }, ago(mention.published, now()))),
      other && h('p', {}, linked(own, ''))));
}

/** What two titles are compared by. @param {string} title */
function letters(title) {
  return title.toLowerCase().replace(/[\s!-/:-@[-`{-~‘’“”–—…]+/g, '');
}
