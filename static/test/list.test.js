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

const copy = (n, story, copies = 0) => ({ ...said(n), story, copies });

test('a copy that comes in joins the row of its story, and the newest is its face', () => {
  let list = first({ mentions: [copy(2, 's', 3), copy(1, 't')], total: 5, stories: 2 });
  list = arrive(list, copy(4, 's'), open);
  assert.deepEqual(list.mentions.map((m) => [m.id, m.copies]), [['m4', 4], ['m1', 0]]);
  assert.deepEqual([list.total, list.stories], [6, 2]);
  list = arrive(list, copy(0, 's'), open); // a late one
  assert.deepEqual(list.mentions.map((m) => [m.id, m.copies]), [['m4', 5], ['m1', 0]]);
  list = arrive(list, copy(5, 'u'), open);
  assert.deepEqual([list.mentions.length, list.total, list.stories], [3, 8, 3]);
});

test('a copy that was folded is not counted again when it is told again', () => {
  let list = first({ mentions: [copy(1, 's')], total: 1, stories: 1 });
  list = arrive(list, copy(2, 's'), open);
  list = arrive(list, copy(2, 's', 1), open);
  list = arrive(list, copy(1, 's', 0), open);
  assert.deepEqual(list.mentions.map((m) => [m.id, m.copies]), [['m2', 1]]);
  assert.equal(list.total, 2);
});

test('while the reader is busy a copy is counted in its row, which stays where it is', () => {
  let list = first({ mentions: [copy(3, 't'), copy(1, 's')], total: 2, stories: 2 });
  list = arrive(list, copy(4, 's'), { hold: true, paged: false });
  assert.deepEqual(list.mentions.map((m) => [m.id, m.copies]), [['m3', 0], ['m1', 1]]);
  list = arrive(list, copy(5, 'u'), { hold: true, paged: false });
  list = arrive(list, copy(6, 'u'), { hold: true, paged: false });
  assert.deepEqual(list.held.map((m) => [m.id, m.copies]), [['m6', 1]]);
  assert.deepEqual(ids(release(list, false)), ['m6', 'm3', 'm1']);
});

test('a further page replaces no row by an older mention of its story', () => {
  const list = more(first({ mentions: [copy(3, 's', 2)], total: 3, stories: 1, next: 'c' }), { mentions: [copy(1, 't')], total: 3, stories: 2 });
  assert.deepEqual(ids(list), ['m3', 'm1']);
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
