// @ts-check
// What the page of queries says to people, in one place.

/** @param {number} n */
const texts = (n) => (n === 1 ? 'text' : 'texts');

/** @type {Record<string, string>} */
export const spans = { '1h': 'hour', '24h': '24 hours', '7d': '7 days' };
/** @type {Record<string, string>} */
export const spansShort = { '1h': '1 h', '24h': '24 h', '7d': '7 d' };

/** The language, by example. @type {[string, string][]} */
export const language = [
  ['Nokia Ericsson', 'both words, in any case, whole words only'],
  ['Nokia OR "Bell Labs"', 'either; quotes keep words together'],
  ['Nokia NOT tyres', 'without'],
  ['nok*', 'any ending'],
  ['Nokia NEAR/5 strike', 'at most five words apart'],
  ['title:(Nokia OR Nokian)', 'in the title alone'],
  ['=Apple', 'in exactly these letters'],
  ['Nokia site:bbc.co.uk', 'from that publisher'],
  ['Nokia lang:(fi OR sv)', 'in one of these languages'],
  ['Nokia NOT country:US', 'not from publishers there'],
];

export const words = {
  toDark: 'Switch to dark colours',
  toLight: 'Switch to light colours',
  nobody: 'nothing',
  trying: 'Looking through the texts …',
  noQuery: 'Write a query first.',
  at: (/** @type {number} */ column) => `Column ${column}: `,
  cantLoad: (/** @type {string} */ why) => `${why} It is tried again every few seconds.`,

  start: 'What would a query have found?',
  startHint: 'Agora keeps all texts of the last days, whether they name a brand or not. Write a query and try it: what it matches, why, how many a day, and what another wording would have missed.',
  startNew: 'Agora keeps texts from now on. As they come in, queries can be tried on them; nothing has come in yet.',
  startYoung: (/** @type {string} */ since) => `Texts are kept since ${since}; what came before can’t be looked at.`,

  total: (/** @type {number} */ n, /** @type {string} */ w) => `${n === 1 ? 'text matches' : 'texts match'} in the last ${w}`,
  estimated: 'about',
  same: 'The same as the query in force: it gains nothing and misses nothing.',
  nothing: (/** @type {string} */ w) => `Nothing in the last ${w} matches.`,
  change: (/** @type {string} */ before, /** @type {string} */ gained, /** @type {string} */ lost) =>
    [`The query in force matches ${before}.`, gained && `${gained} more would be found`, gained && lost ? 'and' : '', lost && `${lost} would be missed`].filter(Boolean).join(' ').replace(/([^.])$/, '$1.'),
  ofWhom: (/** @type {string} */ name) => `compared with ${name}’s query in force`,
  earlier: (/** @type {string} */ n) => `${n} more came in, dated before that.`,

  days: 'A day',
  day: (/** @type {string} */ day, /** @type {string} */ n, /** @type {string} */ gained, /** @type {string} */ lost) =>
    `${day}: ${n}${gained ? `, of them ${gained} gained` : ''}${lost ? `, ${lost} would be missed` : ''}`,
  legendBoth: 'found by both',
  legendGained: 'gained',
  legendLost: 'would be missed',

  /** @type {Record<string, string>} */
  tabs: { matches: 'Matches', gained: 'Gained', lost: 'Would be missed' },
  /** @type {Record<string, string>} */
  none: {
    matches: 'No text matches.',
    gained: 'Nothing: all that it finds, the query in force finds too.',
    lost: 'Nothing: it finds all that the query in force finds.',
  },
  more: 'Show more',
  why: 'Matched by',
  notWords: 'Matched by its fields, or by what isn’t in it',
  counted: (/** @type {string[]} */ names) => `counted for ${names.join(', ')}`,
  uncounted: 'no brand’s query matches it now',
  standsFor: (/** @type {number} */ n) => `one of about ${n}: its source is sampled`,
  untitled: '(no title)',
  undated: 'no date of its own',
  outlets: 'Outlets',
  languages: 'Languages',
  unknown: 'unknown',

  coverage: (/** @type {string} */ n, /** @type {string} */ since, /** @type {string} */ bytes, /** @type {string} */ limit) =>
    `Looked at ${n} texts, kept since ${since}; they take ${bytes} of ${limit}.`,
  sampled: (/** @type {string} */ list) => `Of sources with very many texts, a part is kept, and the figures are estimates: ${list}.`,
  oneIn: (/** @type {string} */ source, /** @type {string} */ n, /** @type {boolean} */ named) => `1 in ${n} of ${source}${named ? ' that name a brand' : ''}`,
  lost: (/** @type {string} */ n) => `${n} texts could not be written since Agora started.`,
  damaged: 'A part of what is kept is damaged, and was left out; the log says where.',
  disk: (/** @type {string} */ why) => `Nothing is written right now: ${why}`,

  useTitle: 'Use it',
  useHint: 'Put this into agora.yaml. Agora reads the file again by itself, and counts with the new query from then on.',
  useFirst: 'Try a new query first; then it is here to be put into agora.yaml.',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Select it and copy it by hand.',
  inForce: (/** @type {string} */ name) => `This is the query in force for ${name}.`,
  backTitle: 'Count what came before',
  backHint: (/** @type {string} */ name) => `What came in before is counted for ${name} when you say so: all kept texts that its query in force matches, at the time they were published. What is counted already stays as it is.`,
  backFirst: 'The query above isn’t in force yet: save it in agora.yaml first, or the one in force is used.',
  back: (/** @type {string} */ name) => `Count for ${name}`,
  backRunning: (/** @type {string} */ n, /** @type {string} */ counted) => `Counting … ${n} matched so far, ${counted} counted.`,
  backWaiting: 'Waiting for another one to end …',
  backDone: (/** @type {any} */ b, /** @type {(n: number) => string} */ say) =>
    [`Done. ${say(b.matched)} ${texts(b.matched)} matched: ${say(b.accepted)} counted now`, b.duplicates && `${say(b.duplicates)} counted before, or copies of that`, b.too_old && `${say(b.too_old)} over 90 days old`].filter(Boolean).join(', ') + '.'
    + (b.uncounted ? ` ${say(b.uncounted)} of them are listed, and in no count: they came without a date in a source’s very first poll.` : '')
    + (b.sampled.length ? ' Of sampled sources only what was kept can be counted.' : ''),
};
