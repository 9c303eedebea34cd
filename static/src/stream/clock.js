// @ts-check
// The passing of time, as something that tests can hold in their hands.

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds that only ever grow; where they start says nothing
 * @property {(ms: number, f: () => void) => any} after calls f once, ms from now; gives what `cancel` takes
 * @property {(timer: any) => void} cancel
 * @property {() => number} random 0 ≤ x < 1
 */

/**
 * The browser's own clock. It is monotonic: a set wall clock moves nothing.
 * @returns {Clock}
 */
export function browserClock() {
  return {
    now: () => performance.now(),
    after: (ms, f) => setTimeout(f, ms),
    cancel: (timer) => clearTimeout(timer),
    random: () => Math.random(),
  };
}
