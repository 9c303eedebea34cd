// @ts-check
// The list of mentions as elements.
import { rowOf } from '../rows.js';
import { makeMention } from './mention.js';

/** @typedef {import('./mention.js').Context} Context */

/**
 * @param {HTMLElement} ul
 */
export function makeMentions(ul) {
  /** @type {Map<string, {mention: any, made: ReturnType<typeof makeMention>}>} */
  let shown = new Map();
  let brand = '';

  return {
    /** Makes the list show these, touching only what changed. @param {any[]} mentions @param {Context} context @param {boolean} live */
    show(mentions, context, live) {
      if (brand !== context.brand) {
        brand = context.brand;
        shown = new Map();
        ul.textContent = '';
      }
      /** @type {typeof shown} */
      const next = new Map();
      for (const mention of mentions) {
        const old = shown.get(rowOf(mention));
        if (old && old.mention !== mention) old.made.update(mention);
        const made = old ? old.made : makeMention(mention, context);
        if (!old && live) made.li.classList.add('fresh');
        next.set(rowOf(mention), { mention, made });
      }
      for (const [id, old] of shown) if (!next.has(id)) old.made.li.remove();
      let at = ul.firstElementChild;
      for (const { made } of next.values()) {
        if (made.li === at) at = at.nextElementSibling;
        else ul.insertBefore(made.li, at);
      }
      shown = next;
    },
    /** Lets time pass. @param {number} now */
    tick(now) {
      for (const { made } of shown.values()) made.tick(now);
    },
  };
}
