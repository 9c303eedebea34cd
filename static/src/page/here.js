// @ts-check
// Why a place is shown, as elements: of one mention, and of a country on the
// map. Feed text is hostile: it becomes text nodes alone.
import { h, put } from '../dom.js';
import { hereWords, placeWords } from '../words.js';
import { howFound, placesOf, whyHere } from './places.js';
import { country as countryName } from './say.js';

/** @typedef {import('./places.js').Kind} Kind */

/** All places of one mention with how they were found, as a list; none: null. @param {any} mention */
export function whereList(mention) {
  const rows = (/** @type {Kind[]} */ (['about', 'from', 'origin'])).flatMap((kind) => placesOf(mention, kind).map((place) =>
    h('li', {}, `${placeWords[kind]} `, h('b', {}, countryName(place.country || '')), ': ', h('bdi', {}, howFound(place)),
      place.confidence ? h('small', {}, hereWords.sure(place.confidence)) : null)));
  return rows.length ? h('ul', { class: 'where', 'aria-label': hereWords.places }, ...rows) : null;
}

/** The panel that says why the list's country is on the map. */
export function makeHere() {
  const el = h('section', { class: 'here', 'aria-label': hereWords.region, hidden: true });
  let shown = '';

  /** @param {string} title @param {...import('../dom.js').Child} rest */
  function draw(title, ...rest) {
    el.hidden = !title;
    if (title) put(el, h('h3', {}, title), ...rest);
  }

  return {
    el,
    /** @param {Record<string, string>} filter of the list @param {any[]} mentions in it */
    show(filter, mentions) {
      const kind = /** @type {Kind} */ (filter.place || 'from');
      const code = filter.country || '';
      const none = code === 'none';
      const why = code && !none ? whyHere(mentions, kind, code) : undefined;
      const now = JSON.stringify([code, kind, mentions.length > 0, why]);
      if (now === shown) return;
      shown = now;
      if (none && mentions.length && hereWords.none[kind]) draw(hereWords.noneTitle, h('p', {}, hereWords.none[kind]));
      else if (!why || !why.mentions) draw('');
      else {
        draw(hereWords.title(countryName(code)), h('p', {}, hereWords.of(why.mentions)),
          h('ul', {}, ...why.reasons.map((r) => h('li', {}, h('bdi', {}, hereWords.reason(r.how, r.n)), r.sure > 0 && h('small', {}, hereWords.sure(r.sure)))),
            why.others > 0 && h('li', {}, hereWords.others(why.others))));
      }
    },
  };
}
