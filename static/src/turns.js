// @ts-check
// Who draws when much changes at once: one after the other, each time with the
// newest, and never so much that words and clicks have to wait. Pure.

/** After a drawing comes a rest of so many times what it took: three quarters of the time stay free. */
const rest = 3;

/**
 * @typedef {object} Turns
 * @property {(key: object, draw: () => void) => void} ask draws when it is this one's turn; asked again before, only the last counts
 * @property {(key: object) => void} leave
 */

/**
 * @param {object} around
 * @param {() => number} around.now milliseconds
 * @param {(then: () => void) => void} around.frame after the next frame was drawn
 * @param {(then: () => void, ms: number) => void} around.wait
 * @returns {Turns}
 */
export function makeTurns({ now, frame, wait }) {
  /** @type {Map<object, () => void>} in the order in which they asked first */
  const queue = new Map();
  let running = false;

  function next() {
    const first = queue.entries().next();
    running = !first.done;
    if (first.done) return;
    const [key, draw] = first.value;
    queue.delete(key);
    const began = now();
    try {
      draw();
    } finally {
      frame(() => wait(next, rest * (now() - began)));
    }
  }

  return {
    ask(key, draw) {
      queue.set(key, draw);
      if (!running) next();
    },
    leave: (key) => { queue.delete(key); },
  };
}
