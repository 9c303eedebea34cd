// The one table of colours, charts/theme.json, as CSS variables: a role
// "map-empty" is var(--map-empty).
import { readFileSync } from 'node:fs';

/** @typedef {{light: Record<string, string>, dark: Record<string, string>}} Theme */

/** Reads the theme; both halves must name the same roles. */
export function readTheme(/** @type {URL} */ at) {
  /** @type {Theme} */
  const theme = JSON.parse(readFileSync(at, 'utf8'));
  const only = Object.keys(theme.light).filter((r) => !(r in theme.dark)).concat(Object.keys(theme.dark).filter((r) => !(r in theme.light)));
  if (only.length) throw new Error(`charts/theme.json: ${only.join(', ')} must stand under both "light" and "dark"`);
  return theme;
}

/** Writes the roles as CSS: by the system's wish, and by a choice made on the page. */
export function themeCSS(/** @type {Theme} */ theme) {
  const roles = (/** @type {Record<string, string>} */ half, /** @type {string} */ scheme) =>
    `color-scheme:${scheme};` + Object.keys(half).sort().map((r) => `--${r}:${half[r]}`).join(';');
  return [
    `:root{${roles(theme.light, 'light')}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${roles(theme.dark, 'dark')}}}`,
    `:root[data-theme=dark]{${roles(theme.dark, 'dark')}}`,
    '',
  ].join('\n');
}
