import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast, chartFile, known, ofChart, ofList, read } from '../src/page/formats.js';
import { listFile, parse } from '../src/page/state.js';
import { nameIn } from '../src/page/take.js';
import { words } from '../src/words.js';

const answer = { charts: [{ id: 'mood', title: 'Mood', formats: ['json', 'xlsx', 'csv', 'hologram', 'pdf', 'png', 'svg'] }], mentions: { formats: ['ndjson', 'json', 'csv', 'xlsx'] } };

test('what the server lists is offered, in one order, and nothing that there is no word for', () => {
  assert.deepEqual(ofChart(read(answer), 'mood'), ['png', 'svg', 'pdf', 'csv', 'xlsx', 'json']);
  assert.deepEqual(ofList(read(answer)), ['csv', 'xlsx', 'json']);
});

test('every format has a word', () => {
  for (const ending of known) assert.match(words[ending], /\(/);
});

test('until the server has said anything, what every server has is offered', () => {
  assert.deepEqual(ofChart(atLeast(), 'mood'), ['csv', 'json']);
  assert.deepEqual(ofChart(read(answer), 'pulse'), ['csv', 'json']);
  assert.deepEqual(ofList(read({})), ['csv', 'json']);
});

test('the list is taken away as it is filtered, and all pages of it', () => {
  const there = { brands: ['nokia'], windows: ['24h', '7d'] };
  const state = parse('?brand=nokia&window=7d&label=negative&q=a%26b%3D5G', there);
  assert.equal(listFile(state, 'xlsx'), '/api/v1/mentions.xlsx?brand=nokia&window=7d&label=negative&q=a%26b%3D5G');
  const point = parse('?brand=nokia&window=7d&from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z', there);
  assert.equal(listFile(point, 'csv'), '/api/v1/mentions.csv?brand=nokia&from=2026-01-01T00%3A00%3A00Z&to=2026-01-01T01%3A00%3A00Z');
});

test('a picture is of what is shown, in the colours that it is shown in', () => {
  const shown = { brand: 'nokia', window: '7d', theme: 'dark', place: 'about' };
  assert.equal(chartFile('map', 'png', shown), '/charts/map.png?brand=nokia&window=7d&theme=dark&place=about&scale=2');
  assert.equal(chartFile('map', 'pdf', shown), '/charts/map.pdf?brand=nokia&window=7d&theme=dark&place=about');
  assert.equal(chartFile('mood', 'svg', { ...shown, place: '' }), '/charts/mood.svg?brand=nokia&window=7d&theme=dark');
  assert.equal(chartFile('map', 'csv', shown), '/charts/map.csv?brand=nokia&window=7d');
});

test('a file has the name that the server gives it', () => {
  assert.equal(nameIn('attachment; filename=agora-mood.csv'), 'agora-mood.csv');
  assert.equal(nameIn('inline; filename="agora mood\\".png"; x=y'), 'agora mood".png');
  assert.equal(nameIn('inline'), '');
});
