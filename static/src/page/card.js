// @ts-check
// One chart on the page: its heading, its picture, its table, and what can be
// taken away of it.
import { mount } from '../chart.js';
import { h, icon, put, say } from '../dom.js';
import { charts, words } from '../words.js';
import { aborted, get } from './api.js';
import { openEmbed } from './embed.js';
import { chartFile, ofChart } from './formats.js';
import { makeMenu } from './menu.js';
import { drawTable } from './table.js';
import { copy } from './take.js';
import { current } from './theme.js';

/**
 * @typedef {object} Surroundings
 * @property {() => {brand: string, window: string, map: string}} view
 * @property {(id: string) => string} link where the chart is to be seen again, as it is now
 * @property {() => boolean} mayEmbed whether whoever looks may put it on other pages
 * @property {() => import('./formats.js').Offer} offer what the server offers to take away
 * @property {(filter: Record<string, any>, add: boolean) => void} onPick
 */

/** @param {string} id @param {Surroundings} around */
export function makeCard(id, around) {
  const { title, hint } = charts[id];
  const picture = h('div', { class: 'chart' });
  const empty = h('p', { class: 'nothing', hidden: true });
  const table = h('div', { class: 'table', hidden: true, tabindex: '0', role: 'region', 'aria-label': words.tableOf(title) });
  const note = h('p', { class: 'note' });
  const hintLine = h('p', { class: 'hint' }, hint);
  const extra = h('div', { class: 'extra' });
  const switcher = h('button', { type: 'button', class: 'round', 'aria-pressed': 'false', 'aria-label': words.tableOf(title), title: words.tableOf(title) },
    icon('M2 3.500h12M2 8h12M2 12.500h12'));

  const place = () => (id === 'map' ? around.view().map : '');
  /** @param {string} ending */
  const address = (ending) => {
    const { brand, window } = around.view();
    return chartFile(id, ending, { brand, window, theme: current(), place: place() });
  };
  /** @param {string} ending */
  const file = (ending) => {
    const { brand, window } = around.view();
    return `agora-${id}-${brand}-${window}.${ending}`;
  };
  const menu = makeMenu(words.more(title), () => [
    ...ofChart(around.offer(), id).map((ending) => ({ text: words[ending], href: () => address(ending), file: () => file(ending) })),
    { text: words.copyLink, run: async () => ((await copy(around.link(id))) ? words.copied : words.notCopied) },
    ...(around.mayEmbed() ? [{ text: words.embed, run: () => openEmbed(title, { chart: id, brand: around.view().brand, window: around.view().window, place: place() }) }] : []),
  ]);

  const el = h('section', { id: `chart-${id}`, class: `card card-${id}`, 'aria-labelledby': `title-${id}` },
    h('header', {}, h('div', {}, h('h2', { id: `title-${id}` }, title), hintLine), extra, h('div', { class: 'tools' }, switcher, menu)),
    h('div', { class: 'frame' }, picture, empty), table, note);

  let add = false; // whether the click adds to what was chosen before
  picture.addEventListener('pointerdown', (e) => { add = e.shiftKey || e.ctrlKey || e.metaKey; }, true);
  const chart = mount(picture, { kind: id, title, grows: true, onPick: (filter) => around.onPick(filter, add) });

  /** @type {AbortController | undefined} */
  let asking;
  async function refreshTable() {
    if (table.hidden) return;
    if (asking) asking.abort();
    asking = new AbortController();
    try {
      drawTable(table, await get(address('json'), asking.signal), (filter) => around.onPick(filter, false));
    } catch (problem) {
      if (!aborted(problem)) put(table, h('p', { class: 'nothing' }, words.failed(/** @type {Error} */ (problem).message)));
    }
  }

  let later = 0;
  switcher.addEventListener('click', () => {
    table.hidden = !table.hidden;
    el.classList.toggle('as-table', !table.hidden);
    switcher.setAttribute('aria-pressed', String(!table.hidden));
    refreshTable();
  });

  return {
    id,
    el,
    extra,
    /** @param {any} option @param {string} [nothing] what to say instead when there is nothing to see */
    show(option, nothing = '') {
      empty.hidden = !nothing;
      picture.classList.toggle('faded', Boolean(nothing));
      say(empty, nothing);
      chart.set(option);
      // The table follows, a little later, so that focus in it isn't lost at every tick.
      if (!table.hidden && !later) later = window.setTimeout(() => { later = 0; if (!table.contains(document.activeElement)) refreshTable(); }, 5000);
    },
    /** Another brand or window. */
    moved: refreshTable,
    /** @param {string} text */
    hint(text) { say(hintLine, text); },
    /** @param {...(import('../dom.js').Child)} children */
    note(...children) { put(note, ...children); },
    pulse: chart.pulse,
  };
}
