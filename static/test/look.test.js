import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatters } from '../src/format.js';
import { contrast, seenOn } from '../src/contrast.js';
import { clipped, look, needsWorld, shape, themeOf } from '../src/look.js';
import { project, unproject } from '../src/projection.js';

const setting = { roles: { positive: '#00f', text: '#000' }, formats: formatters, family: 'Inter', size: 12, motion: true };

test('roles become colours and names become functions, at any depth', () => {
  const ready = look({ series: [{ id: 'a', itemStyle: { color: 'role:positive' }, data: [{ name: 'x', itemStyle: { color: 'role:text' } }] }], yAxis: [{ axisLabel: { formatter: 'fmt:signed' } }] }, setting);
  assert.equal(ready.series[0].itemStyle.color, '#00f');
  assert.equal(ready.series[0].data[0].itemStyle.color, '#000');
  assert.equal(ready.yAxis[0].axisLabel.formatter(12), '+12');
});

test('an unknown role or formatter says which, and where to add it', () => {
  assert.throws(() => look({ color: 'role:mauve' }, setting), /mauve.*theme\.json/);
  assert.throws(() => look({ formatter: 'fmt:roman' }, setting), /roman.*format\.js/);
});

test('the option that came is left as it was, so that deltas still apply', () => {
  const option = { series: [{ id: 'm', type: 'map', map: 'world', data: [] }], tooltip: { show: true } };
  const before = JSON.stringify(option);
  look(option, setting);
  assert.equal(JSON.stringify(option), before);
});

test('an option that is nobody else’s is made ready where it is, and the same', () => {
  const option = () => ({
    color: ['role:positive', 'red', ['role:text']], note: 'a: role:positive', times: ['10:00', '9:30'],
    series: [{ id: 'a', type: 'map', map: 'world', data: [[1, 2], null, { name: 'fmt:signed', value: [1, 'role:text'], filter: { topic: 'role:positive' } }] }],
    tooltip: { formatter: 'fmt:signed' }, xAxis: [{ data: [1, 2], axisLabel: { color: 'role:text' } }],
  });
  const own = option();
  const ready = look(own, { ...setting, own: true });
  assert.equal(ready, own);
  assert.deepEqual(ready, look(option(), setting));
  assert.throws(() => look({ color: ['role:mauve'] }, { ...setting, own: true }), /mauve.*theme\.json/);
  assert.throws(() => look({ a: { formatter: 'fmt:roman' } }, { ...setting, own: true }), /roman.*format\.js/);
});

test('a filter is data: nothing in it is swapped', () => {
  const ready = look({ series: [{ id: 'a', data: [{ name: 'x', filter: { topic: 'role:positive' } }] }] }, setting);
  assert.equal(ready.series[0].data[0].filter.topic, 'role:positive');
});

test('reduced motion cuts, full motion glides', () => {
  assert.equal(look({}, { ...setting, motion: false }).animation, false);
  assert.equal(look({}, setting).animationDurationUpdate, 400);
});

test('new values keep the shape; a new series, kind or field changes it', () => {
  const a = { series: [{ id: 'a', type: 'bar', data: [1, 2] }], xAxis: [{ axisLabel: { customValues: ['x'] } }] };
  const b = { series: [{ id: 'a', type: 'bar', data: [3, 4, 5] }], xAxis: [{ axisLabel: { customValues: ['y', 'z'] } }] };
  assert.equal(shape(a), shape(b));
  assert.notEqual(shape(a), shape({ ...a, series: [{ id: 'b', type: 'bar', data: [1] }] }));
  assert.notEqual(shape(a), shape({ ...a, series: [{ id: 'a', type: 'line', data: [1] }] }));
  assert.notEqual(shape(a), shape({ ...a, series: [{ id: 'a', type: 'bar', data: [1], markLine: { data: [] } }] }));
});

test('only a chart with the world on it waits for the world', () => {
  assert.ok(needsWorld({ series: [{ type: 'map', map: 'world' }] }));
  assert.ok(needsWorld({ geo: { map: 'world' }, series: [] }));
  assert.ok(!needsWorld({ series: [{ type: 'bar' }] }));
});

test('the size of text reaches axes, legend and tooltip', () => {
  const theme = themeOf({ ...setting, size: 30 });
  for (const part of [theme.categoryAxis.axisLabel, theme.valueAxis.axisLabel, theme.legend.textStyle, theme.tooltip.textStyle]) assert.equal(part.fontSize, 30);
});

test('the projection comes back to where it began', () => {
  for (const place of [[0, 0], [25, 60], [-120, -45], [179.9, 83], [-179.9, -55]]) {
    const back = unproject(project(place));
    assert.ok(Math.hypot(back[0] - place[0], back[1] - place[1]) < 1e-4, `${place} came back as ${back}`);
  }
});

test('north is up and east is right', () => {
  assert.ok(project([0, 50])[1] < project([0, 10])[1]);
  assert.ok(project([50, 0])[0] > project([10, 0])[0]);
});

test("a brand's colour can be seen on its ground, and stays what it is where it can", () => {
  const rgb = (/** @type {string} */ c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16));
  for (const paper of ['#0b1016', '#f7f8f6', '#ffffff']) {
    for (const color of ['#000000', '#ffffff', '#002561', '#FFF200', '#777777']) {
      for (const own of [false, true]) {
        const option = { series: [{ itemStyle: { color }, data: [{ name: color, itemStyle: { color } }] }] };
        const [drawn] = look(option, { ...setting, own, roles: { ...setting.roles, paper } }).series;
        assert.ok(contrast(rgb(drawn.itemStyle.color), rgb(paper)) >= 3, `${color} on ${paper}: ${drawn.itemStyle.color}`);
        assert.equal(drawn.data[0].itemStyle.color, drawn.itemStyle.color);
        assert.equal(drawn.data[0].name, color); // a text is none
      }
    }
  }
  assert.equal(seenOn('#005AFF', '#f7f8f6'), '#005AFF');
});

test('a long name leaves the legend to the others', () => {
  assert.equal(clipped('Nokia'), 'Nokia');
  assert.equal(clipped('🚀'.repeat(40)), `${'🚀'.repeat(27)}…`);
  assert.equal(themeOf(setting).legend.formatter('x'.repeat(99)).length, 28);
});
