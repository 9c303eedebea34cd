// @ts-check
// What is to be seen of an option. Pure.

/** Whether an option has anything to see: a place, or a figure that isn't nought. @param {any} option */
export function hasPoints(option) {
  return (option.series || []).some((/** @type {any} */ s) => (s.data || []).some((/** @type {any} */ p) => {
    const v = p && typeof p === 'object' && !Array.isArray(p) ? p.value : p;
    if (s.type === 'map' && v === 0) return true; // a place with a mood of 0
    return Array.isArray(v) ? v.length > 0 : v !== null && v !== undefined && v !== '-' && v !== 0;
  }));
}

/**
 * A map as it is in one of its modes: with one kind of places, or with what
 * devices did over where things are published.
 * @param {any} option
 * @param {string} mode
 * @param {readonly string[]} modes
 * @returns {{option: any, empty: boolean}} empty: there is nothing to see
 */
export function inMode(option, mode, modes) {
  const devices = mode === 'devices';
  const dots = option.series.filter(isDevices);
  /** @type {Record<string, boolean>} */
  const selected = {};
  for (const m of modes) if (m !== 'devices') selected[m] = m === mode || (devices && m === 'from');
  for (const s of dots) selected[s.name] = devices;
  const seen = devices ? dots : option.series.filter((/** @type {any} */ s) => s.name === mode && !isDevices(s));
  const legend = { ...option.legend, selected, show: devices && dots.length > 0 };
  return { option: { ...option, legend }, empty: !hasPoints({ series: seen }) };
}

/** Whether a series of a map is of what devices did. @param {any} series */
export function isDevices(series) {
  return String(series.id).startsWith('devices:');
}

/**
 * Where more has been done since an option that was drawn before: the dots that
 * are new or have grown, the largest first.
 * @param {any} before
 * @param {any} after
 * @returns {{lat: number, lon: number, colour: string}[]}
 */
export function grown(before, after) {
  if (!before || !after || before === after) return [];
  /** @type {Map<string, number>} */
  const had = new Map();
  const each = (/** @type {any} */ option, /** @type {(key: string, p: any, s: any) => void} */ use) => {
    for (const s of option.series || []) if (isDevices(s)) for (const p of s.data || []) use(`${s.id} ${p.name}`, p, s);
  };
  each(before, (key, p) => had.set(key, p.value[2]));
  /** @type {{n: number, spot: {lat: number, lon: number, colour: string}}[]} */
  const more = [];
  each(after, (key, p, s) => {
    const n = p.value[2] - (had.get(key) || 0);
    if (n > 0) more.push({ n, spot: { lon: p.value[0], lat: p.value[1], colour: (s.itemStyle || {}).color || '' } });
  });
  return more.sort((a, b) => b.n - a.n).map((m) => m.spot);
}
