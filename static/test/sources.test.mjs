import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { chosen, hostOf, inOrder, needsALook, strip } from '../src/page/source-list.js';
import { hasStopped, inTrouble, kindOf, kinds, nameWord, sourceWords, stoppedWords } from '../src/source-words.js';

const shared = JSON.parse(readFileSync(new URL('../../mood/testdata/source_words.json', import.meta.url), 'utf8'));
const now = Date.parse(shared.now);
const zone = shared.zone;
const day = 86_400_000;

test('a source is described as the API describes it', () => {
  for (const { source, words } of shared.cases) {
    // Between a day and its time, browsers may put a comma.
    assert.equal(sourceWords(source, now, zone).replace(/(\w), (\d\d:\d\d)/, '$1 $2'), words);
  }
});

test('every state has a word and a drawing of its own', () => {
  const seen = new Set();
  for (const { source } of shared.cases) {
    const { word, path } = kinds[kindOf(source)];
    assert.ok(word && path);
    seen.add(kindOf(source));
  }
  assert.equal(seen.size, Object.keys(kinds).length);
  assert.equal(new Set(Object.values(kinds).map((k) => k.path)).size, Object.keys(kinds).length);
  assert.equal(kindOf({ state: 'a state of a later version' }), 'failing');
});

const lasting = [{ from: '2026-11-23T11:00:00Z', to: null }];
const past = [{ from: '2026-11-20T11:00:00Z', to: '2026-11-20T12:00:00Z' }];

test('a single failed poll is no trouble, an outage is, and so is what never answered', () => {
  assert.equal(inTrouble({ state: 'failing', last_success: '2026-11-23T12:00:00Z' }), false);
  assert.equal(inTrouble({ state: 'failing', last_success: '2026-11-23T12:00:00Z', outages: past }), false);
  assert.equal(inTrouble({ state: 'failing', last_success: '2026-11-23T12:00:00Z', outages: lasting }), true);
  assert.equal(inTrouble({ state: 'failing', last_success: null }), true);
  assert.equal(hasStopped({ state: 'fine' }), false);
});

test('trouble comes first, what carries most ahead within it, then names', () => {
  const sources = [
    { id: 'z', name: 'Zeit', state: 'fine', last_success: 'x', share: 0.1 },
    { id: 'b', name: 'b', state: 'fine', last_success: 'x' },
    { id: 'a', name: 'A', state: 'fine', last_success: 'x' },
    { id: 'q', name: 'Quiet', state: 'fine', last_success: 'x', silent_since: '2026-11-01T00:00:00Z', usual_per_day: 3 },
    { id: 'small', name: 'Small', state: 'failing', outages: lasting, share: 0.01 },
    { id: 'big', name: 'Big', state: 'gone', outages: lasting, share: 0.4 },
    { id: 'n', name: 'New', state: 'new' },
  ];
  const before = JSON.stringify(sources);
  assert.deepEqual(inOrder(sources).map((s) => s.id), ['big', 'small', 'q', 'n', 'z', 'a', 'b']);
  assert.equal(JSON.stringify(sources), before);
  assert.deepEqual(sources.filter(needsALook).map((s) => s.id), ['q', 'small', 'big']);
  const find = (query, trouble = false) => chosen(sources, { query, trouble, now, zone }).map((s) => s.id);
  assert.deepEqual(find('', true), ['big', 'small', 'q']);
  assert.deepEqual(find('quiet'), ['q']);
  assert.deepEqual(find('taken down'), ['big']);
  assert.deepEqual(find('nothing like it'), []);
});

test('a search asks for no accents and no capitals', () => {
  const sources = [{ id: '1', name: 'Hélsingin Sanomat – Ääni', state: 'fine', url: 'https://hs.example/rss' }];
  for (const query of ['helsingin', 'AANI sanomat', 'hs.example']) assert.equal(chosen(sources, { query, now, zone }).length, 1, query);
});

test('outages are laid on the last days, cut where the days begin', () => {
  const ago = (days) => new Date(now - days * day).toISOString();
  const { marks, lost } = strip({ outages: [{ from: ago(1), to: null }, { from: ago(8), to: ago(7) }, { from: ago(20), to: ago(13) }, { from: ago(40), to: ago(30) }] }, now, 14);
  assert.deepEqual(marks.map((m) => [m.from, m.to].map((x) => Math.round(x * 14))), [[0, 1], [6, 7], [13, 14]]);
  assert.equal(Math.round(lost / day), 3);
  assert.deepEqual(strip({}, now, 14), { marks: [], lost: 0 });
});

test('names have no say in the direction of the sentence around them', () => {
  assert.equal(nameWord('\u202egnp.exe\u2069\n news'), '\u2068gnp.exe news\u2069');
  assert.equal([...nameWord('👩‍👧'.repeat(80))].length, 50);
});

test('a host is read from an address without its login', () => {
  assert.equal(hostOf('https://me:secret@www.example.com:8080/feed'), 'example.com');
  assert.equal(hostOf('javascript:alert(1)'), '');
  assert.equal(hostOf(''), '');
});

test('what stopped is told after its name, whatever the trouble', () => {
  const since = '2026-11-23T12:05:00Z';
  const says = (source) => stoppedWords({ since, ...source }, now, zone);
  assert.equal(says({ state: 'failing', trouble: 'unreachable' }), 'has been unreachable since 14:05');
  assert.equal(says({ state: 'failing', trouble: 'refused', last_status: 404 }), 'has not been found since 14:05');
  assert.equal(says({ state: 'failing', trouble: 'refused', last_status: 418 }), 'has been failing since 14:05');
  assert.equal(says({ state: 'not-a-feed' }), 'has not been a feed since 14:05');
  assert.equal(says({ state: 'gone' }), 'is gone for good');
  assert.equal(says({ state: 'waiting', next_poll: '2026-11-23T13:00:00Z' }), 'asks us to wait until 15:00');
});
