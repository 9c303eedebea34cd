// @ts-check
// Against burn-in the whole wall wanders: a few pixels a minute, never two
// minutes in the same place, too slowly to be seen.

const minute = 60_000;
/** How far it goes, as a part of the screen's height: 12 pixels of 1080. */
export const reach = 1 / 90;

/**
 * Where the wall stands. The two periods have no common measure of less than
 * days, so it comes by everywhere.
 * @param {number} now in milliseconds
 * @param {number} height of the screen in pixels
 * @returns {{x: number, y: number}} whole pixels
 */
export function driftAt(now, height) {
  const far = height * reach;
  return {
    x: Math.round(far * Math.sin((2 * Math.PI * now) / (17 * minute))),
    y: Math.round(far * Math.sin((2 * Math.PI * now) / (23 * minute))),
  };
}
