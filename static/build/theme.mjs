// The one table of colours, charts/theme.json, as CSS variables: a role
// "map-empty" is var(--map-empty).
import { readFileSync } from 'node:fs';

/** @typedef {Record<'light' | 'dark' | 'print', Record<string, string>>} Theme */

/** Reads the theme; all its parts must name the same roles. */
export function readTheme(/** @type {URL} */ at) {
  /** @type {Theme} */
  const theme = JSON.parse(readFileSync(at, 'utf8'));
  const roles = new Set(Object.values(theme).flatMap((part) => Object.keys(part)));
  for (const [name, part] of Object.entries(theme)) {
    const missing = [...roles].filter((r) => !(r in part));
    if (missing.length) throw new Error(`charts/theme.json: "${name}" lacks ${missing.join(', ')}, which another part has`);
  }
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
