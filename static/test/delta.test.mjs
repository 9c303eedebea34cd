import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { apply } from '../src/delta.js';

// The same file as charts/delta_test.go reads and writes.
const cases = JSON.parse(readFileSync(new URL('../../charts/testdata/delta.json', import.meta.url), 'utf8'));

/** Freezes all of it, so that a change of what was given throws. */
function frozen(value) {
  if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** As JSON text with keys in order: deepEqual minds neither the order of keys nor what a key such as __proto__ does. */
function text(value) {
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
  if (value && typeof value === 'object') {
    return `{${Object.keys(value).sort().map((k) => `${JSON.stringify(k)}:${text(value[k])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

test('there are golden pairs to go by', () => assert.ok(cases.length > 25));

for (const { name, before, after, delta } of cases) {
  test(`a delta leads to the new option: ${name}`, () => {
    const next = apply(frozen(before), frozen(delta));
    assert.equal(text(next), text(after));
  });
  test(`applied twice it changes nothing: ${name}`, () => {
    const once = apply(before, delta);
    assert.equal(text(apply(frozen(once), delta)), text(after));
  });
}

test('what did not change is shared, so that a chart can tell', () => {
  const before = { grid: { top: 1 }, series: [{ id: 'a', data: [{ name: 'x' }] }, { id: 'b', data: [{ name: 'y' }, { name: 'z' }] }] };
  const after = apply(before, { set: { series: [{ id: 'b', points: [{ name: 'y', value: 1 }] }] } });
  assert.equal(after.grid, before.grid);
  assert.equal(after.series[0], before.series[0]);
  assert.equal(after.series[1].data[1], before.series[1].data[1]);
  assert.equal(apply(before, {}), before);
});

test('a delta for another option is refused', () => {
  const option = { series: [{ id: 'a', data: [1] }] };
  assert.throws(() => apply(option, { set: { series: [{ id: 'b', points: [{ name: 'x' }] }] } }), /no series "b"/);
  assert.throws(() => apply(option, { set: { series: [{ id: 'a', points: [{ name: 'x' }] }] } }), /no names of their own/);
  assert.throws(() => apply({ series: [{ id: 'a' }, { id: 'a' }] }, { set: { order: ['a'] } }), /no ids of their own/);
});

test('keys from the wire reach no prototype', () => {
  const hostile = JSON.parse('{"set":{"parts":{"__proto__":{"polluted":true}},"series":[{"id":"a","new":true,"fields":{"__proto__":{"polluted":true},"data":[]}}]}}');
  const option = apply({ series: [] }, hostile);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
  assert.equal(option.polluted, undefined);
  assert.equal(option.series[0].polluted, undefined);
});

test('a long day of deltas ends where a snapshot would', () => {
  // A window that slides by one point a tick while counts come in.
  const point = (i, value) => ({ name: String(i).padStart(6, '0'), value });
  let option = { xAxis: [{ data: [] }], series: [{ id: 'count', data: Array.from({ length: 60 }, (_, i) => point(i, 0)) }] };
  for (let tick = 0; tick < 5000; tick++) {
    option = apply(option, {
      set: { series: [{ id: 'count', points: [point(60 + tick, tick)] }] },
      gone: { series: [{ id: 'count', points: [point(tick, 0).name] }] },
    });
  }
  assert.equal(option.series[0].data.length, 60);
  assert.deepEqual(option.series[0].data[59], point(5059, 4999));
  assert.deepEqual(option.series[0].data[0], point(5000, 4940));
});
