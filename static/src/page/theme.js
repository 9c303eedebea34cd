// @ts-check
// Light or dark: as the system is, until someone chooses. boot.js puts a
// remembered choice in force.

const key = 'agora-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** @returns {'light' | 'dark'} */
export function current() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return dark.matches ? 'dark' : 'light';
}

/** Switches to the other one. Choosing what the system has lets the system decide again. */
export function toggle() {
  const next = current() === 'dark' ? 'light' : 'dark';
  const system = dark.matches ? 'dark' : 'light';
  if (next === system) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === system) localStorage.removeItem(key);
    else localStorage.setItem(key, next);
  } catch {
    // It holds for this visit.
  }
}

/** @param {() => void} changed called when the colours change, by whomever */
export function watch(changed) {
  dark.addEventListener('change', changed);
  new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
}
