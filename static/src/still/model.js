// Models that answer faster. ECharts asks its models for options many thousand
// times for a picture: paths are taken apart once, and defaults put together
// once, not for each.
import Component from 'echarts/lib/model/Component.js';
import Model from 'echarts/lib/model/Model.js';

/** @type {Map<string, string[]>} */
const paths = new Map();

/** @type {any} */ (Model.prototype).parsePath = (/** @type {string | string[]} */ path) => {
  if (typeof path !== 'string') return path;
  let parsed = paths.get(path);
  if (!parsed) {
    parsed = path.split('.');
    if (paths.size < 2000) paths.set(path, parsed); // names out of an option are among them
  }
  return parsed;
};

/** @type {any} */ (Model.prototype).getShallow = function getShallow(/** @type {string} */ key, /** @type {boolean} */ alone) {
  // eslint-disable-next-line consistent-this
  for (let at = this; ; at = at.parentModel) {
    const option = at.option;
    const value = option === undefined || option === null ? option : option[key];
    if ((value !== undefined && value !== null) || alone || !at.parentModel) return value;
  }
};

/** @type {Map<Function, any>} */
const defaults = new Map();
const { getDefaultOption } = Component.prototype;

Component.prototype.getDefaultOption = function getDefault() {
  let known = defaults.get(this.constructor);
  if (known === undefined) {
    known = getDefaultOption.call(this);
    defaults.set(this.constructor, known);
  }
  return known;
};
