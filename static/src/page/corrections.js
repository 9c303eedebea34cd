// @ts-check
// What a person says of how a mention was read. Pure: the same rule as the
// server's (mood.Reading.Correct), so that the page shows at once what the
// answer will say; and a memory of what was set here, so that an answer that
// doesn't know it yet undoes nothing.

/** @typedef {'positive' | 'neutral' | 'negative' | 'irrelevant' | null} Wish null: as Agora read it */
/** @typedef {{label: string, score: number, confidence: number}} Verdict */

const sure = 0.5; // the least strength of a score once a person has said which way it goes
const remembered = 500; // mentions that were set here

/** What the engine said, whatever a person has said since. @param {any} reading @returns {Verdict} */
export function verdict(reading) {
  return reading.engine || { label: reading.label, score: reading.score, confidence: reading.confidence };
}

/** What a person has said of a reading; undefined: nobody said anything. @param {any} reading @returns {Wish | undefined} */
export function wishOf(reading) {
  if (!reading.corrected) return undefined;
  return reading.irrelevant ? 'irrelevant' : reading.label;
}

/** The reading as a person wants it. @param {any} reading @param {Wish} wish */
export function correct(reading, wish) {
  const engine = verdict(reading);
  const { engine: _, irrelevant: __, ...rest } = reading;
  const back = { ...rest, ...engine, corrected: false };
  if (wish === null) return back;
  if (wish === 'irrelevant') return { ...back, corrected: true, irrelevant: true, engine };
  const score = wish === 'positive' ? Math.max(engine.score, sure) : wish === 'negative' ? Math.min(engine.score, -sure) : 0;
  return { ...back, label: wish, score, confidence: 1, corrected: true, engine };
}

/** What was set here, of one brand's mentions. */
export function makeSet() {
  /** @type {Map<string, {reading: any, since: number}>} since: when the server knew it; Infinity: not yet */
  const set = new Map();

  /** @param {string} id @param {any} reading @param {number} since */
  function keep(id, reading, since) {
    set.delete(id);
    set.set(id, { reading, since });
    if (set.size > remembered) set.delete(/** @type {string} */ (set.keys().next().value));
  }

  return {
    /** The reader wants it; the server is being asked. @param {string} id @param {any} reading */
    hope: (id, reading) => keep(id, reading, Infinity),
    /** The server has it since a moment. @param {string} id @param {any} reading @param {number} since */
    have: (id, reading, since) => keep(id, reading, since),
    /** Whether the server hasn't answered yet. @param {string} id */
    hoping(id) {
      const one = set.get(id);
      return Boolean(one && one.since === Infinity);
    },
    /** The server refused. @param {string} id */
    drop: (id) => set.delete(id),
    forget: () => set.clear(),
    /**
     * A mention out of an answer to a question that was asked at a moment:
     * what was set since then stands.
     * @param {any} mention @param {string} brand @param {number} asked
     */
    over(mention, brand, asked) {
      const one = set.get(mention.id);
      if (!one || one.since <= asked || !mention.readings || !mention.readings[brand]) return mention;
      return { ...mention, readings: { ...mention.readings, [brand]: one.reading } };
    },
  };
}
