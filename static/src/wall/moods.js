// @ts-check
// From a feeling to what marks it, and from a brand's colour to one that can be
// seen at night.

/**
 * The label of a mood: feeling has a colour beyond a tenth either way.
 * @param {number | null | undefined} mood −1…1
 * @returns {'positive' | 'neutral' | 'negative'}
 */
export function feeling(mood) {
  if (mood === null || mood === undefined) return 'neutral';
  return mood >= 0.1 ? 'positive' : mood <= -0.1 ? 'negative' : 'neutral';
}

/** Contrast of lines to the ground, as WCAG asks for graphics. */
const enough = 3;
const ground = [0x0b, 0x10, 0x16];

/**
 * A brand's colour, as much lighter as the dark ground asks for.
 * @param {string | undefined} color #rrggbb
 */
export function glow(color) {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color || '');
  if (!found) return '#e9eef3';
  const given = found.slice(1).map((h) => parseInt(h, 16));
  for (let light = 0; light <= 1; light += 0.05) {
    const mixed = given.map((c) => Math.round(c + (255 - c) * light));
    if (contrast(mixed, ground) >= enough) return `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
  }
  return '#ffffff';
}

/**
 * WCAG's contrast of two colours, 1…21.
 * @param {number[]} a
 * @param {number[]} b
 */
export function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {number[]} rgb */
function luminance(rgb) {
  const [r, g, b] = rgb.map((c) => {
    const s = c / 255;
    return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
