// @ts-check
// The report of what is shown, as a PDF to hand on.
import { h } from '../dom.js';
import { words } from '../words.js';
import { take } from './take.js';

/** @param {{view: () => {brand: string, window: string}, say: (...what: any[]) => void}} around say: where the reader looks */
export function makeSheet({ view, say }) {
  const button = h('button', { type: 'button', class: 'quiet-button sheet', title: words.reportHint, onclick: fetch }, words.report);

  async function fetch() {
    const { brand, window } = view();
    if (button.getAttribute('aria-disabled') === 'true') return; // it keeps the focus
    button.setAttribute('aria-disabled', 'true');
    say(words.reporting);
    try {
      await take(`/report.pdf?brand=${encodeURIComponent(brand)}&window=${encodeURIComponent(window)}`, 'agora-report.pdf');
      say();
    } catch (problem) {
      say(h('span', { class: 'refused' }, words.notReported(/** @type {Error} */ (problem).message)));
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  return button;
}
