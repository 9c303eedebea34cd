// @ts-check
// What can be taken away, as the server lists it. Pure.

/** @typedef {{charts: Record<string, string[]>, mentions: string[]}} Offer endings, by the id of a chart, and those of the list */

/** Formats that are made by the server, in the order in which they are offered. A format that the page has no word for isn't offered. */
export const known = /** @type {const} */ (['png', 'svg', 'pdf', 'csv', 'xlsx', 'json', 'ndjson']);

/** What every server offers; it is replaced once this one has said what it does. @returns {Offer} */
export function atLeast() {
  return { charts: {}, mentions: ['csv', 'json'] };
}

/**
 * Reads the answer of GET /api/v1/charts.
 * @param {any} answer
 * @returns {Offer}
 */
export function read(answer) {
  /** @type {Offer} */
  const offer = atLeast();
  for (const chart of (answer && answer.charts) || []) offer.charts[chart.id] = chart.formats || [];
  if (answer && answer.mentions) offer.mentions = answer.mentions.formats || [];
  return offer;
}

/** Formats that look like something: in the page's colours, and for the map of one kind of places. */
const pictures = ['png', 'svg', 'pdf'];

/**
 * Where a chart is to be had as it is shown.
 * @param {string} id
 * @param {string} ending
 * @param {{brand: string, window: string, theme: string, place: string}} shown place: of the map; empty: the chart has none
 */
export function chartFile(id, ending, { brand, window, theme, place }) {
  const query = new URLSearchParams({ brand, window });
  if (pictures.includes(ending)) {
    query.set('theme', theme);
    if (place) query.set('place', place);
    if (ending === 'png') query.set('scale', '2'); // sharp on a slide
  }
  return `/charts/${id}.${ending}?${query}`;
}

/**
 * The endings to offer for a chart.
 * @param {Offer} offer
 * @param {string} id
 */
export function ofChart(offer, id) {
  return inOrder(offer.charts[id] || ['csv', 'json']);
}

/**
 * The endings to offer for the list. Lines of JSON are for programs.
 * @param {Offer} offer
 */
export function ofList(offer) {
  return inOrder(offer.mentions).filter((ending) => ending !== 'ndjson');
}

/** @param {string[]} endings */
function inOrder(endings) {
  return known.filter((ending) => endings.includes(ending));
}
