// Every option of charts/testdata is drawn by ECharts itself, in every theme.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import * as echarts from 'echarts';
import * as formats from '../src/format.js';
import { apply } from '../src/delta.js';
import { look, themeOf } from '../src/look.js';

const charts = new URL('../../charts/', import.meta.url);
const theme = JSON.parse(readFileSync(new URL('theme.json', charts), 'utf8'));
const square = (x, y) => [[[x, y], [x + 9, y], [x + 9, y + 9], [x, y + 9], [x, y]]];
echarts.registerMap('world', /** @type {any} */ ({
  type: 'FeatureCollection',
  features: [['FI', 25, 60], ['US', -100, 40], ['BR', -50, -10]].map(([name, x, y]) => ({
    type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: square(x, y) },
  })),
}));

const setting = (name) => ({ roles: theme[name], formats: /** @type {any} */ (formats), family: 'sans-serif', size: 12, motion: false });

function draw(options, themeName, width = 600, height = 300) {
  const chart = echarts.init(null, themeOf(setting(themeName)), { renderer: 'svg', ssr: true, width, height });
  try {
    return options.map((option) => {
      chart.setOption(look(option, setting(themeName)));
      return chart.renderToSVGString();
    });
  } finally {
    chart.dispose();
  }
}

/** Without the numbers that ECharts counts its instances with. */
const clean = (svg) => svg.replace(/zr\d+[-\w]*/g, 'zr');

const read = (path) => JSON.parse(readFileSync(new URL(`testdata/options/${path}.json`, charts), 'utf8'));

for (const board of readdirSync(new URL('testdata/options/', charts))) {
  for (const file of readdirSync(new URL(`testdata/options/${board}/`, charts))) {
    const id = file.replace('.json', '');
    test(`${id} of board ${board} is drawn, in colours that all themes have`, () => {
      for (const name of Object.keys(theme)) {
        const [svg] = draw([read(`${board}/${id}`)], name);
        assert.match(svg, /^<svg/);
        assert.doesNotMatch(svg, /NaN|undefined|\bnull\b/);
        assert.doesNotMatch(svg, /<script|<img/i);
        if (board !== 'hostile') assert.doesNotMatch(svg, /role:|fmt:/);
      }
    });
  }
}

test('the map shows one kind of place at a time, by the legend alone', () => {
  const option = read('one/map');
  const shown = (kind) => ({ ...option, legend: { ...option.legend, selected: { about: kind === 'about', from: kind === 'from', origin: kind === 'origin' } } });
  const [from, about, again, none] = draw([shown('from'), shown('about'), shown('from'), shown('')], 'dark').map(clean);
  assert.notEqual(from, none);
  assert.notEqual(from, about);
  assert.equal(from, again);
});

test('hostile names leave the prototype of everything alone', () => {
  for (const id of readdirSync(new URL('testdata/options/hostile/', charts))) draw([read(`hostile/${id.replace('.json', '')}`)], 'light');
  const inherited = [];
  for (const key in {}) inherited.push(key);
  assert.deepEqual(inherited, []);
});

test('a chart that took a delta looks as one that was drawn anew', () => {
  const ticks = JSON.parse(readFileSync(new URL('testdata/delta.json', charts), 'utf8')).filter((c) => c.name.startsWith('one mention more'));
  assert.ok(ticks.length > 1);
  for (const { before, after, delta } of ticks) {
    const [, moved] = draw([before, apply(before, delta)], 'light');
    const [fresh] = draw([after], 'light');
    assert.equal(clean(moved), clean(fresh));
  }
});
