import assert from 'node:assert/strict';
import test from 'node:test';
import { makeTurns } from '../src/turns.js';

/** A clock that is moved by hand; every drawing takes as long as it says. */
function clockwork() {
  let time = 0;
  /** @type {{at: number, then: () => void}[]} */
  let due = [];
  return {
    now: () => time,
    frame: (then) => due.push({ at: time, then }),
    wait: (then, ms) => due.push({ at: time + ms, then }),
    spend: (ms) => { time += ms; },
    until(end) {
      for (;;) {
        due.sort((a, b) => a.at - b.at);
        if (!due.length || due[0].at > end) break;
        const { at, then } = due.shift();
        time = Math.max(time, at);
        then();
      }
      time = Math.max(time, end);
    },
  };
}

test('whoever asks alone is drawn at once', () => {
  const clock = clockwork();
  const turns = makeTurns(clock);
  let drawn = 0;
  turns.ask({}, () => { drawn++; });
  assert.equal(drawn, 1);
});

test('in a flood each one is drawn in turn, with the newest, in a quarter of the time', () => {
  const clock = clockwork();
  const turns = makeTurns(clock);
  const keys = [{}, {}, {}];
  const shown = [[], [], []];
  let spent = 0;
  for (let tick = 0; tick < 1000; tick++) {
    clock.until(tick * 10);
    keys.forEach((key, i) => turns.ask(key, () => { clock.spend(40); spent += 40; shown[i].push(tick); }));
  }
  clock.until(20_000);
  for (const ticks of shown) {
    assert.ok(ticks.length > 10, `${ticks.length} drawings`);
    assert.equal(ticks[ticks.length - 1], 999, 'the last state is drawn');
    assert.deepEqual([...ticks].sort((a, b) => a - b), ticks);
  }
  assert.ok(spent <= 10_000 / 4 + 4 * 40, `${spent} of 10,000 ms were spent drawing`);
});

test('who has left is not drawn, and a drawing that fails harms no other', () => {
  const clock = clockwork();
  const turns = makeTurns(clock);
  const [a, b, c] = [{}, {}, {}];
  const drawn = [];
  assert.throws(() => turns.ask(a, () => { throw new Error('no'); }));
  turns.ask(b, () => drawn.push('b'));
  turns.ask(c, () => drawn.push('c'));
  turns.leave(b);
  clock.until(1000);
  assert.deepEqual(drawn, ['c']);
});
