import assert from 'node:assert/strict';
import { test } from 'node:test';
import { howFound, placesOf, whyHere } from '../src/page/places.js';

const said = (evidence, method, country = 'FI', confidence = 0.9) => ({ places: { about: [{ country, evidence, method, confidence }], from: null, origin: null } });

test('a country on the map says how often each reason stands, the most frequent first', () => {
  const why = whyHere([said('Tampere', 'city'), said('Finland', 'country'), said('Finland', 'country', 'FI', 0.95), said('Sweden', 'country', 'SE')], 'about', 'FI');
  assert.equal(why.mentions, 3);
  assert.deepEqual(why.reasons.map((r) => [r.how, r.n, r.sure]), [['“Finland”, a country’s name', 2, 0.95], ['“Tampere”, a town there', 1, 0.9]]);
  assert.equal(why.others, 0);
});

test('reasons beyond the first few are counted', () => {
  const why = whyHere(Array.from({ length: 9 }, (_, i) => said(`Town ${i}`, 'city')), 'about', 'FI');
  assert.deepEqual([why.mentions, why.reasons.length, why.others], [9, 6, 3]);
});

test('the three kinds of places are never mixed', () => {
  const mention = { places: { about: [{ country: 'FI', evidence: 'Oulu', method: 'city' }], from: { country: 'GB', evidence: 'bbc.co.uk', method: 'domain' }, origin: { point: { lat: 1, lon: 2 } } } };
  assert.equal(whyHere([mention], 'from', 'FI').mentions, 0);
  assert.deepEqual(whyHere([mention], 'from', 'GB').reasons.map((r) => r.how), ['the ending of bbc.co.uk']);
  assert.deepEqual(placesOf(mention, 'origin'), [], 'a position without a country is no place on the map');
  assert.deepEqual(placesOf({}, 'about'), []);
});

test('every way to find a place has words, and an unknown one shows its evidence', () => {
  for (const method of ['country', 'people', 'region', 'city', 'metonym', 'domain', 'coordinates']) assert.match(howFound({ method, evidence: 'X' }), /X/);
  for (const method of ['pushed', 'configured', 'geotag']) assert.ok(howFound({ method }));
  assert.match(howFound({ method: 'learned', evidence: '81 % of 27 texts' }), /81 % of 27 texts of the outlet/);
  assert.equal(howFound({ evidence: 'the old way' }), 'the old way');
});
