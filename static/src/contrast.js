// Colours that can be told from their ground, as WCAG asks for graphics. Pure.

const enough = 3;

/** @returns {number[] | undefined} */
function parts(/** @type {string | undefined} */ color) {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color || '');
  return found ? found.slice(1).map((h) => parseInt(h, 16)) : undefined;
}

/**
 * A brand's colour, as much lighter or darker as its ground asks for.
 * @param {string | undefined} color #rrggbb
 * @param {string} ground #rrggbb
 * @returns {string | undefined} undefined where color is none
 */
export function seenOn(color, ground) {
  const given = parts(color), under = parts(ground);
  if (!given || !under) return undefined;
  const toward = luminance(under) < 0.18 ? 255 : 0;
  for (let more = 0; more <= 1; more += 0.05) {
    const mixed = given.map((c) => Math.round(c + (toward - c) * more));
    if (contrast(mixed, under) >= enough) return more ? `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}` : color;
  }
  return toward ? '#ffffff' : '#000000';
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
