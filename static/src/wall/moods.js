// @ts-check
// From a feeling to what marks it, and from a brand's colour to one that can be
// seen at night.
import { seenOn } from '../contrast.js';

/**
 * The label of a mood: feeling has a colour beyond a tenth either way.
 * @param {number | null | undefined} mood −1…1
 * @returns {'positive' | 'neutral' | 'negative'}
 */
export function feeling(mood) {
  if (mood === null || mood === undefined) return 'neutral';
  return mood >= 0.1 ? 'positive' : mood <= -0.1 ? 'negative' : 'neutral';
}

const ground = '#0b1016';

/**
 * A brand's colour, as much lighter as the dark ground asks for.
 * @param {string | undefined} color #rrggbb
 */
export function glow(color) {
  return seenOn(color, ground) || '#e9eef3';
}
