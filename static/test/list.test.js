import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrive, empty, first, more, most, release, reread } from '../src/page/list.js';

const base = Date.parse('2026-03-01T12:00:00Z');
const said = (n) => ({ id: `m${n}`, published: new Date(base + n * 1000).toISOString() });
const ids = (list) => list.mentions.map((m) => m.id);
const open = { hold: false, paged: false };

test('the newest stands first, whatever order it came in', () => {
  let list = first({ mentions: [said(2), said(1)], total: 2 });
  list = arrive(list, said(4), open);
  list = arrive(list, said(3), open);
  assert.deepEqual(ids(list), ['m4', 'm3', 'm2', 'm1']);
  assert.equal(list.total, 4);
});

test('a mention that is there already is not counted or shown twice', () => {
  const list = arrive(first({ mentions: [said(1)], total: 1 }), { ...said(1), copies: 2 }, open);
  assert.equal(list.total, 1);
  assert.deepEqual(list.mentions.map((m) => m.copies), [2]);
});

test('while the reader is busy nothing moves, and nothing is lost', () => {
  let list = first({ mentions: [said(1)], total: 1 });
  list = arrive(list, said(2), { hold: true, paged: false });
  assert.deepEqual(ids(list), ['m1']);
  assert.equal(list.held.length, 1);
  list = release(list, false);
  assert.deepEqual(ids(list), ['m2', 'm1']);
  assert.equal(list.held.length, 0);
});

test('the list stays bounded through a storm, shown or held', () => {
  let list = first({ mentions: [], total: 0 });
  let held = first({ mentions: [], total: 0 });
  for (let n = 0; n < most * 3; n++) {
    list = arrive(list, said(n), open);
    held = arrive(held, said(n), { hold: true, paged: false });
  }
  assert.equal(list.mentions.length, most);
  assert.equal(held.held.length, most);
  assert.equal(held.heldMore, most * 2);
  assert.equal(list.total, most * 3);
  assert.equal(release(held, false).mentions.length, most);
});

test('what the reader paged to stays, and a page that overlaps adds only what is new', () => {
  let list = first({ mentions: [said(3), said(2)], total: 4, next: 'c' });
  list = more(list, { mentions: [said(2), said(1), said(0)], total: 4, next: '' });
  assert.deepEqual(ids(list), ['m3', 'm2', 'm1', 'm0']);
  assert.equal(list.next, '');
});

test('an empty list knows no total yet', () => {
  assert.equal(empty().total, null);
});

const read = (n, label, corrected = false) => ({ ...said(n), readings: { nokia: { label, corrected } } });

test('a mention that is told again undoes nothing that a person set', () => {
  let list = first({ mentions: [read(1, 'positive', true), read(2, 'positive')], total: 2 });
  list = arrive(list, read(1, 'negative'), open);
  list = arrive(list, read(2, 'negative'), open);
  assert.deepEqual(list.mentions.map((m) => m.readings.nokia.label), ['negative', 'positive']);
  list = arrive(list, read(1, 'neutral', true), open);
  assert.equal(list.mentions[1].readings.nokia.label, 'neutral');
});

test('a correction reaches what is shown and what is held, and touches nothing else', () => {
  let list = first({ mentions: [read(1, 'positive'), read(2, 'positive')], total: 2 });
  list = arrive(list, read(3, 'positive'), { hold: true, paged: false });
  const other = list.mentions[0];
  list = reread(list, 'nokia', { m1: { label: 'negative', corrected: true }, m3: { label: 'neutral', corrected: true }, m9: { label: 'neutral' } });
  assert.deepEqual(list.mentions.map((m) => m.readings.nokia.label), ['positive', 'negative']);
  assert.equal(list.held[0].readings.nokia.label, 'neutral');
  assert.equal(list.mentions[0], other);
  assert.equal(list.total, 3);
  assert.equal(reread(list, 'ericsson', { m1: { label: 'neutral' } }).mentions[1].readings.nokia.label, 'negative');
});
