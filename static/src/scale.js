// The lengths in an option are pixels beside a text of 12 pixels. On a wall the
// text is four times as high; so are then the dots, the lines and the room
// that is left for words.

/** The size of text, in pixels, that lengths in options are meant for. */
export const REFERENCE = 12;

const lengths = new Set([
  'top', 'right', 'bottom', 'left', 'width', 'barMaxWidth', 'itemWidth', 'itemHeight', 'itemGap', 'symbolSize', 'borderWidth', 'borderRadius',
  'dashArrayX', 'dashArrayY',
]);

/**
 * Multiplies every length of an option, in place. Percentages, words such as
 * "center", and values of points stay as they are.
 * @param {any} option
 * @param {number} by
 */
export function scale(option, by) {
  if (by === 1 || !option || typeof option !== 'object') return;
  for (const key of Object.keys(option)) {
    const value = option[key];
    if (key === 'filter' || key === 'value') continue;
    if (lengths.has(key)) option[key] = scaled(value, by);
    else if (typeof value === 'object') scale(value, by);
  }
}

/** @param {any} value @param {number} by @returns {any} */
function scaled(value, by) {
  if (typeof value === 'number') return value * by;
  if (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)) return Number(value) * by;
  if (Array.isArray(value)) return value.map((v) => scaled(v, by));
  return value;
}
