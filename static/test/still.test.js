import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import * as echarts from 'echarts';
import { wholeLegend } from '../src/still/legend.js';
import { atSize } from '../src/still/media.js';
import { pathOf } from '../src/still/pen.js';
import { dataToCoord, placeOf, pointOf } from '../src/still/places.js';
import { diff, filled, stacked } from '../src/still/series.js';
import makeStyleMapper from '../src/still/style-mapper.js';
import { clone, each, map } from '../src/still/util.js';

const sets = new URL('../../charts/testdata/options/', import.meta.url);

test('an option laid out once for its size is what ECharts makes of it', () => {
  let forms = 0;
  for (const set of ['one', 'three', 'empty', 'long']) {
    for (const file of readdirSync(new URL(`${set}/`, sets))) {
      const text = readFileSync(new URL(`${set}/${file}`, sets), 'utf8');
      if (!JSON.parse(text).media) continue;
      for (const [width, height] of [[390, 300], [1200, 600], [2000, 150]]) {
        forms++;
        const of = (/** @type {any} */ option) => {
          const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
          try {
            chart.setOption(option);
            const { xAxis, yAxis, legend, grid, series } = /** @type {any} */ (chart.getOption());
            return JSON.parse(JSON.stringify({ xAxis, yAxis, legend, grid, series }));
          } finally {
            chart.dispose();
          }
        };
        assert.deepEqual(of(atSize(JSON.parse(text), width, height)), of(JSON.parse(text)), `${set}/${file} at ${width} × ${height}`);
      }
    }
  }
  assert.ok(forms > 12, `${forms} options with forms`);
});

test('a form without a query is for sizes that no other fits', () => {
  const option = () => ({ a: 0, media: [{ query: { minWidth: 500 }, option: { a: 1 } }, { query: { maxHeight: 100 }, option: { b: [{ c: 1 }] } }, { option: { a: 2 } }] });
  assert.deepEqual(atSize(option(), 500, 200), { a: 1 });
  assert.deepEqual(atSize(option(), 499, 200), { a: 2 });
  assert.deepEqual(atSize(option(), 600, 100), { a: 1, b: [{ c: 1 }] });
  assert.deepEqual(atSize({ a: 0, media: 'x' }, 1, 1), { a: 0 });
});

test('parts are changed by id, else by place', () => {
  const form = { query: { minWidth: 0 }, option: { series: [{ id: 'b', data: [3] }, { name: 'n' }], grid: { top: 1 } } };
  assert.deepEqual(atSize({ grid: { left: 2 }, series: [{ id: 'a' }, { id: 'b', data: [1, 2], x: { y: 1 } }], media: [form] }, 9, 9), {
    grid: [{ left: 2, top: 1 }], series: [{ id: 'a' }, { id: 'b', data: [3], x: { y: 1 }, name: 'n' }],
  });
});

test('a copy shares nothing with what it is of', () => {
  const when = new Date();
  const source = { a: [1, { b: [2] }], when, f: Math.max, n: null, u: undefined, t: new Float32Array([1]), m: { __ec_primitive__: true } };
  const copy = clone(source);
  assert.deepEqual(copy, source);
  assert.notEqual(copy.a[1], source.a[1]);
  assert.notEqual(copy.a[1].b, source.a[1].b);
  assert.notEqual(copy.t, source.t);
  assert.equal(copy.when, when);
  assert.equal(copy.m, source.m); // what says that it isn't to be copied
});

test('lists and objects are gone through in order, with their place', () => {
  /** @type {any[]} */
  const seen = [];
  const note = (/** @type {any[]} */ ...all) => seen.push(all.slice(0, 2));
  each([5, , 6], note);
  each({ x: 1 }, note);
  each(null, note);
  each('ab', note);
  assert.deepEqual(seen, [[5, 0], [6, 2], [1, 'x'], ['a', 0], ['b', 1]]);
  each([1], function self() { assert.equal(this, seen); }, seen);
  assert.deepEqual(map([1, 2], (/** @type {number} */ v, /** @type {number} */ i) => v * 10 + i), [10, 21]);
  assert.deepEqual(map(undefined), []);
});

test('a style comes from the nearest model that says something', () => {
  const series = { option: { color: 'red', opacity: 0.5 }, parentModel: { option: { color: 'blue', borderColor: 'grey' } } };
  const style = makeStyleMapper([['fill', 'color'], ['stroke', 'borderColor'], ['opacity']]);
  assert.deepEqual(style({ option: { color: null, opacity: 0 }, parentModel: series }), { fill: 'red', stroke: 'grey', opacity: 0 });
  assert.deepEqual(style({ parentModel: series }, ['opacity']), { fill: 'red', stroke: 'grey' });
  assert.deepEqual(style({ parentModel: series }, undefined, ['opacity']), { opacity: 0.5 });
  assert.deepEqual(makeStyleMapper([['fill', 'color']], true)({ option: {}, parentModel: series }), {});
});

test('paths are written as zrender writes them', async () => {
  const { default: PathProxy } = await import('zrender/lib/core/PathProxy.js');
  const { default: SVGPathRebuilder } = await import('zrender/lib/svg/SVGPathRebuilder.js');
  const { Circle, Ellipse, Polyline, Rect, Ring, Sector } = /** @type {any} */ (echarts.graphic);
  const path = (/** @type {any} */ draw) => ({ shape: {}, buildPath: draw });
  const drawn = [
    new Rect({ shape: { x: 1.234567, y: -2, width: 10, height: 3 } }),
    new Rect({ shape: { x: 1, y: 2, width: 100, height: 30, r: 4 } }),
    new Rect({ shape: { x: 1, y: 2, width: 3, height: 30, r: [9, 0, 4, 20] } }),
    new Rect({ shape: { x: 50, y: 2, width: -40, height: 30, r: 20 } }),
    new Rect({ shape: { x: 1, y: 2, width: 3.3333, height: -9, r: 7 } }),
    new Circle({ shape: { cx: 5, cy: 6, r: 7.5 } }),
    new Ring({ shape: { cx: 5, cy: 6, r: 7.5, r0: 3 } }),
    new Sector({ shape: { cx: 5, cy: 6, r: 70, r0: 30, startAngle: 1, endAngle: 5, clockwise: false, cornerRadius: 3 } }),
    new Polyline({ shape: { points: [[1, 2], [1, 2], [3, 4.00049], [8, 9], [5, 1]], smooth: 0.4 } }),
    ...(Ellipse ? [new Ellipse({ shape: { cx: 1, cy: 2, rx: 30, ry: 9 } })] : []),
    path((/** @type {any} */ p) => { p.arc(1, 2, 3, 7, -2, true); p.closePath(); p.lineTo(5, 5); p.lineTo(5, 5); p.quadraticCurveTo(1, 2, 3, 4); p.arc(0, 0, 2, 0, 9); }),
    path((/** @type {any} */ p) => { p.lineTo(5, 5); p.lineTo(6, 5); p.rect(1, 1, 2, 2); p.lineTo(1, 1); p.lineTo(NaN, 3); }),
    path((/** @type {any} */ p) => { p.moveTo(0, 0); p.bezierCurveTo(1, NaN, 2, 2, 3, 3); }),
    path((/** @type {any} */ p) => { p.closePath(); }),
  ];
  for (const precision of [2, 3]) {
    for (const [i, el] of drawn.entries()) {
      const proxy = new PathProxy(false);
      proxy.beginPath();
      el.buildPath(proxy, el.shape);
      const builder = new SVGPathRebuilder();
      builder.reset(precision);
      proxy.rebuildPath(builder, 1);
      builder.generateStr();
      // Where a corner leaves nothing of a side, zrender may draw that nothing.
      const written = builder.getStr().replace(/([\d.-]+ [\d.-]+)L\1(?=[A-Z])/g, '$1');
      assert.equal(pathOf(el, precision), written, `path ${i} with ${precision} digits`);
    }
  }
  assert.throws(() => pathOf(path((/** @type {any} */ p) => p.moveTo(1e9, 0)), 2), /drawn at/);
  assert.throws(() => pathOf(path((/** @type {any} */ p) => p.rect(0, 0, Infinity, 1)), 2), /drawn at/);
});

/**
 * A chart of the page's ECharts.
 * @param {any} option
 * @param {(chart: any) => void} look
 */
function charted(option, look) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 700, height: 300 });
  try {
    chart.setOption({ animation: false, ...option });
    look(chart);
  } finally {
    chart.dispose();
  }
}

test('values stand where ECharts has them, on axes of every kind', () => {
  const y = [{ type: 'value', min: -100, max: 100 }, { type: 'value', inverse: true, min: 5, max: 5 }, { type: 'log' }];
  for (const x of [{ type: 'category', data: ['a', 'b', 'c'] }, { type: 'category', data: ['a', 'b', 'c'], boundaryGap: false }, { type: 'value' }, { type: 'time' }]) {
    charted({ grid: {}, xAxis: x, yAxis: y, series: y.map((_, yAxisIndex) => ({ type: 'line', yAxisIndex, data: [[0, 1], [1, 7.3], [2, 20]] })) }, (chart) => {
      for (const series of chart.getModel().getSeries()) {
        const grid = series.coordinateSystem;
        for (const axis of grid.getAxes()) {
          for (const value of [0, 1, 2, 1, 0.4, -3, 100, NaN]) {
            const want = axis.toGlobalCoord(axis.dataToCoord(value));
            const { dataToCoord: own } = axis;
            axis.dataToCoord = dataToCoord;
            assert.equal(axis.toGlobalCoord(axis.dataToCoord(value)), want, `${axis.dim} ${axis.type} ${value}`);
            assert.equal(placeOf(axis)(value), want, `${axis.dim} ${axis.type} ${value}`);
            axis.dataToCoord = own;
          }
        }
        assert.deepEqual(pointOf(grid)([1, 2]), grid.dataToPoint([1, 2]));
      }
      // An axis that has moved has its values elsewhere.
      const axis = chart.getModel().getSeries()[0].coordinateSystem.getAxis('x');
      axis.dataToCoord = dataToCoord;
      const before = placeOf(axis)(1);
      axis.setExtent(5, 50);
      assert.notEqual(placeOf(axis)(1), before);
    });
  }
});

test('series stand on each other as ECharts stacks them, and are filled with the same numbers', () => {
  const data = [[1, 2.1, '-', -4, 0, 3], [2, 0.2, 1, -1, 5, -2], [3, null, { value: 4, name: 'c' }, 2, -1, 0.7]];
  const option = { xAxis: { type: 'category', data: ['a', 'b', 'c', 'd', 'e', 'f'] }, yAxis: {}, series: data.map((d) => ({ type: 'bar', stack: 's', data: d })) };
  charted(option, (chart) => {
    const kept = (/** @type {any} */ store) => JSON.stringify([store._chunks.map((/** @type {any} */ c) => Array.from(c)), store._rawExtent]);
    const all = chart.getModel().getSeries().map((/** @type {any} */ seriesModel) => {
      const set = seriesModel.getData();
      const of = (/** @type {string} */ key) => set.getCalculationInfo(key);
      return {
        data: set, seriesModel, want: kept(set.getStore()), isStackedByIndex: of('isStackedByIndex'), stackedByDimension: of('stackedByDimension'),
        stackResultDimension: of('stackResultDimension'), stackedOverDimension: of('stackedOverDimension'), stackedDimension: of('stackedDimension'),
      };
    });
    assert.equal(stacked(all, 1), false, 'nobody knows that one point stands on each category');
    for (const { data: set } of all) {
      const store = set.getStore();
      store._dimValueGetter.first = set.getDimensionIndex('x');
      store._chunks.forEach((/** @type {any} */ c) => c.fill(9));
      store._rawExtent = store._rawExtent.map(() => [Infinity, -Infinity]);
      const dims = store._dimensions;
      store._dimensions = dims.slice(0, 2); // those of a stack come later
      assert.equal(filled(store, store.getProvider(), store.count()), true);
      store._dimensions = dims;
    }
    all.forEach((/** @type {any} */ one, /** @type {number} */ i) => {
      assert.equal(stacked(all, i), true);
      assert.equal(kept(one.data.getStore()), one.want);
    });
    /** @type {number[]} */
    const added = [];
    diff.call(all[0].data, null).update(assert.fail).add((i) => added.push(i)).remove(assert.fail).execute();
    assert.deepEqual(added, [0, 1, 2, 3, 4, 5]);
  });
});

test('a picture has its whole legend, in lines, and room for it', () => {
  const option = () => ({ legend: { type: 'scroll' }, grid: [{ top: '40' }], series: ['a', 'b', 'c', 'd', ''].map((name) => ({ name })) });
  const at = (/** @type {number} */ width, /** @type {number} */ height) => wholeLegend(option(), { width, height, size: 14 }, () => 80);
  assert.deepEqual(at(600, 400), option()); // one line
  assert.equal(at(300, 400).legend.type, 'plain');
  assert.equal(at(300, 400).grid[0].top, 65); // two of two
  assert.ok(at(150, 400).grid[0].top > 100); // four
  assert.deepEqual(at(150, 100), option()); // it would fill the picture
  assert.deepEqual(wholeLegend({ legend: { type: 'scroll', show: false } }, { width: 9, height: 900, size: 14 }, () => 80), { legend: { type: 'scroll', show: false } });
});
