// @ts-check
// What stands on the wall while there's nothing to show: before the server
// answers, before a brand is watched, before anything was ever said. It says
// what is being waited for.

import { h, say } from '../dom.js';
import { glow } from './moods.js';

export function makeWaiting() {
  const eyebrow = h('p', { class: 'eyebrow' });
  const title = h('h1', { class: 'title' });
  const help = h('p', { class: 'help' });
  const root = h('section', { class: 'scene waiting' }, h('div', { class: 'say' }, eyebrow, title, help));
  let drawn = '';

  return {
    root,
    /**
     * @param {string} before a few words above
     * @param {{name: string, color?: string}[]} names
     * @param {string} below a sentence
     */
    draw(before, names, below) {
      say(eyebrow, before);
      say(help, below);
      const now = JSON.stringify(names);
      if (now === drawn) return;
      drawn = now;
      title.textContent = '';
      for (const { name, color } of names) {
        const part = h('span', { class: 'name' }, name);
        if (color) part.style.setProperty('--brand', glow(color));
        else part.classList.add('plain');
        title.append(part);
      }
    },
  };
}
