// @ts-check
// The bar on top: which brand, which window, which colours.
import { h, icon, put } from '../dom.js';
import { windows, windowsShort, words } from '../words.js';
import { current, toggle, watch } from './theme.js';

const sun = 'M8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1.100 1.100M11.900 11.900 13 13M13 3l-1.100 1.100M4.100 11.900 3 13';
const moon = 'M13.500 9.600A5.800 5.800 0 0 1 6.400 2.500a5.800 5.800 0 1 0 7.100 7.100z';

/**
 * @param {any} about what GET /api/v1/brands says
 * @param {{onState: (change: {brand?: string, window?: string}) => void, address: (change: {window: string}) => string}} wishes
 */
export function makeBar(about, { onState, address }) {
  const select = /** @type {HTMLSelectElement} */ (document.getElementById('brand'));
  const dot = /** @type {HTMLElement} */ (document.getElementById('brand-dot'));
  const nav = /** @type {HTMLElement} */ (document.getElementById('windows'));
  const demo = /** @type {HTMLElement} */ (document.getElementById('demo'));
  const theme = /** @type {HTMLButtonElement} */ (document.getElementById('theme-button'));

  select.setAttribute('aria-label', words.brand);
  put(select, ...about.brands.map((/** @type {any} */ b) => h('option', { value: b.id }, b.name)));
  select.addEventListener('change', () => onState({ brand: select.value }));

  nav.setAttribute('aria-label', words.window);
  const links = about.windows.map((/** @type {string} */ w) => {
    const a = h('a', { href: '#', title: windows[w] || w }, windowsShort[w] || w);
    a.addEventListener('click', (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return; // a tab of its own
      e.preventDefault();
      onState({ window: w });
    });
    return { w, a };
  });
  put(nav, ...links.map((/** @type {any} */ l) => l.a));

  demo.hidden = !about.demo;
  put(demo, words.demo);
  demo.title = words.demoHint;

  const drawTheme = () => {
    const dark = current() === 'dark';
    put(theme, icon(dark ? sun : moon));
    theme.setAttribute('aria-label', dark ? words.toLight : words.toDark);
    theme.title = dark ? words.toLight : words.toDark;
  };
  theme.addEventListener('click', toggle);
  watch(drawTheme);
  drawTheme();

  return {
    /** @param {import('./state.js').State} state */
    show(state) {
      select.value = state.brand;
      const brand = about.brands.find((/** @type {any} */ b) => b.id === state.brand);
      dot.style.background = (brand && brand.color) || '';
      for (const { w, a } of links) {
        a.setAttribute('href', address({ window: w }));
        if (w === state.window) a.setAttribute('aria-current', 'true');
        else a.removeAttribute('aria-current');
      }
    },
  };
}
