import assert from 'node:assert/strict';
import test from 'node:test';
import { connect } from '../src/stream.js';
import { longestWait } from '../src/stream/link.js';
import { lastResort, spread } from '../src/stream/renewal.js';
import { batchEvery } from '../src/stream/shown.js';
import { heldClock, settle, sources } from './held-clock.mjs';

const epoch = Date.parse('2026-11-23T12:00:00Z');

/** A page with a stream; everything it does to the world is written down. */
function page(options = {}) {
  const clock = heldClock(options);
  const source = sources();
  const seen = { links: [], hello: [], snapshots: [], deltas: [], mentions: [], status: [], alerts: [], corrections: [], reloads: 0, posts: [], asked: [] };
  const world = { health: 200, brands: 200, silent: false, mentions: [] };
  const stream = connect({
    views: ['nokia@24h', 'ericsson@24h'],
    charts: ['mood', 'map'],
    clock,
    makeSource: source.make,
    request: async (url, init) => {
      if (world.silent) throw new TypeError('Failed to fetch');
      if (init && init.method === 'POST') seen.posts.push({ url, body: JSON.parse(init.body) });
      const status = url === '/healthz' ? world.health : world.brands;
      const mentions = url.startsWith('/api/v1/mentions?') ? (seen.asked.push(url), world.mentions) : [];
      return { status, ok: status === 200, json: async () => ({ mentions: [...mentions] }) };
    },
    reload: () => void seen.reloads++,
    on: {
      link: (l) => seen.links.push(l.state),
      hello: (h) => seen.hello.push(h),
      snapshot: (v) => seen.snapshots.push(structuredClone(v)),
      delta: (c, v) => seen.deltas.push({ changes: c, views: structuredClone(v) }),
      mention: (m, painted) => seen.mentions.push([m, painted]),
      status: (s) => seen.status.push(s),
      alert: (a) => seen.alerts.push(a),
      correction: (c) => seen.corrections.push(c),
    },
  });
  const hello = (build = 'b1') => source.last.say('hello', { build, now: new Date(epoch + clock.now()).toISOString(), heartbeat_ms: 15000 });
  return { clock, source, seen, world, stream, hello };
}

const snapshot = { views: { 'nokia@24h': { charts: { mood: { series: [{ id: 's', data: [{ name: 'a', value: 1 }] }] } }, totals: { as_of: 1 } } } };

test('one connection carries every view and chart of the page', () => {
  const { source } = page();
  assert.equal(source.made.length, 1);
  assert.equal(source.last.url.pathname, '/api/v1/stream');
  assert.deepEqual(source.last.url.searchParams.getAll('view'), ['nokia@24h', 'ericsson@24h']);
  assert.equal(source.last.url.searchParams.get('charts'), 'mood,map');
  assert.equal(source.last.url.searchParams.has('after'), false);
});

test('events reach their listeners', () => {
  const { source, seen, hello } = page();
  hello();
  source.last.say('status', { ingest: { state: 'up' } });
  source.last.say('mention', { id: 'm', seen: '2026-11-23T12:00:00Z' }, 'e-1');
  source.last.say('alert', { id: 'a' }, 'e-2');
  source.last.say('correction', { brand: 'nokia', readings: {} });
  assert.deepEqual(seen.links, ['connecting', 'up']);
  assert.equal(seen.hello.length, 1);
  assert.equal(seen.status.length, 1);
  assert.equal(seen.mentions[0][0].id, 'm');
  assert.equal(seen.alerts.length, 1);
  assert.equal(seen.corrections[0].brand, 'nokia');
});

test('after an error it goes on from the last id, with a connection of its own', async () => {
  const { source, clock, hello } = page();
  hello();
  source.last.say('snapshot', snapshot, 'abc-7');
  source.last.fail();
  assert.equal(source.open, 0);
  await clock.pass(1000);
  assert.equal(source.open, 1);
  assert.equal(source.last.url.searchParams.get('after'), 'abc-7');
});

test('it never gives up, and never asks more than once in a while', async () => {
  const { source, clock, hello, seen } = page();
  hello();
  for (let i = 0; i < 200; i++) {
    source.last.fail();
    await clock.pass(longestWait);
    assert.equal(source.made.length, i + 2);
  }
  hello();
  assert.deepEqual(seen.links, ['connecting', 'up', 'down', 'up']);
});

test('waits double up to the longest, half of each by chance', async () => {
  const waits = [];
  for (const chance of [0, 1]) {
    const { source, clock } = page({ random: () => chance });
    for (let i = 0; i < 10; i++) {
      const before = source.made.length;
      source.last.fail();
      const from = clock.now();
      while (source.made.length === before) await clock.pass(50);
      waits.push(clock.now() - from);
    }
  }
  assert.deepEqual(waits.slice(0, 4), [250, 500, 1000, 2000]);
  assert.deepEqual(waits.slice(10, 14), [500, 1000, 2000, 4000]);
  assert.equal(waits[9], longestWait / 2);
  assert.equal(waits[19], longestWait);
});

test('a link that worked for a while is tried again soon', async () => {
  const { source, clock, hello } = page();
  for (let i = 0; i < 8; i++) {
    source.last.fail();
    await clock.pass(longestWait);
  }
  hello();
  await clock.pass(14_000);
  source.last.say('heartbeat', { now: new Date(epoch).toISOString() });
  await clock.pass(10_000);
  const before = source.made.length;
  source.last.fail();
  await clock.pass(500);
  assert.equal(source.made.length, before + 1);
});

test('a half-open link, which raises no error, is lost after two missed heartbeats', async () => {
  const { source, clock, hello, seen } = page();
  hello();
  await clock.pass(15_000);
  source.last.say('heartbeat', { now: new Date(epoch).toISOString() });
  await clock.pass(30_000);
  assert.equal(seen.links.at(-1), 'up');
  await clock.pass(2_000);
  assert.equal(seen.links.at(-1), 'down');
  await clock.pass(1000);
  assert.equal(source.made.length, 2);
  assert.equal(source.open, 1);
});

test('the heartbeat of the server counts, not the usual one', async () => {
  const { source, clock, seen } = page();
  source.last.say('hello', { build: 'b', now: new Date(epoch).toISOString(), heartbeat_ms: 200 });
  await clock.pass(440);
  assert.equal(seen.links.at(-1), 'up');
  await clock.pass(20);
  assert.equal(seen.links.at(-1), 'down');
});

test('a server that takes the connection and says nothing is left for another attempt', async () => {
  const { source, clock } = page();
  await clock.pass(40_000);
  assert.ok(source.made.length >= 2);
  assert.equal(source.open, 1);
});

test('events of a connection that was let go change nothing', async () => {
  const { source, clock, hello, seen } = page();
  hello();
  const old = source.last;
  old.fail();
  await clock.pass(1000);
  old.say('snapshot', snapshot, 'x-1');
  old.fail();
  assert.equal(seen.snapshots.length, 0);
  assert.equal(source.made.length, 2);
  assert.equal(source.open, 1);
});

test('a snapshot and the deltas after it give the whole', () => {
  const { source, seen, hello, stream } = page();
  hello();
  source.last.say('snapshot', snapshot, 'x-1');
  source.last.say('delta', { views: { 'nokia@24h': { charts: {}, totals: { as_of: 2 } } } }, 'x-2');
  assert.deepEqual(seen.snapshots[0], snapshot.views);
  assert.equal(seen.deltas[0].views['nokia@24h'].totals.as_of, 2);
  assert.deepEqual(stream.views()['nokia@24h'].charts, snapshot.views['nokia@24h'].charts);
});

for (const [what, event] of [
  ['a view', { views: { 'nokia@7d': { charts: {} } } }],
  ['a chart', { views: { 'nokia@24h': { charts: { map: { set: {} } } } } }],
]) {
  test(`a delta for ${what} that it never saw makes it ask for a snapshot`, async () => {
    const { source, clock, hello, seen } = page();
    hello();
    source.last.say('snapshot', snapshot, 'x-1');
    source.last.say('delta', event, 'x-2');
    assert.equal(source.open, 0);
    await clock.pass(1000);
    assert.equal(source.last.url.searchParams.has('after'), false);
    assert.equal(seen.deltas.length, 0);
  });
}

test('an event that can’t be read makes it ask for a snapshot', async () => {
  const { source, clock, hello } = page();
  hello();
  source.last.say('snapshot', snapshot, 'x-1');
  source.last.sayRaw('delta', '{"views":');
  await clock.pass(1000);
  assert.equal(source.open, 1);
  assert.equal(source.last.url.searchParams.has('after'), false);
});

test('a mistake of the page’s own doesn’t end the stream', () => {
  const clock = heldClock();
  const source = sources();
  connect({
    views: ['nokia@24h'], charts: ['mood'], clock, makeSource: source.make, request: async () => ({ status: 200, ok: true }),
    on: { snapshot: () => { throw new Error('a bug'); } },
  });
  source.last.say('hello', { build: 'b', now: new Date(epoch).toISOString(), heartbeat_ms: 15000 });
  source.last.say('snapshot', snapshot, 'x-1');
  assert.equal(source.open, 1);
});

test('other views begin with a snapshot, on the one connection', () => {
  const { source, hello, stream } = page();
  hello();
  source.last.say('snapshot', snapshot, 'x-1');
  stream.show(['ericsson@7d'], ['timeline']);
  assert.equal(source.open, 1);
  assert.deepEqual(source.last.url.searchParams.getAll('view'), ['ericsson@7d']);
  assert.equal(source.last.url.searchParams.get('charts'), 'timeline');
  assert.equal(source.last.url.searchParams.has('after'), false);
  assert.deepEqual(stream.views(), {});
});

test('a reader who is let in no longer learns so, and is let in again by itself', async () => {
  const { source, clock, hello, seen, world } = page();
  hello();
  await clock.pass(1000);
  world.brands = 401;
  source.last.fail();
  await settle();
  assert.equal(seen.links.at(-1), 'denied');
  await clock.pass(60_000);
  world.brands = 200;
  hello();
  assert.equal(seen.links.at(-1), 'up');
});

test('a 502 in between is no denial', async () => {
  const { source, clock, seen, world, hello } = page();
  world.brands = 502;
  source.last.fail();
  await clock.pass(1000);
  source.last.fail();
  await clock.pass(2000);
  hello();
  assert.deepEqual(seen.links, ['connecting', 'down', 'up']);
});

test('a new build is loaded within the spread, an old one never', async () => {
  const { source, clock, hello, seen } = page({ random: () => 0.999 });
  hello('b1');
  source.last.fail();
  await clock.pass(2000);
  hello('b1');
  await clock.pass(10_000);
  assert.equal(seen.reloads, 0);
  source.last.fail();
  await clock.pass(2000);
  hello('b2');
  await clock.pass(1000);
  assert.equal(seen.reloads, 0);
  await clock.pass(spread);
  assert.equal(seen.reloads, 1);
  await clock.pass(60_000);
  assert.equal(seen.reloads, 1);
});

test('a page isn’t loaded anew from a server that doesn’t answer', async () => {
  const { source, clock, hello, seen, world } = page();
  hello('b1');
  source.last.fail();
  await clock.pass(2000);
  hello('b2');
  world.health = 502;
  await clock.pass(60_000);
  world.silent = true;
  await clock.pass(60_000);
  assert.equal(seen.reloads, 0);
  world.silent = false;
  world.health = 200;
  await clock.pass(10_000);
  assert.equal(seen.reloads, 1);
});

test('when nothing has worked for long, and the server answers, the page is loaded anew', async () => {
  const { source, clock, hello, seen } = page();
  hello();
  const until = clock.now() + lastResort + spread;
  while (clock.now() < until) {
    if (source.open) source.last.fail();
    await clock.pass(5000);
  }
  assert.equal(seen.reloads, 1);
});

test('a link that comes back needs no last resort', async () => {
  const { source, clock, hello, seen } = page();
  hello();
  source.last.fail();
  await clock.pass(lastResort / 2);
  hello();
  for (let i = 0; i < 100; i++) {
    await clock.pass(15_000);
    source.last.say('heartbeat', { now: new Date(epoch + clock.now()).toISOString() });
  }
  assert.equal(seen.reloads, 0);
});

test('from accepted to painted is measured on the server’s clock, and told in batches', async () => {
  globalThis.requestAnimationFrame = (f) => setImmediate(f);
  try {
    const { source, clock, hello, seen } = page();
    hello();
    for (const ago of [400, 250]) {
      source.last.say('mention', { id: `m${ago}`, seen: new Date(epoch + clock.now() - ago).toISOString() }, 'x-1');
    }
    const took = [];
    for (const [, painted] of seen.mentions) painted((ms) => took.push(ms));
    for (let frame = 0; frame < 3; frame++) await new Promise((done) => setImmediate(done));
    assert.deepEqual(took, [400, 250]);
    assert.equal(seen.posts.length, 0);
    await clock.pass(batchEvery);
    assert.deepEqual(seen.posts, [{ url: '/api/v1/shown', body: { ms: [400, 250] } }]);
    await clock.pass(batchEvery * 3);
    assert.equal(seen.posts.length, 1);
  } finally {
    delete globalThis.requestAnimationFrame;
  }
});

test('the sample of the server’s clock that was least delayed counts', () => {
  const { source, clock, hello, stream } = page();
  hello();
  source.last.say('heartbeat', { now: new Date(epoch + clock.now() - 3000).toISOString() });
  assert.equal(stream.now(), epoch + clock.now());
});

test('mentions that were missed while the link was lost are told once it is back, each once', async () => {
  const { source, clock, hello, seen, world } = page();
  const mention = (id, ago) => ({ id, seen: new Date(epoch + clock.now() - ago).toISOString() });
  hello();
  source.last.say('snapshot', snapshot, 'x-1');
  source.last.say('mention', mention('told', 0), 'x-2');
  await clock.pass(20);
  assert.equal(seen.asked.length, 0);
  await clock.pass(60_000); // half-open, then lost
  world.mentions = [mention('new', 1000), mention('newer', 50_000), mention('told', 60_000), mention('old', 3_600_000)];
  hello();
  source.last.say('snapshot', snapshot, 'y-1');
  await settle();
  assert.deepEqual(seen.mentions.map(([m]) => m.id), ['told', 'newer', 'new']);
  assert.match(seen.asked[0], /brand=nokia%2Cericsson&window=24h/);
  let took = 0;
  seen.mentions[2][1]((ms) => (took = ms));
  assert.equal(took, null);
});

test('a stream that goes on where it was has missed nothing', async () => {
  const { source, clock, hello, seen } = page();
  hello();
  source.last.say('snapshot', snapshot, 'x-1');
  source.last.fail();
  await clock.pass(1000);
  hello();
  source.last.say('delta', { views: { 'nokia@24h': { charts: {}, totals: { as_of: 2 } } } }, 'x-2');
  await settle();
  assert.equal(seen.asked.length, 0);
});

test('nothing grows: months of losses, heartbeats and mentions leave a handful of timers and one connection', async () => {
  const { source, clock, hello, seen } = page();
  for (let i = 0; i < 5000; i++) {
    hello();
    source.last.say('snapshot', snapshot, `x-${i}`);
    source.last.say('heartbeat', { now: new Date(epoch + clock.now()).toISOString() });
    if (i % 3 === 0) source.last.fail();
    await clock.pass(i % 5 ? 600 : 20_000);
    if (!source.open) await clock.pass(longestWait);
    assert.ok(clock.pending() <= 4, `${clock.pending()} timers`);
    assert.ok(source.open <= 1);
    seen.snapshots.length = 0;
  }
});

test('a closed stream is silent for ever', async () => {
  const { source, clock, hello, stream, seen } = page();
  hello();
  stream.close();
  source.last.fail();
  await clock.pass(3_600_000);
  assert.equal(source.open, 0);
  assert.equal(source.made.length, 1);
  assert.equal(clock.pending(), 0);
  assert.equal(seen.links.at(-1), 'closed');
});
