// In the place of ECharts' makeStyleMapper (build/stills.mjs): the same styles,
// asked of those models alone that have any. Each element asks for a dozen of
// properties, in each of its states, up a chain of models that mostly have none.

/**
 * Makes a function that reads a style out of a model.
 * @param {[string, string?][]} properties names in a style, and in an option where they differ
 * @param {boolean} [alone] whether its parents have no say
 * @returns {(model: any, excludes?: string[], includes?: string[]) => Record<string, any>}
 */
export default function makeStyleMapper(properties, alone) {
  for (const p of properties) if (!p[1]) p[1] = p[0]; // ECharts reads the list too
  return (model, excludes, includes) => {
    const options = [];
    for (let at = model; at; at = alone ? undefined : at.parentModel) if (at.option !== undefined && at.option !== null) options.push(at.option);
    /** @type {Record<string, any>} */
    const style = {};
    const n = options.length;
    if (!n) return style;
    for (const [to, from] of properties) {
      if ((excludes && excludes.indexOf(/** @type {string} */ (from)) >= 0) || (includes && includes.indexOf(/** @type {string} */ (from)) < 0)) continue;
      for (let i = 0; i < n; i++) {
        const value = options[i][/** @type {string} */ (from)];
        if (value === undefined || value === null) continue;
        style[to] = value;
        break;
      }
    }
    return style;
  };
}
