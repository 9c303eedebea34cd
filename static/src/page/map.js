// @ts-check
// The world: one of its meanings at a time.
import { spotOf } from '../countries.js';
import { h } from '../dom.js';
import { grown, inMode } from '../drawn.js';
import { count, percent } from '../format.js';
import { mapModes as modeWords, words } from '../words.js';
import { mapModes } from './state.js';

/** @typedef {import('./state.js').MapMode} MapMode */

/**
 * @param {ReturnType<typeof import('./card.js').makeCard>} card
 * @param {{onMode: (mode: MapMode) => void, onUnplaced: (mode: MapMode) => void}} wishes
 */
export function makeMap(card, { onMode, onUnplaced }) {
  /** @type {any} */
  let option;
  /** @type {MapMode} */
  let mode = 'from';
  /** @type {any} */
  let board;

  const buttons = mapModes.map((m) => ({
    m, el: h('button', { type: 'button', 'aria-pressed': 'false', title: modeWords[m].hint, onclick: () => onMode(m) }, modeWords[m].name),
  }));
  card.extra.appendChild(h('div', { class: 'modes', role: 'group', 'aria-label': words.placeKinds }, ...buttons.map((b) => b.el)));

  function draw() {
    card.hint(modeWords[mode].hint);
    for (const { m, el } of buttons) el.setAttribute('aria-pressed', String(m === mode));
    if (option) {
      const drawn = inMode(option, mode, mapModes);
      card.show(drawn.option, drawn.empty ? words.chartEmptyOf[mode] : '');
    }
    drawUnplaced();
  }

  function drawUnplaced() {
    if (mode === 'devices') {
      const notes = ((option && option.notes) || []).filter((/** @type {any} */ n) => !n.mode || n.mode === mode);
      card.note(...notes.map((/** @type {any} */ n) => h('span', { class: 'line' }, n.text)));
      return;
    }
    const total = board && board.total ? board.total.mentions : 0;
    const lost = total && board.countries && board.countries.unplaced ? board.countries.unplaced[mode] : 0;
    const always = ((option && option.notes) || []).filter((/** @type {any} */ n) => !n.mode).map((/** @type {any} */ n) => h('span', { class: 'line' }, n.text));
    if (!total) card.note(...always);
    else if (!lost) card.note(words.allPlaced, ...always);
    else card.note(h('button', { type: 'button', class: 'link', onclick: () => onUnplaced(mode) }, words.unplaced(percent(lost / total), count(lost))), ...always);
  }

  return {
    /** @param {MapMode} next */
    mode(next) { mode = next; draw(); },
    /** @param {any} next option @param {boolean} grew it is of the same view as before: what is new in it gets a ring */
    show(next, grew) {
      const more = grew && mode === 'devices' ? grown(option, next) : [];
      option = next;
      draw();
      card.pulse(more.slice(0, 3));
    },
    /** What a board says of mentions without a place. @param {any} next */
    unplaced(next) { board = next; drawUnplaced(); },
    /** Opens a ring where a mention was, as far as that is known. @param {any} mention @param {string} brand */
    pulse(mention, brand) {
      if (mode === 'devices') return; // its rings are those of devices
      const reading = mention.readings && mention.readings[brand];
      const at = spotOf(mention, mode);
      if (reading && at) card.pulse([{ ...at, label: reading.label }]);
    },
  };
}
