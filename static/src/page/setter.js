// @ts-check
// Where a person says how a mention should be read: a few buttons, and how far
// they reach.
import { h, put, say } from '../dom.js';
import { labels, words } from '../words.js';
import { wishOf } from './corrections.js';

/** @typedef {import('./corrections.js').Wish} Wish */
/** @typedef {(wish: Wish, story: boolean) => Promise<number>} Set gives how many mentions changed */

let groups = 0; // radio buttons know each other by a name

/**
 * @param {{brand: string, title: string, set: Set, login: string}} about brand: its name; login: where one logs in
 */
export function makeSetter({ brand, title, set, login }) {
  const name = `reach-${++groups}`;
  const one = h('input', { type: 'radio', name, value: 'mention', checked: true });
  const all = h('input', { type: 'radio', name, value: 'story' });
  const told = h('p', { class: 'told', role: 'status' });
  let busy = false;

  /** @type {{wish: Wish, button: HTMLButtonElement}[]} */
  const buttons = [];
  for (const [wish, ...text] of /** @type {[Wish, ...any[]][]} */ ([
    ...['positive', 'neutral', 'negative'].map((l) => [l, h('span', { class: l, 'aria-hidden': 'true' }, labels[l].sign), ` ${labels[l].word}`]),
    ['irrelevant', words.notAbout(brand)],
    [null, words.backToRead],
  ])) {
    buttons.push({ wish, button: h('button', { type: 'button', onclick: () => choose(wish) }, ...text) });
  }
  const back = buttons[buttons.length - 1].button;
  const el = h('fieldset', { class: 'setter', 'aria-label': words.setOf(title) },
    h('legend', {}, words.wrong),
    h('div', { class: 'wishes' }, ...buttons.map((b) => b.button)),
    h('div', { class: 'reach' }, h('label', {}, one, words.thisOne), h('label', {}, all, words.allCopies)),
    told);

  /** @param {Wish} wish */
  async function choose(wish) {
    if (busy) return;
    busy = true;
    el.setAttribute('aria-busy', 'true');
    told.className = 'told';
    say(told, words.saving);
    try {
      const story = all.checked;
      say(told, words.saved(await set(wish, story), story));
    } catch (problem) {
      const { message, status } = /** @type {{message: string, status?: number}} */ (problem);
      told.className = 'told refused';
      put(told, words.notSaved(message), (status === 401 || status === 403) && ' ', (status === 401 || status === 403) && h('a', { class: 'link', href: login }, words.logIn));
    } finally {
      busy = false;
      el.removeAttribute('aria-busy');
    }
  }

  return {
    el,
    /** Marks what is set. @param {any} reading */
    show(reading) {
      const said = wishOf(reading);
      for (const { wish, button } of buttons) button.setAttribute('aria-pressed', String(wish === said));
      // It would lose the focus if it went while it has it.
      back.hidden = said === undefined && document.activeElement !== back;
    },
  };
}
