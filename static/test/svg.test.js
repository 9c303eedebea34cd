import assert from 'node:assert/strict';
import { test } from 'node:test';
import { still } from '../src/still.js';
import { write } from '../src/svg.js';

const words = { title: 'Mood', says: 'Mood: +8.' };
const svg = (/** @type {any} */ ...children) => ({ tag: 'svg', attrs: { width: 9 }, children });

test('texts and attributes are escaped: a colour can not open an element', () => {
  const out = write(svg({ tag: 'text', attrs: { fill: '"><script>alert(1)</script>' }, text: '<b>\u0000&' }), { title: 'a < b', says: '"' });
  assert.doesNotMatch(out, /<script|<b>|\u0000/);
  assert.match(out, /<title>a &lt; b<\/title><desc>&quot;<\/desc>/);
  assert.match(out, /&lt;b&gt;&amp;<\/text>/);
});

test('nothing of a page is left: no class, no style, no link, no data for scripts', () => {
  const out = write(svg({ tag: 'path', attrs: { d: 'M0 0', class: 'a', onclick: 'x()', 'xlink:href': '#a', ecmeta_silent: 'true', 'pointer-events': 'visible' } }), words);
  assert.match(out, /<path d="M0 0"\/>/);
});

test('a text keeps its font without a style', () => {
  const sizes = (/** @type {string} */ style) => write(svg({ tag: 'text', attrs: { style }, text: 'x' }), words).match(/<text ([^>]*)>/)?.[1];
  assert.equal(sizes('font-size:12px;font-family:Inter, sans-serif;font-weight:600;'), 'font-size="12px" font-family="Inter, sans-serif" font-weight="600"');
  assert.equal(sizes('font: bold 14px Inter'), 'font-size="14px" font-family="Inter" font-weight="bold"');
  assert.equal(sizes('font: 14px Inter, sans-serif'), 'font-size="14px" font-family="Inter, sans-serif"');
});

test('what is no picture is refused, and said by name', () => {
  assert.throws(() => write(svg({ tag: 'image', attrs: {} }), words), /<image>/);
  assert.throws(() => write(svg({ tag: 'path', attrs: { fill: 'url(https://example.com/#a)' } }), words), /outside/);
  assert.throws(() => write(svg({ tag: 'path', attrs: { d: 'MNaN 0' } }), words), /d = MNaN/);
  assert.throws(() => write(svg({ tag: 'rect', attrs: { width: Infinity } }), words), /width/);
  assert.match(write(svg({ tag: 'g', attrs: { 'clip-path': 'url(#a1e23-c0)', fill: '#1e10ff' } }), words), /url\(#a1e23-c0\)/);
});

test('a still has rings where the page has ripples, and nothing that moves', () => {
  const ready = still({ tooltip: {}, aria: {}, series: [{ type: 'effectScatter', symbolSize: 8, itemStyle: { color: '#123456' }, data: [1] }, { type: 'bar', emphasis: { focus: 'series' } }] });
  assert.deepEqual(ready.series.map((/** @type {any} */ s) => s.type), ['scatter', 'bar', 'scatter']);
  assert.equal(ready.series[2].itemStyle.borderColor, '#123456');
  assert.equal(ready.tooltip, undefined);
  assert.ok(ready.series.every((/** @type {any} */ s) => s.silent && s.emphasis.disabled && s.animation === false || s === ready.series[2]));
});

test('a map that the legend hides costs nothing, and keeps its number', () => {
  const ready = still({ legend: { selected: { about: false, from: true } }, series: [{ id: 'a', name: 'about', type: 'map', map: 'world', data: [1] }, { id: 'b', name: 'from', type: 'map', map: 'world', data: [1] }] });
  assert.deepEqual(ready.series.map((/** @type {any} */ s) => [s.id, s.type, s.data.length]), [['a', 'scatter', 0], ['b', 'map', 1]]);
});

test('bars that differ in nothing but their values are drawn as one, and no others', () => {
  const bars = (/** @type {any} */ more, /** @type {any} */ item = { value: 3 }) => still({ series: [{ type: 'bar', data: [...Array(8).fill({ value: 1 }), item], ...more }] }).series[0].large;
  assert.equal(bars({}), true);
  assert.equal(bars({ label: { show: true } }), undefined);
  assert.equal(bars({}, { value: 3, itemStyle: { color: '#123456' } }), undefined);
  assert.equal(bars({}, { value: '-' }), undefined, 'a bar that is missing would spoil the path of all');
  assert.equal(bars({ data: [1, 2, 3] }), undefined, 'of few, nothing is won');
});

test('a map has no series of which nothing is to be seen, and its colours stay with the others', () => {
  const on = (/** @type {any} */ more) => ({ type: 'scatter', coordinateSystem: 'geo', data: [1], ...more });
  const option = (/** @type {boolean} */ legend) => ({
    legend: { show: legend, selected: { about: false } }, visualMap: { seriesIndex: [0, 1, 2, 3] },
    series: [{ id: 'a', name: 'about', type: 'map', map: 'world', data: [1] }, on({ id: 'b', name: 'about' }), { id: 'c', name: 'from', type: 'map', map: 'world', data: [1] }, on({ id: 'd' }), on({ id: 'e', type: 'effectScatter', data: [] })],
  });
  const { series, visualMap } = still(option(false));
  assert.deepEqual(series.map((/** @type {any} */ s) => s.id), ['c', 'd']);
  assert.deepEqual(visualMap.seriesIndex, [0, 1]);
  assert.deepEqual(still(option(true)).series.map((/** @type {any} */ s) => s.id), ['a', 'b', 'c', 'd', 'e', undefined], 'a legend names what it hides');
});

test('an emoji that was cut in two leaves nothing behind', () => {
  const out = write(svg({ tag: 'text', attrs: {}, text: 'a\ud83d…\udc69🚀' }), words);
  assert.match(out, />a…🚀</);
});
