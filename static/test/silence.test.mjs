import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { linkGrace, quietAfter, silence } from '../src/silence.js';

const now = Date.parse('2026-11-23T12:32:00Z');
const minute = 60_000;
const up = { state: 'up', since: now - 3_600_000 };
const fine = {
  ingest: { state: 'up', since: '2026-11-23T10:00:00Z' },
  redis: { state: 'up', since: '2026-11-23T10:00:00Z' },
  sources: { total: 14, failing: 0, names: [] },
};
const facts = { link: up, status: fine, lastMention: now - 8000, now, timezone: 'Europe/Helsinki' };

test('nothing is said while mentions come in', () => {
  assert.deepEqual(silence(facts), { kind: 'none', sentence: '', since: null, stale: false, also: [] });
});

test('a lost link says since when, on the clock of the zone', () => {
  const s = silence({ ...facts, link: { state: 'down', since: now - 12 * minute } });
  assert.equal(s.kind, 'link');
  assert.equal(s.sentence, 'No link since 14:20');
  assert.equal(s.since, now - 12 * minute);
  assert.ok(s.stale);
});

test('a link that was lost yesterday says the day', () => {
  const s = silence({ ...facts, link: { state: 'down', since: now - 26 * 60 * minute } });
  assert.match(s.sentence, /^No link since Sun,? 12:32$/);
});

test('a link that comes right back is not worth a word', () => {
  assert.equal(silence({ ...facts, link: { state: 'down', since: now - linkGrace + 1 } }).kind, 'none');
  assert.equal(silence({ ...facts, link: { state: 'down', since: now - linkGrace } }).kind, 'link');
});

test('ingest that stopped is told from a lost link', () => {
  const status = { ...fine, ingest: { state: 'down', since: '2026-11-23T12:18:00Z' } };
  const s = silence({ ...facts, status });
  assert.equal(s.kind, 'ingest');
  assert.equal(s.sentence, 'Ingest stopped at 14:18');
  assert.ok(s.stale);
  assert.equal(silence({ ...facts, status, link: { state: 'down', since: now - minute } }).kind, 'link');
});

test('a store that is away is told from ingest that stopped', () => {
  const status = { ...fine, redis: { state: 'down', since: '2026-11-23T12:18:00Z' } };
  const s = silence({ ...facts, status });
  assert.equal(s.kind, 'ingest');
  assert.match(s.sentence, /^Counting stopped at 14:18/);
});

test('a part that never told since when is down all the same', () => {
  const s = silence({ ...facts, status: { ...fine, ingest: { state: 'down', since: null } } });
  assert.equal(s.sentence, 'Ingest stopped');
  assert.equal(s.since, null);
});

test('failing sources are counted, and take no colour away', () => {
  const s = silence({ ...facts, status: { ...fine, sources: { total: 14, failing: 2, names: ['a', 'b'] } } });
  assert.equal(s.kind, 'sources');
  assert.equal(s.sentence, '2 of 14 sources failing');
  assert.equal(s.stale, false);
  assert.equal(
    silence({ ...facts, status: { ...fine, sources: { total: 3, failing: 3, names: [] } } }).sentence,
    'All 3 sources are failing',
  );
});

test('nobody saying anything is no failure, and says for how long', () => {
  const s = silence({ ...facts, lastMention: now - 12 * minute });
  assert.equal(s.kind, 'quiet');
  assert.equal(s.sentence, 'Quiet: nobody said anything for 12 min');
  assert.equal(s.stale, false);
  assert.equal(silence({ ...facts, lastMention: now - quietAfter + 1 }).kind, 'none');
});

test('a first start says that nothing has been said yet', () => {
  assert.equal(silence({ ...facts, lastMention: null }).sentence, 'Quiet: nothing has been said yet');
});

test('the gravest silence comes first, the others are kept', () => {
  const s = silence({
    ...facts,
    status: { ...fine, sources: { total: 14, failing: 2, names: [] } },
    lastMention: now - 3 * 3_600_000,
  });
  assert.equal(s.kind, 'sources');
  assert.deepEqual(s.also, ['Quiet: nobody said anything for 3 h']);
});

const worst = { name: 'Google News: Nokia', state: 'failing', trouble: 'unreachable', since: '2026-11-23T12:05:00Z', share: 0.38 };
const withSources = (sources) => silence({ ...facts, status: { ...fine, sources: { names: [], ...sources } } });
const plain = (s) => s.replace(/[\u2068\u2069]/g, '');

test('one source that stopped is named, with what it carries', () => {
  const s = withSources({ total: 14, failing: 1, share: 0.38, worst });
  assert.equal(s.kind, 'sources');
  assert.equal(plain(s.sentence), 'Google News: Nokia has been unreachable since 14:05 (38 % of what we hear)');
  assert.equal(s.since, Date.parse(worst.since));
});

test('a dead feed of three hundred that carries little is not worth a word', () => {
  assert.equal(withSources({ total: 300, failing: 1, share: 0.004, worst: { ...worst, share: 0.004 } }).kind, 'none');
  assert.equal(withSources({ total: 300, failing: 30, share: 0.1, worst: { ...worst, share: 0.05 } }).kind, 'none');
  assert.equal(withSources({ total: 300, failing: 31, share: 0.1, worst: { ...worst, share: 0.05 } }).sentence, '31 of 300 sources failing (10 % of what we hear)');
  assert.equal(withSources({ total: 300, failing: 3, share: 0.12, worst: { ...worst, share: 0.05 } }).sentence, '3 of 300 sources failing (12 % of what we hear)');
});

test('a big one among small ones is named alone', () => {
  assert.match(plain(withSources({ total: 300, failing: 3, share: 0.39, worst }).sentence), /^Google News: Nokia has been unreachable/);
});

test('the only source is said to be the only one', () => {
  assert.equal(plain(withSources({ total: 1, failing: 1, share: 1, worst }).sentence), 'The only source, Google News: Nokia, has been unreachable since 14:05');
});

test('a name of a feed can’t fill the wall', () => {
  assert.ok(withSources({ total: 2, failing: 1, share: 0.9, worst: { ...worst, name: 'x'.repeat(4000) } }).sentence.length < 110);
});

test('a silence is said as the server says it', () => {
  const shared = JSON.parse(readFileSync(new URL('../../mood/testdata/silences.json', import.meta.url), 'utf8'));
  for (const { name, redis, ingest, sources, last, ...want } of shared.cases) {
    const status = { redis, ingest, sources };
    const { kind, sentence, stale, also } = silence({ link: up, status, lastMention: last, now: Date.parse(shared.now), timezone: shared.zone });
    // Between a day and its time, browsers may put a comma.
    assert.deepEqual({ kind, sentence: sentence.replace(/(\w), (\d\d:\d\d)/, '$1 $2'), stale, also }, want, name);
  }
});
