import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import * as format from '../src/format.js';

const testdata = new URL('../../charts/testdata/', import.meta.url);
const { formatters, formattersIn, signed, count, short, percent, clock, day, weekday, moment, note, tip } = format;

const spelling = (/** @type {string} */ lang) => JSON.parse(readFileSync(new URL(`../words/${lang}.json`, testdata), 'utf8')).format;

// The same file as charts/words_test.go reads and writes.
for (const { lang, format: name, in: given, out } of JSON.parse(readFileSync(new URL('format.json', testdata), 'utf8'))) {
  test(`${name} of ${given} is ${out}, as in sentences and tables${lang ? ` (${lang})` : ''}`, () => {
    const f = /** @type {(x: any) => string} */ ((lang ? formattersIn(spelling(lang)) : formatters)[name]);
    assert.equal(f(given), out);
    if (typeof given === 'string') {
      assert.equal(f({ name: given }), out);
      return;
    }
    assert.equal(f({ name: 'x', value: given }), out);
    assert.equal(f({ name: 'x', value: [3, 4, given] }), out);
  });
}

test('what is written without a word on how is written as in English', () => {
  const en = formattersIn(spelling('en'));
  for (const n of [0, -0.4, 999, 1204, 1.26e6, 2.5e9, -1204]) {
    for (const name of /** @type {const} */ (['signed', 'count', 'short', 'percent'])) assert.equal(formatters[name](n), en[name](n));
  }
  for (let month = 1; month <= 12; month++) {
    const at = `2026-${String(month).padStart(2, '0')}-${10 + month}T09:05:00Z`;
    for (const name of /** @type {const} */ (['clock', 'day', 'weekday', 'moment'])) assert.equal(formatters[name](at), en[name](at));
  }
});

test('in another language an axis is pointed at in its own way', () => {
  const at = '2026-11-23T14:30:00+02:00';
  assert.equal(formattersIn(spelling('de')).tip([{ axisValue: at, name: at, seriesName: 'Negativ', value: 1204, data: { name: at, value: 1204 } }]), 'Mo, 23. Nov., 14:30\nNegativ  1.204');
});

test('every formatter that an option names is there, under its own name', () => {
  const used = new Set();
  for (const board of readdirSync(new URL('options/', testdata))) {
    for (const file of readdirSync(new URL(`options/${board}/`, testdata))) {
      const option = readFileSync(new URL(`options/${board}/${file}`, testdata), 'utf8');
      for (const [, name] of option.matchAll(/"formatter": "fmt:([^"]*)"/g)) used.add(name);
    }
  }
  assert.ok(used.size >= 6, [...used].join());
  for (const name of used) assert.equal(formatters[name], /** @type {any} */ (format)[name], name);
});

test('the minus is a minus, and zero has no sign', () => {
  assert.equal(signed(-12), '\u221212');
  assert.equal(signed(-0.2), '0');
  assert.equal(signed('31'), '+31');
});

test('what is no number is nothing', () => {
  for (const f of [signed, count, short, percent]) {
    for (const v of ['-', null, undefined, '', NaN, Infinity, 'x']) {
      assert.equal(f(/** @type {any} */ (v)), '');
      assert.equal(f({ value: v }), '');
    }
  }
});

test('times are shown by the clock that wrote them, wherever the screen is', () => {
  const zone = process.env.TZ;
  for (process.env.TZ of ['UTC', 'Asia/Tokyo', 'America/Los_Angeles']) {
    assert.equal(clock('2026-11-23T14:05:00+02:00'), '14:05');
    assert.equal(day('2026-11-23T00:00:00+02:00'), '23 Nov');
    assert.equal(weekday('2026-11-23T00:00:00-11:00'), 'Mon 23');
    assert.equal(moment('2026-01-04T23:45:00Z'), 'Sun 4 Jan, 23:45');
  }
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  assert.equal(clock('yesterday'), 'yesterday');
  assert.equal(day({ name: '2026-02-09T00:00:00Z' }), '9 Feb');
});

test('an axis is pointed at: a line for each series that says something', () => {
  const at = '2026-11-23T14:30:00+02:00';
  assert.equal(tip([
    { axisValue: at, name: at, seriesName: 'Negative', value: 1204, data: { name: at, value: 1204 } },
    { axisValue: at, name: at, seriesName: 'Mood', value: 31, data: { name: at, value: 31, tip: '+31 over the latest 20' } },
    { axisValue: at, name: at, seriesName: 'Ericsson', value: '-', data: { name: at, value: '-' } },
  ]), 'Mon 23 Nov, 14:30\nNegative  1,204\nMood  +31 over the latest 20');
  assert.equal(tip([]), '');
});

test('a point is pointed at: its own words, else its name', () => {
  assert.equal(tip({ name: 'FI', data: { name: 'FI', tip: 'Finland: +12, 30 mentions' } }), 'Finland: +12, 30 mentions');
  assert.equal(tip({ name: 'FI', data: { name: 'FI' } }), 'FI');
  assert.equal(tip({ name: 'Antarctica' }), 'Antarctica');
  assert.equal(note({ data: { note: '+12 · 30' } }), '+12 · 30');
  assert.equal(note({}), '');
});

test('feed text is no rich text: no brace of it opens a style', () => {
  const said = tip({ name: 'x', data: { tip: '{a|big} {b}: {c}' } });
  assert.doesNotMatch(said, /\{[a-zA-Z0-9_]+\|/);
  assert.equal(said.replace(/\u2060/g, ''), '{a|big} {b}: {c}');
  assert.doesNotMatch(tip([{ axisValue: '{q|1}', seriesName: '{a|x}', value: 1, data: {} }]), /\{[a-zA-Z0-9_]+\|/);
});
