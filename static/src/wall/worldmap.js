// @ts-check
// The scene of the whole world: one brand's mood by country, from edge to edge.

import { mount } from '../chart.js';
import { drawDone, drawer, dress, withDevices } from './dress.js';
import { h, say } from '../dom.js';
import { feeling, glow } from './moods.js';
import { figure, mentionsIn, words } from './words.js';

/** @typedef {import('./show.js').Facts} Facts */

/** @param {{motion: 'full' | 'reduced', font: () => number}} look */
export function makeWorldMap(look) {
  const world = h('div', { class: 'world' });
  const name = h('h1', { class: 'name' });
  const number = h('p', { class: 'figure' });
  const counted = h('p', { class: 'counted' });
  const done = h('p', { class: 'done' });
  const root = h('section', { class: 'scene worldmap' }, world, h('div', { class: 'say' }, name, number, counted, done));
  const map = mount(world, { kind: 'map', title: 'Mood by country', motion: look.motion, theme: 'dark', font: look.font() });
  const drawn = drawer(map, (option) => dress('map', withDevices(option), look.font()));

  return {
    root,
    map,
    /** @param {Facts} facts */
    draw({ brand, total, view, window }) {
      say(name, brand.name);
      name.style.setProperty('--brand', glow(brand.color));
      const mood = total ? total.total.mood : null;
      const silent = !total || !total.total.mentions;
      root.classList.toggle('silent', silent);
      say(number, silent ? '' : figure(mood));
      number.className = `figure ${feeling(mood)}`;
      say(counted, silent ? words.nothingYet(window) : mentionsIn(total.total.mentions, window));
      drawDone(done, total);
      if (view) drawn.draw(view.charts.map);
    },
    type() {
      map.type(look.font());
      drawn.anew();
    },
  };
}
