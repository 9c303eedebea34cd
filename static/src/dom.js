// @ts-check
// Elements with less to type. Text becomes text nodes, never markup.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Makes an element. A property `on…` listens; `class`, `text`, `aria-…`,
 * `data-…` and the rest are attributes; null and false leave one out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) el.addEventListener(key.slice(2), value);
    else if (key === 'text') el.textContent = String(value);
    else el.setAttribute(key, value === true ? '' : String(value));
  }
  fill(el, children);
  return el;
}

/** @param {Element} el @param {Child[]} children appended in order */
export function fill(el, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    el.appendChild(typeof child === 'object' ? child : document.createTextNode(String(child)));
  }
}

/** @param {Element} el @param {...Child} children all that it then holds */
export function put(el, ...children) {
  el.textContent = '';
  fill(el, children);
}

/** Changes a text only if it differs, so that screen readers aren't told twice. @param {Element} el @param {string} text */
export function say(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

/**
 * An icon, drawn by strokes on a 16 × 16 grid.
 * @param {string} path
 */
export function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.appendChild(line);
  return svg;
}

/** @param {string} url whether it may be linked to */
export function linkable(url) {
  return /^https?:\/\//i.test(url);
}
