// @ts-check
// The scene that tells how a brand is doing: its name, the figure, a sentence;
// the world; what is talked about; the window as a line along the foot.

import { mount } from '../chart.js';
import { drawDone, drawer, dress, topicsOf } from './dress.js';
import { h, say } from '../dom.js';
import { feeling, glow } from './moods.js';
import { changed, figure, headline, mentionsIn, words } from './words.js';

/** @typedef {import('./show.js').Facts} Facts */

/** @param {{motion: 'full' | 'reduced', font: () => number}} look */
export function makeOverview(look) {
  const name = h('h1', { class: 'name' });
  const number = h('p', { class: 'figure' });
  const sentence = h('p', { class: 'sentence' });
  const change = h('p', { class: 'change' });
  const counted = h('p', { class: 'counted' });
  const done = h('p', { class: 'done' });
  const topics = h('ul', { class: 'topics' });
  const world = h('div', { class: 'world' });
  const line = h('div', { class: 'line' });
  const root = h('section', { class: 'scene overview' }, h('div', { class: 'say' }, name, number, sentence, change, counted, done, topics), world, line);
  const wishes = { motion: look.motion, theme: /** @type {'dark'} */ ('dark'), font: look.font() };
  const map = mount(world, { ...wishes, kind: 'map', title: 'Mood by country' });
  const timeline = mount(line, { ...wishes, kind: 'timeline', title: 'Mentions and mood over time' });
  const drawnMap = drawer(map, (option) => dress('map', option, look.font()));
  const drawnTimeline = drawer(timeline, (option) => dress('timeline', option, look.font()));

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
      say(number, figure(mood));
      number.className = `figure ${feeling(mood)}`;
      say(sentence, silent ? words.nothingYet(window) : headline(total.sentence, mood));
      say(change, silent ? '' : changed(total, window));
      say(counted, silent ? '' : mentionsIn(total.total.mentions, window));
      const lines = drawDone(done, total); // in the place of as many topics
      drawTopics(topics, silent ? [] : topicsOf(view && view.charts.topics).slice(0, 3 - lines));
      if (!view) return;
      drawnMap.draw(view.charts.map);
      drawnTimeline.draw(view.charts.timeline);
    },
    type() {
      map.type(look.font());
      timeline.type(look.font());
      drawnMap.anew();
      drawnTimeline.anew();
    },
  };
}

/**
 * @param {HTMLElement} list
 * @param {import('./dress.js').Topic[]} topics
 */
function drawTopics(list, topics) {
  const now = JSON.stringify(topics);
  if (list.dataset.now === now) return;
  list.dataset.now = now;
  list.textContent = '';
  for (const topic of topics) {
    list.append(h('li', {}, h('span', { class: `sign ${topic.label}` }, topic.sign), h('span', { class: 'word' }, topic.name)));
  }
}
