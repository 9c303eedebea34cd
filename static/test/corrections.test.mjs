import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correct, makeSet, verdict, wishOf } from '../src/page/corrections.js';
import { complete, marks, starsOf, tint } from '../src/page/why.js';

const engine = { label: 'negative', score: -0.42, confidence: 0.6, reasons: [], corrected: false };
const wishes = ['positive', 'neutral', 'negative', 'irrelevant', null];

test('only the last correction counts, and taking it back leaves what the engine read', () => {
  for (const a of wishes) {
    for (const b of wishes) {
      const twice = correct(correct(engine, a), b);
      assert.deepEqual(twice, correct(engine, b), `${a}, then ${b}`);
      assert.equal(wishOf(twice), b === null ? undefined : b);
      assert.deepEqual(verdict(twice), { label: 'negative', score: -0.42, confidence: 0.6 });
    }
    assert.deepEqual(correct(correct(engine, a), null), engine);
  }
});

test('a corrected score is what the server makes of it', () => {
  // As in mood/correction_test.go.
  for (const [score, label, want] of [[0.8, 'positive', 0.8], [0.1, 'positive', 0.5], [-0.9, 'positive', 0.5], [-0.9, 'negative', -0.9], [0.3, 'negative', -0.5], [0.9, 'neutral', 0]]) {
    assert.equal(correct({ ...engine, score }, label).score, want, `${score} made ${label}`);
  }
  assert.equal(correct(engine, 'irrelevant').score, -0.42);
});

test('an answer that doesn’t know yet what was set undoes nothing; a later one is believed', () => {
  const set = makeSet();
  const old = { id: 'm', readings: { nokia: engine } };
  const mine = correct(engine, 'positive');
  set.hope('m', mine);
  assert.equal(set.over(old, 'nokia', 1e15).readings.nokia, mine);
  set.have('m', mine, 1000);
  assert.equal(set.over(old, 'nokia', 999).readings.nokia, mine);
  assert.equal(set.over(old, 'nokia', 1001), old);
  assert.equal(set.hoping('m'), false);
  set.hope('m', mine);
  set.drop('m');
  assert.equal(set.over(old, 'nokia', 0), old);
  assert.equal(set.over({ id: 'm', readings: {} }, 'nokia', 0).readings.nokia, undefined);
});

test('what was set is remembered within bounds', () => {
  const set = makeSet();
  for (let n = 0; n < 2000; n++) set.have(`m${n}`, engine, 1000);
  const of = (id) => set.over({ id, readings: { nokia: {} } }, 'nokia', 0).readings.nokia;
  assert.equal(of('m1999'), engine);
  assert.notEqual(of('m0'), engine);
});

const parts = (text, list, field) => marks(text, list, field).map((p) => (p.reason ? `[${p.text}]` : p.text)).join('');

test('words are marked where they stand, counted in code points', () => {
  const list = [
    { text: 'great', field: 'title', start: 2, end: 7, weight: 0.5 }, { text: 'awful', field: 'text', start: 0, end: 5, weight: -0.5 },
    { text: 'fun', start: 6, end: 9, weight: 0.1 },
  ];
  assert.equal(parts('😀 great awful', list, 'title'), '😀 [great] awful');
  assert.equal(parts('Awful fun', list, 'text'), '[Awful] [fun]');
});

test('marks that don’t fit, or overlap, change no letter of the text', () => {
  const text = 'not good at all, <b>not</b> at all';
  const list = [
    { text: 'not good', field: 'text', start: 0, end: 8, weight: -0.6 }, { text: 'good', field: 'text', start: 4, end: 8, weight: 0.3 },
    { text: 'elsewhere', field: 'text', start: 9, end: 18, weight: 1 }, { text: 'all', field: 'text', start: 90, end: 93, weight: 1 },
    { text: '', field: 'text', start: 3, end: 3, weight: 1 }, { text: 'at', field: 'text', start: NaN, end: 11, weight: 1 },
  ];
  assert.equal(parts(text, list, 'text'), '[not good] at all, <b>not</b> at all');
  assert.equal(marks(text, list, 'text').map((p) => p.text).join(''), text);
});

test('the reasons add up to the score, whatever a person has said since', () => {
  const sum = (list) => Math.round(list.reduce((a, r) => a + r.weight + (r.net || 0), 0) * 1000) / 1000;
  const read = { ...engine, reasons: [
    { text: 'awful', start: 0, end: 5, weight: -0.2, net: -0.1 }, { text: '', start: 0, end: 0, weight: 0.01, kind: 'rest' },
  ] };
  const list = complete(read);
  assert.equal(sum(list), -0.42);
  assert.equal(list.length, 2);
  assert.equal(list[1].kind, 'rest');
  assert.equal(sum(complete(correct(read, 'positive'))), -0.42);
  assert.deepEqual(complete({ ...engine, score: 0 }), []);
});

test('stars are the only reason of a review, and weigh all that it scores', () => {
  const reason = { text: '★★☆☆☆', start: 0, end: 0, weight: -0.5, kind: 'stars' };
  const review = { ...engine, score: -0.5, confidence: 1, reasons: [reason] };
  assert.deepEqual(complete(review), [reason]);
  assert.equal(starsOf(reason), 2);
  assert.equal(tint(reason, 0.5), 'negative tint-3');
  assert.equal(tint({ ...reason, text: '★★★☆☆', weight: 0 }, 0.05), 'neutral');
  assert.equal(parts('★★☆☆☆ is what I gave', [reason], 'text'), '★★☆☆☆ is what I gave');
  assert.deepEqual(complete(correct(review, 'positive')), [reason], 'a person changes nothing of what the author gave');
});
