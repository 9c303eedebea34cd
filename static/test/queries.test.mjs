import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pieces, pointed, snippet } from '../src/queries/marks.js';

test('what matched is marked by code points, whatever stands before it', () => {
  const text = '👍🏽 Škoda und Nokia';
  const points = Array.from(text);
  const at = points.join('').indexOf('Nokia');
  const start = Array.from(text.slice(0, at)).length;
  assert.deepEqual(pieces(text, [{ field: 'text', start, end: start + 5 }], 'text'), [
    { text: '👍🏽 Škoda und ', hit: false }, { text: 'Nokia', hit: true },
  ]);
});

test('spans of the other field, and those that cannot be, mark nothing', () => {
  const spans = [{ field: 'title', start: 0, end: 1 }, { field: 'text', start: 2, end: 99 }, { field: 'text', start: 1, end: 2 }, { field: 'text', start: 0, end: 2 }];
  assert.deepEqual(pieces('abc', spans, 'text'), [{ text: 'a', hit: false }, { text: 'b', hit: true }, { text: 'c', hit: false }]);
});

test('a mistake is pointed at as a word, or as the one character', () => {
  assert.deepEqual(pointed('Nokia contry:FI x', 7), ['Nokia ', 'contry:FI', ' x']);
  assert.deepEqual(pointed('Nokia (tyres', 7), ['Nokia ', '(', 'tyres']);
  assert.deepEqual(pointed('ää "x', 4), ['ää ', '"', 'x']);
  assert.deepEqual(pointed('👍 a', 3), ['👍 ', 'a', '']);
  assert.deepEqual(pointed('nokia', 6), ['nokia', '', '']);
  assert.deepEqual(pointed('nokia', 99), ['nokia', '', '']);
});

test('a query becomes a brand of agora.yaml, with its quotes', () => {
  assert.equal(snippet({ id: 'att', name: "L'AT&T" }, `"AT&T"\n OR 'x'`), "  - id: att\n    name: 'L''AT&T'\n    query: '\"AT&T\" OR ''x'''");
});
