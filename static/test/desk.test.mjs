import assert from 'node:assert/strict';
import test from 'node:test';
import { describe, destination, tidyCode } from '../src/desk-words.js';

test('after the login one goes where one wanted, on this server only', () => {
  assert.equal(destination('?next=%2Fdisplays'), '/displays');
  assert.equal(destination('?next=%2F%3Fbrand%3Dnokia'), '/?brand=nokia');
  for (const evil of ['', '?next=https://evil.test/', '?next=//evil.test', '?next=/%5Cevil.test', '?next=/%09/evil.test', '?next=javascript:alert(1)']) {
    assert.equal(destination(evil), '/', evil);
  }
});

test('a code is read however it is typed', () => {
  for (const typed of ['bcdfghjk', 'BCDF-GHJK', ' bcdf ghjk ', 'bcdf–ghjk']) assert.equal(tidyCode(typed), 'BCDF-GHJK');
  assert.equal(tidyCode('bcd'), 'BCD');
});

test('a screen is on, or says when it was last seen', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  const at = (ms) => describe({ wall: 'lobby', last_seen: new Date(now - ms).toISOString() }, now);
  assert.deepEqual(at(50_000), { text: 'wall lobby · on now', away: false });
  assert.deepEqual(at(5 * 60_000), { text: 'wall lobby · last seen 5 min ago', away: false });
  assert.deepEqual(at(3 * 3_600_000), { text: 'wall lobby · last seen 3 h ago', away: true });
});
