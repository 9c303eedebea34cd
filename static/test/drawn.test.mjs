// @ts-check
import assert from 'node:assert/strict';
import test from 'node:test';
import { grown, hasPoints, inMode } from '../src/drawn.js';

const modes = ['about', 'from', 'origin', 'devices'];
/** @param {[string, number][]} points @param {string} [kind] */
const dots = (points, kind = 'activation') => ({
  id: `devices:${kind}`, name: kind, itemStyle: { color: 'role:activity' }, data: points.map(([name, n]) => ({ name, value: [1, 2, n] })),
});
/** @param {any[]} series */
const map = (...series) => ({ legend: { data: [] }, series: [
  { id: 'mood-from', name: 'from', data: [] }, { id: 'mood-about', name: 'about', data: [{ name: 'FI', value: 3 }] }, ...series,
] });

test('a map shows devices over publishers, and in no other mode', () => {
  const option = map(dots([['FI', 5]]));
  for (const mode of modes) {
    const { option: drawn, empty } = inMode(option, mode, modes);
    assert.deepEqual(drawn.legend.selected, {
      about: mode === 'about', from: mode === 'from' || mode === 'devices', origin: mode === 'origin', activation: mode === 'devices',
    });
    assert.equal(drawn.legend.show, mode === 'devices');
    assert.equal(empty, mode === 'from' || mode === 'origin');
  }
  assert.equal(inMode(map(), 'devices', modes).empty, true);
  assert.equal(inMode(map(), 'devices', modes).option.legend.show, false);
});

test('rings open where more has been done, the most first, and nowhere else', () => {
  const before = map(dots([['FI', 10], ['SE', 10], ['US', 20]]));
  const after = map(dots([['FI', 15], ['SE', 10], ['US', 15], ['BR', 25]]), dots([['FI', 5]], 'download'));
  assert.deepEqual(grown(before, after).length, 3);
  assert.deepEqual(grown(before, after)[0], { lon: 1, lat: 2, colour: 'role:activity' });
  assert.deepEqual(grown(before, before), []);
  assert.deepEqual(grown(undefined, after), []);
  assert.deepEqual(grown(after, map()), []);
});

test('a map on which all is balanced is not empty, and bars without mentions are', () => {
  const even = { id: 'mood-from', name: 'from', type: 'map', data: [{ name: 'DE', value: 0 }] };
  assert.equal(inMode(map(even), 'from', modes).empty, false);
  assert.equal(inMode(map(even), 'origin', modes).empty, true);
  assert.equal(inMode(map({ ...even, data: [] }), 'from', modes).empty, true);
  assert.equal(hasPoints({ series: [{ type: 'bar', data: [{ name: 'positive', value: 0 }] }] }), false);
});
