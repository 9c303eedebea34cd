// @ts-check
// Which scene is on, as a matter of the server's clock alone: screens that show
// the same wall change together, and a reload goes on where it left off.

/** @typedef {{show: string, seconds: number}} Scene */
/** @typedef {{scene: Scene, brand: string, index: number, left: number}} Turn left: milliseconds until the next */

/** What a wall shows when it isn't told. */
export const usualScenes = [
  { show: 'overview', seconds: 30 },
  { show: 'map', seconds: 20 },
  { show: 'brands', seconds: 20 },
  { show: 'mentions', seconds: 20 },
];
export const sceneNames = usualScenes.map((s) => s.show);
const usualSeconds = 20;
const fewestSeconds = 1;

/**
 * The scenes that have something to tell, with sane lengths.
 * @param {Scene[] | null | undefined} scenes of the wall
 * @param {number} brands how many there are
 * @param {string} [only] the one scene that the address asks for
 * @returns {Scene[]}
 */
export function scenesOf(scenes, brands, only = '') {
  if (sceneNames.includes(only)) {
    const known = (scenes || []).find((s) => s.show === only);
    return [{ show: only, seconds: seconds(known && known.seconds) }];
  }
  const asked = (scenes || [])
    .filter((s) => sceneNames.includes(s.show))
    .map((s) => ({ show: s.show, seconds: seconds(s.seconds) }));
  const some = asked.length ? asked : usualScenes;
  // One brand has nobody to stand beside.
  const telling = some.filter((s) => s.show !== 'brands' || brands > 1);
  return telling.length ? telling : [usualScenes[0]];
}

/**
 * Whose turn it is: all scenes with the first brand, then all with the second.
 * @param {Scene[]} scenes at least one
 * @param {string[]} brands ids
 * @param {number} now server time in milliseconds
 * @returns {Turn}
 */
export function turnAt(scenes, brands, now) {
  const round = scenes.reduce((sum, s) => sum + s.seconds * 1000, 0);
  const rounds = Math.floor(now / round);
  const brand = brands.length ? brands[rounds % brands.length] : '';
  let into = now - rounds * round;
  let index = 0;
  while (index < scenes.length - 1 && into >= scenes[index].seconds * 1000) {
    into -= scenes[index].seconds * 1000;
    index++;
  }
  return { scene: scenes[index], brand, index, left: scenes[index].seconds * 1000 - into };
}

/** @param {number | undefined} asked */
function seconds(asked) {
  return asked && asked > 0 ? Math.max(fewestSeconds, asked) : usualSeconds;
}
