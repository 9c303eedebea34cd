// The countries, from the one table that the server uses too.
import { readFileSync } from 'node:fs';

/** @typedef {{code: string, id: string, name: string, at: [number, number]}} Country at: longitude and latitude of its middle; id: ISO 3166-1 numeric, three digits, as in the atlas; empty where there is none */

/** @returns {Country[]} */
export function readCountries(/** @type {URL} */ at) {
  return readFileSync(at, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const [code, id, name, latitude, longitude] = line.split('\t');
    return { code, id, name, at: [Number(longitude), Number(latitude)] };
  });
}
