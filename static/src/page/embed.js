// @ts-check
// The dialog that makes what is pasted into another site's page.
import { h, put, say } from '../dom.js';
import { words } from '../words.js';
import { post } from './api.js';
import { copy } from './take.js';

/**
 * Asks how a chart is to be shown, and shows what to paste.
 * @param {string} title of the chart
 * @param {{chart: string, brand: string, window: string, place: string}} shown
 */
export function openEmbed(title, shown) {
  const as = choice('embed-as', words.embedAs, { live: words.embedLive, picture: words.embedPicture }, ask);
  const theme = choice('embed-theme', words.embedTheme, words.embedThemes, ask);
  const code = h('textarea', { id: 'embed-code', readonly: true, rows: '5', spellcheck: 'false', autocomplete: 'off' });
  const said = h('p', { class: 'said', role: 'status' });
  const copier = h('button', { type: 'button', class: 'button primary', disabled: true, onclick: async () => {
    const done = await copy(code.value, dialog);
    if (!done) code.select();
    tell(done ? words.copied : words.notCopied, !done);
  } }, words.embedCopy);
  const closer = h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, words.close);
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { class: 'embed', 'aria-labelledby': 'embed-title' },
    h('h2', { id: 'embed-title' }, words.embedTitle(title)), h('p', { class: 'hint' }, words.embedHint),
    as.el, theme.el, h('label', { for: 'embed-code' }, words.embedCode), code, said, h('div', { class: 'actions' }, copier, closer)));
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before) before.focus();
  });
  // A press beside it closes it.
  dialog.addEventListener('click', (e) => { if (e.target === dialog) dialog.close(); });

  /** @param {string} text @param {boolean} [wrong] */
  function tell(text, wrong = false) {
    said.classList.toggle('wrong', wrong);
    say(said, text);
  }

  let turn = 0;
  async function ask() {
    const mine = ++turn;
    copier.disabled = true;
    try {
      const made = await post('/api/v1/embeds', { ...shown, as: as.value(), theme: theme.value() });
      if (mine !== turn) return;
      code.value = made.html;
      copier.disabled = false;
      tell('');
    } catch (problem) {
      if (mine !== turn) return;
      code.value = '';
      tell(problem instanceof TypeError ? words.unreachable : /** @type {Error} */ (problem).message, true);
    }
  }

  document.body.appendChild(dialog);
  dialog.showModal();
  ask();
}

/**
 * One of a few.
 * @param {string} name
 * @param {string} legend
 * @param {Record<string, string>} options word by value; the first is chosen
 * @param {() => void} changed
 */
function choice(name, legend, options, changed) {
  let chosen = Object.keys(options)[0];
  const el = h('fieldset');
  put(el, h('legend', {}, legend), ...Object.entries(options).map(([value, word]) => h('label', {},
    h('input', { type: 'radio', name, value, checked: value === chosen, onchange: () => { chosen = value; changed(); } }), h('span', {}, word))));
  return { el, value: () => chosen };
}
