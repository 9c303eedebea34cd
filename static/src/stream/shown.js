// @ts-check
// How long a mention takes from being accepted to being painted. Both ends are
// read from the server's clock: its offset is learnt from every `now` that it
// sends, and the sample that was least delayed on its way counts.

/** So many clock samples are weighed against each other. */
const samplesKept = 20;
/** So many figures are kept until they are sent; more are left out. */
const batchLimit = 100;
/** The figures of this long are sent together, in milliseconds. */
export const batchEvery = 5_000;

/**
 * @param {object} options
 * @param {import('./clock.js').Clock} options.clock
 * @param {(ms: number[]) => void} options.report
 */
export function makeShown({ clock, report }) {
  /** @type {number[]} */
  const offsets = [];
  let offset = NaN;
  /** @type {number[]} */
  let batch = [];
  /** @type {any} */
  let timer = null;

  /** The server's time in milliseconds; before it was ever told, the machine's. */
  function now() {
    return Number.isNaN(offset) ? Date.now() : clock.now() + offset;
  }

  return {
    now,
    /** @param {string | number} serverNow as hello and heartbeat tell it */
    told(serverNow) {
      const at = typeof serverNow === 'number' ? serverNow : Date.parse(serverNow);
      if (!Number.isFinite(at)) return;
      offsets.push(at - clock.now());
      if (offsets.length > samplesKept) offsets.shift();
      offset = Math.max(...offsets);
    },
    /**
     * Notes that what was accepted then is on the screen now.
     * @param {string} accepted
     * @returns {number | null} how long it took, in milliseconds
     */
    painted(accepted) {
      const at = Date.parse(accepted);
      if (!Number.isFinite(at) || Number.isNaN(offset)) return null;
      const ms = Math.max(0, Math.round(now() - at));
      if (batch.length < batchLimit) batch.push(ms);
      if (timer === null) {
        timer = clock.after(batchEvery, () => {
          timer = null;
          const full = batch;
          batch = [];
          report(full);
        });
      }
      return ms;
    },
    close() {
      clock.cancel(timer);
      timer = null;
      batch = [];
    },
  };
}
