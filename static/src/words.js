// @ts-check
// What the page says to people, in one place: plain, short, friendly.

/** @type {Record<string, string>} */
export const windows = { '1h': '1 hour', '24h': '24 hours', '7d': '7 days', '30d': '30 days', '90d': '90 days' };
/** @type {Record<string, string>} */
export const windowsShort = { '1h': '1 h', '24h': '24 h', '7d': '7 d', '30d': '30 d', '90d': '90 d' };

/** Feelings: a word and a sign; the colour comes on top. @type {Record<string, {word: string, sign: string}>} */
export const labels = {
  positive: { word: 'positive', sign: '+' },
  neutral: { word: 'neutral', sign: '±' },
  unclear: { word: 'unclear', sign: '?' },
  negative: { word: 'negative', sign: '−' },
};

/** What each chart is called, as in charts/words/en.json, and how it is read. @type {Record<string, {title: string, hint: string}>} */
export const charts = {
  mood: { title: 'Mood', hint: 'Now, the window before, and what is usual' },
  timeline: { title: 'Timeline', hint: 'Mentions by feeling, and the mood as a line' },
  map: { title: 'Map', hint: 'Colour is mood; pale countries have few mentions' },
  share: { title: 'Share of voice', hint: 'Share of all mentions, and the mood of each brand' },
  topics: { title: 'Topics', hint: 'What is said more often here than elsewhere' },
  sources: { title: 'Outlets', hint: 'Who says it, by mentions' },
  languages: { title: 'Languages', hint: 'By mentions' },
  pulse: { title: 'Pulse', hint: 'What stood out, and when; larger stood out more' },
  rhythm: { title: 'Rhythm of the week', hint: 'When people talk; the last four weeks' },
  activity: { title: 'Device activity', hint: 'What people do with the products' },
};

/** @type {Record<string, {name: string, hint: string}>} */
export const mapModes = {
  about: { name: 'Written about', hint: 'Countries that the texts are about' },
  from: { name: 'Published in', hint: 'Countries of the publishers' },
  origin: { name: 'Sent from', hint: 'Where the devices are that mentions were sent from' },
  devices: { name: 'Devices', hint: 'What devices did, over the mood of publishers' },
};

/** A story and its copies. */
export const storyWords = {
  first: 'First:',
  somebody: 'unknown',
  outlets: (/** @type {number} */ n) => (n === 1 ? '1 outlet' : `${n} outlets`),
  countries: (/** @type {number} */ n) => `${n} countries`,
  over: (/** @type {string} */ s) => `over ${s}`,
  spread: (/** @type {string} */ s) => `How it spread: ${s}`,
  loading: 'Looking for the copies …',
};

/** @type {Record<string, string>} */
export const placeWords = { about: 'written about', from: 'published in', origin: 'sent from' };

/** How a place was found, from its words or its rule. @type {Record<string, (said: string) => string>} */
export const placeMethods = {
  country: (said) => `“${said}”, a country’s name`,
  people: (said) => `“${said}”, a people or what is theirs`,
  region: (said) => `“${said}”, a part of it`,
  city: (said) => `“${said}”, a town there`,
  metonym: (said) => `“${said}”, which stands for it`,
  pushed: () => 'whoever pushed it said so',
  configured: () => 'its source is set up so',
  learned: (said) => `learned: ${said} of the outlet are about it`,
  domain: (said) => `the ending of ${said}`,
  coordinates: (said) => `the position ${said}`,
  geotag: () => 'the item’s geotag',
};

/** Why a place is on the map. */
export const hereWords = {
  title: (/** @type {string} */ country) => `Why ${country}?`,
  of: (/** @type {number} */ n) => (n === 1 ? 'The mention listed here:' : `The ${n} mentions listed here:`),
  reason: (/** @type {string} */ how, /** @type {number} */ n) => (n === 1 ? how : `${how} (${n})`),
  others: (/** @type {number} */ n) => (n === 1 ? '1 other reason' : `${n} other reasons`),
  sure: (/** @type {number} */ c) => `${Math.round(c * 100)} % sure`,
  places: 'Places',
  region: 'Why here',
  noneTitle: 'Why not placed?',
  /** @type {Record<string, string>} */
  none: {
    about: 'Their titles and first lines name no place that Agora knows.',
    from: 'Nobody said where their outlets are at home, their domains don’t tell, and there is too little to learn it from.',
    origin: 'They came without a position.',
  },
};

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export const words = {
  product: 'Agora',
  demo: 'Demo',
  demoHint: 'Every mention here is made up',
  brand: 'Brand',
  window: 'Window',
  skip: 'Skip to the mentions',
  toDark: 'Switch to dark colours',
  toLight: 'Switch to light colours',
  mood: 'Mood',
  noMood: '–',
  placeKinds: 'What a place means',
  before: (/** @type {string} */ w) => `on the ${w} before`,
  noBefore: (/** @type {string} */ w) => `nothing in the ${w} before to compare with`,
  mentions: (/** @type {number} */ n) => (n === 1 ? 'mention' : 'mentions'),
  wereBefore: (/** @type {string} */ n) => `${n} before`,

  list: 'Mentions',
  listAll: 'Everything said, newest first',
  clearAll: 'Show all',
  remove: (/** @type {string} */ what) => `Remove the filter ${what}`,
  chartsKeep: 'The charts keep showing everything; the list shows only this.',
  textsSince: (/** @type {string} */ t) => `Texts are kept since ${t}. Older mentions are counted, and can no longer be read.`,
  loadMore: 'Load more',
  held: (/** @type {number} */ n) => (n === 1 ? '1 new mention' : `${n} new mentions`),
  ofMissed: (/** @type {string} */ n) => `${n} more came in at once`,
  nothingLike: 'Nothing like this in the window.',
  firstHere: 'The first one will appear here.',
  search: 'Search titles and texts',
  untitled: '(no title)',
  whyOf: (/** @type {string} */ label, /** @type {string} */ title) => `${label}: why “${title}” was read so, and how to correct it`,
  noReasons: 'No single word decided.',
  confidence: (/** @type {number} */ c) => `${Math.round(c * 100)} % sure`,
  /** What a reason is. @type {Record<string, string>} */
  kinds: { word: 'word', phrase: 'phrase', verb: 'who did what', negated: 'negated', sign: 'sign', rule: 'your rule', learned: 'learned from you', stars: 'the author’s stars', rest: 'all else' },
  stars: (/** @type {number} */ n) => `${n} of 5 stars`,
  asAWhole: 'the text as a whole',
  learnedFrom: 'your corrections',
  readBy: (/** @type {string[]} */ kinds) => (kinds.length ? `read by ${kinds.join(', ')}` : 'read by its words'),
  hadRead: (/** @type {string} */ label, /** @type {string} */ score) => `A person set this. Agora had read ${label} (${score}).`,
  corrected: 'set by a person',
  showCorrected: 'Show what people set',
  wrong: 'Wrong? Set it right:',
  setOf: (/** @type {string} */ title) => `How “${title}” should be read`,
  notAbout: (/** @type {string} */ brand) => `not about ${brand}`,
  backToRead: 'back to what Agora read',
  thisOne: 'this one',
  allCopies: 'all copies',
  saving: 'Saving …',
  saved: (/** @type {number} */ n, /** @type {boolean} */ all) => (n === 0 ? 'It was so already.' : all ? (n === 1 ? 'Saved. There are no other copies.' : `Saved, for ${n} mentions.`) : 'Saved.'),
  notSaved: (/** @type {string} */ why) => `Not saved, all is as it was. ${why}`,
  logIn: 'Log in',
  copies: (/** @type {string} */ n) => `+ ${n} ${n === '1' ? 'copy' : 'copies'}`,
  copiesOf: (/** @type {string} */ n, /** @type {string} */ title) => `${n} ${n === '1' ? 'copy' : 'copies'} of “${title}”: who had it first, and how it spread`,
  storiesHint: 'Stories that are told here, those among them that began before. The sentence above the charts counts the new ones.',
  stories: (/** @type {string} */ n) => `${n} ${n === '1' ? 'story' : 'stories'}`,
  undated: 'no date of its own',
  uncounted: 'listed, not counted: it came undated with a first poll',
  toList: (/** @type {string} */ n, /** @type {string} */ m) => `Read ${n} ${m}`,

  tableOf: (/** @type {string} */ t) => `${t} as a table`,
  more: (/** @type {string} */ t) => `Take away: ${t}`,
  png: 'Picture (PNG)',
  svg: 'Drawing (SVG)',
  pdf: 'Page (PDF)',
  csv: 'Table (CSV)',
  xlsx: 'Workbook (XLSX)',
  json: 'Data (JSON)',
  ndjson: 'Data (JSON lines)',
  copyLink: 'Copy link',
  embed: 'Embed…',
  taking: (/** @type {string} */ what) => `${what} is being made …`,
  taken: (/** @type {string} */ name) => `Saved as ${name}`,
  notTaken: (/** @type {string} */ what, /** @type {string} */ why) => `${what}: ${why}`,
  copied: 'Copied',
  notCopied: 'This browser doesn’t let the page copy: select the text and copy it by hand.',
  unreachable: 'Agora can’t be reached. Try again in a moment.',
  embedTitle: (/** @type {string} */ t) => `Embed: ${t}`,
  embedHint: 'Paste this into a page of your intranet. Whoever sees that page sees this chart, and nothing else of Agora.',
  embedAs: 'It shows',
  embedLive: 'the live chart',
  embedPicture: 'a picture, new each minute',
  embedTheme: 'Colours',
  /** @type {Record<string, string>} */
  embedThemes: { auto: 'as each reader’s system', light: 'light', dark: 'dark' },
  embedCode: 'HTML to paste',
  embedCopy: 'Copy',
  noRows: 'Nothing to list yet.',
  unplaced: (/** @type {string} */ share, /** @type {string} */ n) => `${share} could not be placed (${n})`,
  allPlaced: 'All could be placed',

  report: 'Report',
  reportHint: 'What changed and why, on two pages (PDF)',
  reporting: 'Making the report …',
  notReported: (/** @type {string} */ why) => `No report. ${why}`,
  keep: 'Keep this board',
  keepHint: 'As it is now, under a link that always shows it so',
  keeping: 'Keeping …',
  kept: 'Kept as it is now:',
  notKept: (/** @type {string} */ why) => `Not kept. ${why}`,
  copyByHand: 'Your browser doesn’t let pages copy: the link is selected.',

  sourcesFine: (/** @type {number} */ total) => (total === 1 ? '1 source' : `${total} sources`),
  sourcesSome: (/** @type {number} */ fine, /** @type {number} */ total) => `${fine} of ${total} sources`,
  noSources: 'No source is set up. Add feeds under sources: in agora.yaml, or push mentions to /api/v1/mentions.',
  close: 'Close',

  asOf: (/** @type {string} */ t, /** @type {string} */ zone) => `As of ${t}, ${zone}`,
  found: (/** @type {string} */ t) => `found after ${t}`,
  shown: (/** @type {string} */ t) => `shown in ${t}`,
  wall: 'Wall',
  displays: 'Screens',
  queries: 'Queries',
  query: 'Query',
  queryHint: 'What the brand’s query finds, and what another one would',
  licences: 'Licences',

  noBrandTitle: 'No brand is watched yet',
  noBrand: 'Add one under brands: in agora.yaml. Agora reads the file again by itself.',
  emptyTitle: (/** @type {string} */ brand, /** @type {string} */ w) => `Nobody has mentioned ${brand} in the last ${w}`,
  waitingTitle: (/** @type {string} */ brand) => `Listening for ${brand}`,
  emptyLooksFor: 'Agora looks for',
  emptyFirst: (/** @type {number} */ asked, /** @type {number} */ total) =>
    `The first polls are running: ${asked} of ${total} sources have answered. Mentions appear here by themselves.`,
  emptyQuiet: (/** @type {number} */ total) => `${total === 1 ? 'The source has' : `All ${total} sources have`} answered. New mentions appear here by themselves.`,
  emptyFailing: (/** @type {number} */ n, /** @type {number} */ total) =>
    `${n === total ? (n === 1 ? 'Its only source is' : `All ${n} sources are`) : `${n} of ${total} sources ${n === 1 ? 'is' : 'are'}`} failing; the list of sources says why.`,
  seeSources: 'See the sources',
  tryLonger: (/** @type {string} */ w) => `Look at ${w}`,
  orPush: 'Or push one:',
  chartEmpty: 'Nothing yet',
  /** @type {Record<string, string>} */
  chartEmptyOf: {
    activity: 'No devices have reported. POST /api/v1/activity sends what they do.',
    about: 'No text here named a place.',
    origin: 'Nothing here was sent with a place. Push "place" with mentions.',
    devices: 'No place has five events of devices yet. Push "city", "place" or "country" with activity.',
    from: 'No publisher’s country is known yet. Set country: on a source in agora.yaml, or wait until it is learned.',
  },
  storeAway: 'The store doesn’t answer. What is shown is from before; counting goes on when it is back.',
  ingestStopped: 'Nothing is being taken in. Start Agora’s ingest, and it catches up by itself.',
  cantLoad: 'Agora can’t be reached',
  cantLoadHint: 'It is tried again every few seconds.',
  failed: (/** @type {string} */ what) => `That didn’t work: ${what}`,
  retry: 'Try again',
};

/** In a frame on another site. */
export const embedWords = {
  asOf: (/** @type {string} */ t) => `As of ${t}`,
  waiting: 'Waiting for figures',
  revoked: 'This chart is shared here no more',
};

/** @param {string} kind @param {import('./page/state.js').Filter} v @param {{time: (t: string) => string, country: (code: string) => string, language: (code: string) => string, source?: (id: string) => string}} say */
export function chipWords(kind, v, say) {
  switch (kind) {
    case 'from':
    case 'to':
      return v.from && v.to ? `${say.time(v.from)} – ${say.time(v.to)}` : v.from ? `since ${say.time(v.from)}` : `until ${say.time(v.to)}`;
    case 'weekday':
    case 'hour': {
      const day = v.weekday === undefined ? '' : weekdays[Number(v.weekday)] || v.weekday;
      const hour = v.hour === undefined ? '' : `${String(v.hour).padStart(2, '0')}:00–${String((Number(v.hour) + 1) % 24).padStart(2, '0')}:00`;
      return [day, hour].filter(Boolean).join(', ');
    }
    case 'label':
      return v.label.split(',').map((l) => (labels[l] ? `${labels[l].sign} ${labels[l].word}` : l)).join(', ');
    case 'country':
    case 'place':
      return [placeWords[v.place] || '', v.country === 'none' ? 'no known place' : v.country ? say.country(v.country) : ''].filter(Boolean).join(' ');
    case 'language': return say.language(v.language);
    case 'source': return `source ${say.source ? say.source(v.source) : v.source}`;
    case 'story': return 'one story';
    case 'corrected': return v.corrected === 'true' ? 'set by a person' : 'as Agora read it';
    case 'q': return `“${v.q}”`;
    default: return v[kind];
  }
}
