// @ts-check
// The countries by code, as the server knows them, and where a mention stands
// on the map.
import table from '../gen/countries.json';

/** @type {Record<string, any>} code → [name, latitude, longitude of its middle] */
const countries = table;

/** @param {string} code ISO 3166-1 alpha-2 */
export function countryName(code) {
  return countries[code] ? countries[code][0] : code;
}

/** @param {string} code @returns {[number, number] | undefined} longitude and latitude of its middle */
export function countryAt(code) {
  return countries[code] && [countries[code][2], countries[code][1]];
}

/**
 * Where a mention stands: its point, else its country.
 * @param {any} mention
 * @param {'about' | 'from' | 'origin'} kind which of its places
 * @returns {{lat: number, lon: number} | {country: string} | undefined} undefined: nobody knows
 */
export function spotOf(mention, kind) {
  const places = mention.places || {};
  const place = kind === 'about' ? (places.about || [])[0] : places[kind];
  if (!place) return undefined;
  if (place.point) return { lat: place.point.lat, lon: place.point.lon };
  return place.country ? { country: place.country } : undefined;
}
