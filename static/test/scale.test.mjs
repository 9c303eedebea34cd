import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { scale } from '../src/scale.js';

test('lengths grow with the text, all else stays', () => {
  const option = {
    grid: [{ left: '0', top: '40', right: '52%' }], legend: { left: 'center', itemGap: 2 }, yAxis: [{ min: -100, max: 100, axisLabel: { width: 132, interval: 0 } }],
    series: [{ id: 'a', barMaxWidth: 24, barCategoryGap: '20%', lineStyle: { width: 2.5, opacity: 0.5 }, data: [{ name: '1', value: [8, 9], symbolSize: 10, filter: { top: '5' } }] }],
  };
  scale(option, 4);
  assert.deepEqual(option, {
    grid: [{ left: 0, top: 160, right: '52%' }], legend: { left: 'center', itemGap: 8 }, yAxis: [{ min: -100, max: 100, axisLabel: { width: 528, interval: 0 } }],
    series: [{ id: 'a', barMaxWidth: 96, barCategoryGap: '20%', lineStyle: { width: 10, opacity: 0.5 }, data: [{ name: '1', value: [8, 9], symbolSize: 40, filter: { top: '5' } }] }],
  });
});

test('once is as it was, and there and back again too', () => {
  for (const id of ['timeline', 'map', 'sources', 'share', 'mood', 'rhythm']) {
    const read = () => JSON.parse(readFileSync(new URL(`../../charts/testdata/options/one/${id}.json`, import.meta.url), 'utf8'));
    const option = read();
    scale(option, 1);
    assert.deepEqual(option, read());
    scale(option, 4);
    assert.notDeepEqual(option, read());
    const sameScale = read();
    assert.deepEqual(option.series.map((s) => s.data.map((p) => p.value)), sameScale.series.map((s) => s.data.map((p) => p.value)));
    assert.deepEqual(option.xAxis && option.xAxis[0].max, sameScale.xAxis && sameScale.xAxis[0].max);
  }
});
