// @ts-check
// The scene of what is being said: the newest mentions, large, as many as fit.

import { h, say } from '../dom.js';
import { readingOf } from './recent.js';
import { countryOf } from './ticker.js';
import { ago, sign as signOf, words } from './words.js';

/** More than fit on any screen aren't built. */
const most = 7;

export function makeMentions() {
  const title = h('h1', { class: 'title' });
  const list = h('ol', { class: 'rows' });
  const root = h('section', { class: 'scene mentions' }, title, list);
  /** @type {ReturnType<typeof makeRow>[]} kept, and filled anew */
  const kept = [];

  function fit() {
    // A row that would be cut at the foot isn't shown at all.
    const room = list.clientHeight;
    for (const row of kept) row.root.classList.remove('cut');
    for (const row of kept) row.root.classList.toggle('cut', row.root.offsetTop + row.root.offsetHeight > room + 1);
  }

  return {
    root,
    /** @param {import('./show.js').Facts} facts */
    draw({ brands, recent, now, listening }) {
      const mentions = recent.all().slice(0, most);
      say(title, mentions.length ? words.said : listening);
      mentions.forEach((mention, i) => {
        if (!kept[i]) {
          kept[i] = makeRow();
          list.append(kept[i].root);
        }
        kept[i].draw(mention, brands, now);
      });
      while (kept.length > mentions.length) {
        const last = kept.pop();
        if (last) last.root.remove();
      }
      fit();
    },
    type: fit,
  };
}

function makeRow() {
  const sign = h('span', { class: 'sign' });
  const title = h('p', { class: 'title', dir: 'auto' });
  const about = h('p', { class: 'about' });
  const root = h('li', {}, sign, h('div', {}, title, about));
  return {
    root,
    /**
     * @param {any} mention
     * @param {{id: string, name: string, color: string}[]} brands
     * @param {number} now
     */
    draw(mention, brands, now) {
      const { brand, label } = readingOf(mention, brands.map((b) => b.id));
      const known = brands.find((b) => b.id === brand);
      say(sign, signOf(label));
      sign.className = `sign ${label}`;
      say(title, mention.title || mention.text || mention.url);
      const parts = [
        brands.length > 1 && known ? known.name : '',
        mention.outlet,
        countryOf(mention),
        ago(now - (Date.parse(mention.published) || now)),
      ];
      say(about, parts.filter(Boolean).join(' · '));
    },
  };
}
