import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { onePerRow } from '../src/rows.js';
import { driftAt } from '../src/wall/drift.js';
import { isQuiet, localTime, town } from '../src/wall/hours.js';
import { scenesOf, turnAt, usualScenes } from '../src/wall/rotation.js';
import { words } from '../src/wall/words.js';

const helsinki = 'Europe/Helsinki'; // +02:00 in November
const at = (time) => Date.parse(`2026-11-23T${time}:00+02:00`);

test('scenes come in turn, each for its time', () => {
  const scenes = [{ show: 'overview', seconds: 30 }, { show: 'map', seconds: 20 }];
  const seen = [];
  for (let s = 0; s < 100; s += 10) seen.push(turnAt(scenes, ['nokia'], s * 1000).scene.show);
  assert.deepEqual(seen, ['overview', 'overview', 'overview', 'map', 'map', 'overview', 'overview', 'overview', 'map', 'map']);
});

test('brands take turns, a whole round each', () => {
  const scenes = [{ show: 'overview', seconds: 10 }, { show: 'map', seconds: 10 }];
  const seen = [];
  for (let s = 0; s < 60; s += 10) seen.push(turnAt(scenes, ['nokia', 'ericsson'], s * 1000).brand);
  assert.deepEqual(seen, ['nokia', 'nokia', 'ericsson', 'ericsson', 'nokia', 'nokia']);
});

test('a turn ends when it says', () => {
  const scenes = [{ show: 'overview', seconds: 30 }, { show: 'map', seconds: 20 }];
  for (let now = 0; now < 200_000; now += 1700) {
    const turn = turnAt(scenes, ['a', 'b', 'c'], now);
    assert.ok(turn.left > 0);
    assert.equal(turnAt(scenes, ['a', 'b', 'c'], now + turn.left - 1).index, turn.index);
    assert.notEqual(turnAt(scenes, ['a', 'b', 'c'], now + turn.left).index, turn.index);
  }
});

test('the wall turns as its pictures do', () => {
  const shared = JSON.parse(readFileSync(new URL('../../server/testdata/turns.json', import.meta.url), 'utf8'));
  for (const c of shared.cases) {
    const turn = turnAt(scenesOf(c.scenes, c.brands, c.only), Array.from({ length: c.brands }, (_, i) => i), c.at);
    assert.deepEqual([turn.scene.show, turn.brand, turn.left], [c.show, c.brand, c.left]);
  }
});

test('the address can hold one scene', () => {
  assert.deepEqual(scenesOf(usualScenes, 3, 'map'), [{ show: 'map', seconds: 20 }]);
  assert.deepEqual(scenesOf(usualScenes, 3, 'nonsense'), usualScenes);
});

test('one brand isn’t set against itself', () => {
  assert.deepEqual(scenesOf(usualScenes, 1).map((s) => s.show), ['overview', 'map', 'mentions']);
  assert.equal(scenesOf([{ show: 'brands', seconds: 20 }], 1)[0].show, 'overview');
});

test('a wall without scenes, and scenes nobody knows, show the usual ones', () => {
  assert.deepEqual(scenesOf(null, 2), usualScenes);
  assert.deepEqual(scenesOf([{ show: 'weather', seconds: 5 }], 2), usualScenes);
});

test('scenes of no length get one', () => {
  assert.deepEqual(scenesOf([{ show: 'map', seconds: 0 }, { show: 'overview', seconds: 0.1 }], 2), [
    { show: 'map', seconds: 20 },
    { show: 'overview', seconds: 1 },
  ]);
});

test('quiet hours cross midnight, on the clock of the zone', () => {
  const quiet = (time) => isQuiet('20:00-06:30', at(time), helsinki);
  assert.deepEqual(['19:59', '20:00', '23:59', '00:00', '06:29', '06:30', '12:00'].map(quiet), [false, true, true, true, true, false, false]);
  assert.equal(isQuiet('12:00-13:00', at('12:30'), helsinki), true);
  assert.equal(isQuiet('', at('23:00'), helsinki), false);
});

test('the clock is that of the zone, also in the hour after midnight', () => {
  assert.deepEqual(localTime(at('00:05'), helsinki), { hour: 0, minute: 5 });
  assert.deepEqual(localTime(Date.parse('2026-07-01T21:05:00Z'), helsinki), { hour: 0, minute: 5 });
  assert.equal(town('America/New_York'), 'New York');
  assert.equal(town('UTC'), 'UTC');
});

test('the wall wanders a few pixels a minute and stays within its reach', () => {
  const places = new Set();
  for (let m = 0; m < 600; m++) {
    const here = driftAt(m * 60_000, 1080);
    const next = driftAt((m + 1) * 60_000, 1080);
    assert.ok(Math.abs(here.x) <= 12 && Math.abs(here.y) <= 12);
    assert.ok(Math.abs(next.x - here.x) <= 6 && Math.abs(next.y - here.y) <= 6);
    places.add(`${here.x} ${here.y}`);
  }
  assert.ok(places.size > 150, `${places.size} places`);
});

test('the wall says each story once, with its newest mention', () => {
  const newestFirst = [{ id: 'f', story: '' }, { id: 'e' }, { id: 'd', story: 't' }, { id: 'c', story: 's' }, { id: 'b', story: 't' }, { id: 'a', story: 's' }];
  assert.deepEqual(onePerRow(newestFirst).map((m) => m.id), ['f', 'e', 'd', 'c']);
});

test('a wall on which nothing was said tells whether anybody answers, as its pictures do', () => {
  const shared = JSON.parse(readFileSync(new URL('../../server/testdata/waiting.json', import.meta.url), 'utf8'));
  for (const c of shared) assert.equal(words.firstStart(c.total, c.mute), c.words);
});
