// @ts-check
// The mood as one figure, in a sentence, and what it is made of.
import { h, put, say } from '../dom.js';
import { labels, windows, words } from '../words.js';
import { count, percent, signed } from '../format.js';

const order = ['positive', 'neutral', 'unclear', 'negative'];

/** @param {{onLabel: (label: string) => void}} wishes */
export function makeHero({ onLabel }) {
  const sentence = h('h1', { class: 'sentence', id: 'sentence' });
  const figure = h('p', { class: 'figure' });
  const change = h('p', { class: 'change' });
  const mentions = h('p', { class: 'mentions-count' });
  const done = h('ul', { class: 'done' });
  const bar = h('div', { class: 'split-bar', 'aria-hidden': 'true' });
  const legend = h('div', { class: 'split-legend', role: 'group', 'aria-label': words.mood });
  /** @type {Record<string, {part: HTMLElement, button: HTMLButtonElement, n: HTMLElement, share: HTMLElement}>} */
  const parts = {};
  for (const label of order) {
    const part = h('span', { class: `part ${label}` });
    const n = h('span', { class: 'n' });
    const share = h('span', { class: 'share' });
    const button = h('button', { type: 'button', class: 'split', 'aria-pressed': 'false', onclick: () => onLabel(label) },
      h('span', { class: `sign ${label}`, 'aria-hidden': 'true' }, labels[label].sign), h('span', { class: 'what' }, n, ' ', labels[label].word), share);
    bar.appendChild(part);
    legend.appendChild(button);
    parts[label] = { part, button, n, share };
  }
  const chart = h('div', { class: 'hero-chart' });
  const row = h('div', { class: 'split-row' }, bar, legend);
  const el = h('section', { class: 'hero', 'aria-labelledby': 'sentence' },
    h('div', { class: 'headline' }, figure, h('div', { class: 'beside' }, sentence, h('div', { class: 'facts' }, change, mentions), done)),
    chart, row);

  return {
    el,
    chart,
    row,
    /** @param {any} brand its part of the totals @param {string} window @param {string} chosen labels with commas */
    show(brand, window, chosen) {
      const { total, before } = brand;
      const w = windows[window] || window;
      const m = total.mood;
      say(figure, m === null ? words.noMood : signed(m * 100));
      const judged = m !== null && brand.verdict !== 'too-few' && Math.round(m * 100) !== 0;
      figure.className = `figure ${!judged ? 'neutral' : m > 0 ? 'positive' : 'negative'}`;
      say(sentence, brand.sentence || '');
      if (m === null) put(change);
      else if (before.mood === null) put(change, words.noBefore(w));
      else {
        const d = Math.round(m * 100) - Math.round(before.mood * 100);
        put(change, h('strong', { class: d > 0 ? 'positive' : d < 0 ? 'negative' : '' }, d > 0 ? '▲ ' : d < 0 ? '▼ ' : '', signed(d)), ' ', words.before(w));
      }
      put(mentions, h('strong', {}, count(total.mentions)), ' ', words.mentions(total.mentions), ' ', h('span', { class: 'aside' }, words.wereBefore(count(before.mentions))));
      put(done, ...counters(brand.activity));
      for (const label of order) {
        const n = total[label] || 0;
        parts[label].part.style.flexGrow = String(n);
        parts[label].part.hidden = n === 0;
        say(parts[label].n, count(n));
        say(parts[label].share, total.mentions ? percent(n / total.mentions) : '');
        parts[label].button.setAttribute('aria-pressed', String(chosen === label));
        parts[label].button.disabled = n === 0 && chosen !== label;
      }
      el.classList.toggle('empty', total.mentions === 0);
    },
  };
}

/** So many kinds of what devices did are counted at the head. */
const mostKinds = 3;

/** What devices did, beside what was said. @param {any[] | undefined} activity */
function counters(activity) {
  return (activity || []).filter((a) => a.count > 0).slice(0, mostKinds).map((a) => {
    const dot = h('span', { class: 'dot', 'aria-hidden': 'true' });
    if (a.color) dot.style.background = a.color;
    return h('li', {}, dot, a.sentence);
  });
}
