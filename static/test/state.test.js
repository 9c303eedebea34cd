import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chips, copiesQuery, drop, foldedQuery, format, listQuery, narrow, parse, pick } from '../src/page/state.js';

const there = { brands: ['nokia', 'ericsson'], windows: ['1h', '24h', '7d'] };
const start = parse('', there);

test('an empty address shows the first brand, a day, and the publishers’ countries', () => {
  assert.deepEqual(start, { brand: 'nokia', window: '24h', map: 'from', filter: {} });
});

test('an address that names nothing that exists falls back, and keeps what is known', () => {
  const state = parse('?brand=acme&window=9y&map=mars&label=negative&evil=1', there);
  assert.deepEqual(state, { brand: 'nokia', window: '24h', map: 'from', filter: { label: 'negative' } });
});

test('what is written into the address is read back', () => {
  const state = { brand: 'ericsson', window: '7d', map: /** @type {const} */ ('about'), filter: { topic: 'a&b=c “5G”', country: 'FI', place: 'about' } };
  assert.deepEqual(parse(format(state), there), state);
});

test('a click selects exactly what is behind the point', () => {
  const one = pick(start, { brand: 'nokia', window: '24h', outlet: 'reuters.com' });
  assert.deepEqual(one.filter, { outlet: 'reuters.com' });
  const two = pick(one, { brand: 'nokia', window: '24h', country: 'FI', place: 'from' });
  assert.deepEqual(two.filter, { country: 'FI', place: 'from' });
});

test('clicking the same point again lets go of it', () => {
  const filter = { brand: 'nokia', window: '24h', outlet: 'reuters.com' };
  assert.deepEqual(pick(pick(start, filter), filter).filter, {});
});

test('a click that adds keeps what was chosen before, and replaces what would clash', () => {
  const one = pick(start, { label: 'negative', from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z' });
  const two = pick(one, { from: '2026-01-02T00:00:00Z', to: '2026-01-02T01:00:00Z' }, true);
  assert.deepEqual(two.filter, { label: 'negative', from: '2026-01-02T00:00:00Z', to: '2026-01-02T01:00:00Z' });
});

test('a point of another brand chooses that brand', () => {
  const state = pick(narrow(start, 'label', 'positive'), { brand: 'ericsson', window: '24h' });
  assert.equal(state.brand, 'ericsson');
  assert.deepEqual(state.filter, {});
});

test('a point that counts another window brings it to the list', () => {
  const state = pick(start, { brand: 'nokia', window: '7d', weekday: '0', hour: '9' });
  assert.equal(new URLSearchParams(listQuery(state, { limit: 50 })).get('window'), '7d');
  assert.equal(state.window, '24h');
});

test('times in a filter stand for themselves, without a window', () => {
  const state = pick(start, { brand: 'nokia', from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', label: 'negative' });
  const query = new URLSearchParams(listQuery(state, { limit: 50, cursor: 'abc' }));
  assert.deepEqual(Object.fromEntries(query), {
    brand: 'nokia', from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', label: 'negative', limit: '50', cursor: 'abc',
  });
});

test('what means something only together is one chip, and goes as one', () => {
  const state = pick(start, { country: 'FI', place: 'from', label: 'negative' });
  const list = chips(state);
  assert.deepEqual(list.map((c) => c.kind), ['label', 'country']);
  assert.deepEqual(drop(state, list[1]).filter, { label: 'negative' });
});

test('the list folds stories, but for the list of one story, which has all its copies', () => {
  const state = { brand: 'nokia', window: '24h', map: 'from', filter: { label: 'negative' } };
  assert.equal(new URLSearchParams(foldedQuery(state, { limit: 50 })).get('fold'), 'story');
  const copies = new URLSearchParams(copiesQuery(state, 'abc', { limit: 50 }));
  assert.deepEqual([copies.get('story'), copies.get('label'), copies.get('fold')], ['abc', 'negative', null]);
  assert.equal(new URLSearchParams(foldedQuery({ ...state, filter: { story: 'abc' } }, { limit: 50 })).get('fold'), null);
});
