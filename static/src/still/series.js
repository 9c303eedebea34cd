// The points of series, taken in without a call for each: what ECharts makes of
// numbers and categories, number by number (build/stills.mjs).
import DataDiffer from 'echarts/lib/data/DataDiffer.js';
import { addSafe } from 'echarts/lib/util/number.js';

/**
 * Fills the columns of a store from a list of points, if it is one.
 * @param {any} store a DataStore
 * @param {any} provider
 * @param {number} end
 * @returns {boolean}
 */
export function filled(store, provider, end) {
  const { data, sourceFormat } = provider.getSource();
  const { _dimValueGetter: getter, _dimensions: dims, _chunks: chunks, _rawExtent: extents } = store;
  if (sourceFormat !== 'original' || !Array.isArray(data)) return false;
  for (let d = 0; d < dims.length; d++) {
    const chunk = chunks[d], extent = extents[d], { type, property } = dims[d];
    if (d === getter.first) { // the categories, in their order
      for (let i = 0; i < end; i++) chunk[i] = i;
      dims[d].counted = end;
      if (end > 0) {
        if (extent[0] > 0) extent[0] = 0;
        if (extent[1] < end - 1) extent[1] = end - 1;
      }
      continue;
    }
    let [low, high] = extent;
    for (let i = 0; i < end; i++) {
      const item = data[i];
      const value = typeof item === 'number' ? item : type === 'ordinal' || item !== '-' ? getter.call(store, item, property, i, d) : NaN;
      chunk[i] = value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    extent[0] = low;
    extent[1] = high;
  }
  return true;
}

/**
 * Stacks a series on those before it, if they stand on the same places.
 * @param {any[]} list of a stack, as ECharts' dataStack describes each series
 * @param {number} at which of them
 * @returns {boolean}
 */
export function stacked(list, at) {
  const { data, stackResultDimension, stackedOverDimension, stackedDimension, seriesModel } = list[at];
  const store = data.getStore();
  const { _chunks: chunks, _rawExtent: extents } = store;
  const own = chunks[data.getDimensionIndex(stackedDimension)];
  const top = data.getDimensionIndex(stackResultDimension), foot = data.getDimensionIndex(stackedOverDimension);
  const tops = chunks[top], feet = chunks[foot];
  if (!own || !tops || !feet || (seriesModel.get('stackStrategy') || 'samesign') !== 'samesign') return false;
  const below = [];
  for (let j = at; j >= 0; j--) {
    const { data: other, isStackedByIndex, stackedByDimension, stackResultDimension: result } = list[j];
    const { _chunks: columns, _dimensions: dims, _indices: chosen, _count: count } = other.getStore();
    const column = columns[other.getDimensionIndex(result)];
    if (!column || chosen) return false;
    if (!isStackedByIndex && dims[other.getDimensionIndex(stackedByDimension)].counted !== count) return false;
    if (j < at) below.push(column);
  }
  let low = Infinity, high = -Infinity, lowFoot = Infinity, highFoot = -Infinity;
  const n = store.count();
  for (let i = 0; i < n; i++) {
    let sum = own[i], under = NaN;
    if (sum === sum) { // eslint-disable-line no-self-compare
      for (let j = 0; j < below.length; j++) {
        const value = below[j][i];
        if ((value > 0 && sum >= 0) || (value < 0 && sum <= 0)) {
          sum = Number.isInteger(sum) && Number.isInteger(value) ? sum + value : addSafe(sum, value);
          under = value;
          break;
        }
      }
    }
    tops[i] = sum;
    feet[i] = under;
    if (sum < low) low = sum;
    if (sum > high) high = sum;
    if (under < lowFoot) lowFoot = under;
    if (under > highFoot) highFoot = under;
  }
  extents[top] = [low, high];
  extents[foot] = [lowFoot, highFoot];
  return true;
}

/**
 * In the place of SeriesData.diff: a still has nothing that was there before.
 * @this {any}
 * @param {any} before
 */
export function diff(before) {
  if (before) return new DataDiffer(before.getStore().getIndices(), this.getStore().getIndices(), (/** @type {number} */ i) => before.getId(i), (/** @type {number} */ i) => this.getId(i));
  const n = this.count();
  /** @type {((i: number) => void) | undefined} */
  let added;
  const changes = {
    add(/** @type {(i: number) => void} */ call) {
      added = call;
      return changes;
    },
    update: () => changes,
    remove: () => changes,
    updateManyToOne: () => changes,
    updateOneToMany: () => changes,
    updateManyToMany: () => changes,
    execute() {
      if (added) for (let i = 0; i < n; i++) added(i);
    },
  };
  return changes;
}
