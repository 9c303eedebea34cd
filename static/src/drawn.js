// @ts-check
// What is to be seen of an option. Pure.

/** Whether an option has anything to see: a place, or a figure that isn't nought. @param {any} option */
export function hasPoints(option) {
  return (option.series || []).some((/** @type {any} */ s) => (s.data || []).some((/** @type {any} */ p) => {
    const v = p && typeof p === 'object' && !Array.isArray(p) ? p.value : p;
    return Array.isArray(v) ? v.length > 0 : v !== null && v !== undefined && v !== '-' && v !== 0;
  }));
}

/**
 * A map as it is with one kind of places, of those that it has.
 * @param {any} option
 * @param {string} mode
 * @param {readonly string[]} modes
 * @returns {{option: any, empty: boolean}} empty: there is nothing to see
 */
export function inMode(option, mode, modes) {
  const devices = mode === 'origin'; // where devices are is where things are sent from
  const selected = Object.fromEntries(modes.map((m) => [m, m === mode]));
  const seen = option.series.filter((/** @type {any} */ s) => s.name === mode || (devices && s.id === 'activity'));
  const series = option.series.map((/** @type {any} */ s) => (s.id === 'activity' && !devices ? { ...s, data: [] } : s));
  return { option: { ...option, legend: { ...option.legend, selected }, series }, empty: !hasPoints({ series: seen }) };
}
