// What a still needs otherwise than a page, as a plugin for esbuild. A picture
// has no pointer, and ECharts would prepare each element for one that hovers,
// selects or blurs it, which takes a quarter of the time. And it may be
// enlarged, four times and more: paths are written in hundredths of a pixel
// instead of tenths, or thin bars would lie beside their places. What else is
// here makes the same picture with less work for an interpreter; static/src/still
// has what stands in the place of functions. The rest of ECharts is as it is
// for the page.
import { fileURLToPath } from 'node:url';

const still = (/** @type {string} */ name) => fileURLToPath(new URL(`../src/still/${name}`, import.meta.url));

/**
 * A file of ECharts or zrender, and what stands in it for what; functions
 * and methods that another file has in their place; what it calls there; or what to read instead of it.
 * @type {{file: RegExp, swaps?: string[][], instead?: Record<string, string[]>, methods?: Record<string, string[]>, imports?: Record<string, string[]>, whole?: string}[]}
 */
const changes = [
  {
    file: /echarts[\\/]lib[\\/]util[\\/]states\.js$/,
    swaps: [
      ["export var SPECIAL_STATES = ['emphasis', 'blur', 'select'];", 'export var SPECIAL_STATES = [];'],
      ["export var DISPLAY_STATES = ['normal', 'emphasis', 'blur', 'select'];", "export var DISPLAY_STATES = ['normal'];"],
      ["var OTHER_STATES = ['emphasis', 'blur', 'select'];", 'var OTHER_STATES = [];'],
    ],
    instead: { 'nothing.js': ['toggleHoverEmphasis', 'setDefaultStateProxy', 'savePathStates'] },
  },
  { file: /echarts[\\/]lib[\\/]util[\\/]graphic\.js$/, instead: { 'nothing.js': ['setTooltipConfig'] } },
  {
    file: /echarts[\\/]lib[\\/]chart[\\/]heatmap[\\/]HeatmapView\.js$/,
    swaps: [
      ['var emphasisModel_1 = itemModel.getModel(\'emphasis\');', ''],
      ["emphasisStyle = emphasisModel_1.getModel('itemStyle').getItemStyle();", ''],
      ["blurStyle = itemModel.getModel(['blur', 'itemStyle']).getItemStyle();", ''],
      ["selectStyle = itemModel.getModel(['select', 'itemStyle']).getItemStyle();", ''],
      ["focus = emphasisModel_1.get('focus');", ''],
      ["blurScope = emphasisModel_1.get('blurScope');", ''],
      ["emphasisDisabled = emphasisModel_1.get('disabled');", ''],
      ["rect.ensureState('emphasis').style = emphasisStyle;", ''],
      ["rect.ensureState('blur').style = blurStyle;", ''],
      ["rect.ensureState('select').style = selectStyle;", ''],
    ],
  },
  {
    // Each label is asked for its size, place and neighbours up to four times.
    file: /echarts[\\/]lib[\\/]component[\\/]axis[\\/]AxisBuilder\.js$/,
    swaps: [
      ['var geometry = ensureLabelLayoutWithGeometry(layout);', 'var geometry = layout;'],
      ['transformGroup.add(_tmpLayoutEl);', '_tmpLayoutEl.parent = transformGroup;'],
      ['transformGroup.remove(_tmpLayoutEl);', '_tmpLayoutEl.parent = null;'],
      ['setLabelLayoutDirty(geometry, true);\n    ensureLabelLayoutWithGeometry(geometry);', 'setLabelLayoutDirty(geometry, true);'],
      ['var layoutInfo = ensureLabelLayoutWithGeometry(layout);', 'var layoutInfo = useStOccupiedRect ? ensureLabelLayoutWithGeometry(layout) : layout;'],
      ['moveIfOverlap(labelInfo, movableLayoutInfo, moveDirVec);', 'moveIfOverlap(ensureLabelLayoutWithGeometry(labelInfo), movableLayoutInfo, moveDirVec);'],
    ],
  },
  {
    file: /echarts[\\/]lib[\\/]coord[\\/]cartesian[\\/]Grid\.js$/,
    swaps: [
      ['var labelInfo = labelInfoList[idx];', 'var labelInfo = ensureLabelLayoutWithGeometry(labelInfoList[idx]);'],
      ["import { findAxisModels", "import { ensureLabelLayoutWithGeometry } from '../../label/labelLayoutHelper.js';\nimport { findAxisModels"],
    ],
  },
  {
    // Labels at an interval that the option names are the same before and after
    // the axis has its length.
    file: /echarts[\\/]lib[\\/]coord[\\/]axisTickLabelBuilder\.js$/,
    swaps: [
      ['  if (!isEstimate) {\n    axisCacheSet(labelsCache', "  if (!isEstimate || typeof optionLabelInterval === 'number') {\n    axisCacheSet(labelsCache"],
    ],
  },
  {
    file: /echarts[\\/]lib[\\/]label[\\/]labelStyle\.js$/,
    swaps: [[
      '  setTextStyleCommon(textStyle, textStyleModel, opt, isNotNormal, isAttached);',
      `  // The labels of an axis have one model, and one style.
  if (!opt && !isNotNormal && !isAttached) {
    if (!textStyleModel.__textStyle) setTextStyleCommon(textStyleModel.__textStyle = {}, textStyleModel, opt, isNotNormal, isAttached);
    extend(textStyle, textStyleModel.__textStyle);
    if (textStyle.rich) setTextStyleCommon(textStyle = {}, textStyleModel, opt, isNotNormal, isAttached);
  }
  else setTextStyleCommon(textStyle, textStyleModel, opt, isNotNormal, isAttached);`,
    ]],
  },
  {
    file: /zrender[\\/]lib[\\/]core[\\/]Transformable\.js$/,
    instead: { 'transform.js': ['copyTransform'] },
    methods: { 'transform.js': ['needLocalTransform'] },
  },
  {
    file: /zrender[\\/]lib[\\/]svg[\\/]graphic\.js$/,
    swaps: [
      ["import Path from '../graphic/Path.js';", `import Path from '../graphic/Path.js';\nimport { pathOf } from ${JSON.stringify(still('pen.js'))};`],
      ['    else {\n        var needBuildPath =', '    else if (!(strokePercent < 1)) {\n        attrs.d = pathOf(el, precision);\n    }\n    else {\n        var needBuildPath ='],
      ["scope.ssr && val === 'none'", 'false'],
    ],
  },
  {
    file: /zrender[\\/]lib[\\/]svg[\\/]helper\.js$/,
    swaps: [['return Math.max(Math.ceil(Math.log(size) / Math.log(10)), 1);', 'return Math.max(Math.ceil(Math.log(size) / Math.log(10)) + 1, 2);']],
  },
  { file: /zrender[\\/]lib[\\/]core[\\/]util\.js$/, instead: { 'util.js': ['each', 'map', 'clone'] } },
  {
    // Where a value stands is asked for each bar and point, up to three times.
    file: /echarts[\\/]lib[\\/]coord[\\/]Axis\.js$/,
    methods: { 'places.js': ['dataToCoord'] },
  },
  {
    file: /echarts[\\/]lib[\\/]layout[\\/]barGrid\.js$/,
    swaps: [
      ['        progress: function (params, data) {', '        progress: function (params, data) {\n          var pointAt = pointOf(cartesian);'],
      ['var coord = cartesian.dataToPoint([value, baseValue]);', 'var coord = pointAt([value, baseValue]);'],
      ['baseCoord = cartesian.dataToPoint([stackStartValue, baseValue])[0];', 'baseCoord = pointAt([stackStartValue, baseValue])[0];'],
      ['var coord = cartesian.dataToPoint([baseValue, value]);', 'var coord = pointAt([baseValue, value]);'],
      ['baseCoord = cartesian.dataToPoint([baseValue, stackStartValue])[1];', 'baseCoord = pointAt([baseValue, stackStartValue])[1];'],
    ],
    imports: { 'places.js': ['pointOf'] },
  },
  {
    file: /echarts[\\/]lib[\\/]layout[\\/]points\.js$/,
    swaps: [
      ['          var tmpIn = [];', "          var tmpIn = [];\n          var pointAt = coordSys.type === 'cartesian2d' && pointOf(coordSys);"],
      ['point = coordSys.dataToPoint(tmpIn, null, tmpOut);', 'point = pointAt ? pointAt(tmpIn, null, tmpOut) : coordSys.dataToPoint(tmpIn, null, tmpOut);'],
    ],
    imports: { 'places.js': ['pointOf'] },
  },
  {
    // Points are mostly numbers, one for each category.
    file: /echarts[\\/]lib[\\/]data[\\/]DataStore\.js$/,
    swaps: [
      ['    } else {\n      var dataItem = [];', '    } else if (append || start || !filled(this, provider, end)) {\n      var dataItem = [];'],
      ['    var len = chunk.length;\n    if (offset === 0) {', `    var len = chunk.length;
    if (dim.counted === len && !ordinalMeta._needCollect) {
      dim.ordinalMeta = ordinalMeta;
      dim.ordinalOffset = len;
      dim.type = 'ordinal';
      return;
    }
    if (offset === 0) {`],
    ],
    imports: { 'series.js': ['filled'] },
  },
  {
    file: /echarts[\\/]lib[\\/]chart[\\/]helper[\\/]createSeriesData\.js$/,
    swaps: [['  data.hasItemOption = false;', '  if (dimValueGetter) dimValueGetter.first = firstCategoryDimIndex;\n  data.hasItemOption = false;']],
  },
  {
    // What is never compared with what was there before needs no names to go by.
    file: /echarts[\\/]lib[\\/]data[\\/]SeriesData\.js$/,
    swaps: [
      ['    if (this._shouldMakeIdFromName()) {\n      for', '    if (false) {\n      for'],
      ['        if (!this.hasItemOption && isDataItemOption(dataItem)) {', "        if (typeof dataItem !== 'object') continue;\n        if (!this.hasItemOption && isDataItemOption(dataItem)) {"],
    ],
    methods: { 'series.js': ['diff'] },
  },
  {
    file: /echarts[\\/]lib[\\/]processor[\\/]dataStack\.js$/,
    swaps: [['    var resultVal = [];', '    if (stacked(stackInfoList, idxInStack)) return;\n    var resultVal = [];']],
    imports: { 'series.js': ['stacked'] },
  },
  {
    // A country is a box, until its outline takes its place (outlines.js).
    file: /echarts[\\/]lib[\\/]component[\\/]helper[\\/]MapDraw\.js$/,
    swaps: [
      ['polygonSubpaths.push(new graphic.Polygon(getPolyShape(poly)));', 'polygonSubpaths.push(new Part(getPolyShape(poly)));'],
      ['      resetStateTriggerForRegion(mapOrGeoModel, regionGroup, regionName, regionModel);\n', ''],
      ["  var emphasisStyleModel = regionModel.getModel(['emphasis', 'itemStyle']);\n  var blurStyleModel = regionModel.getModel(['blur', 'itemStyle']);\n  var selectStyleModel = regionModel.getModel(['select', 'itemStyle']);\n", ''],
      ['  var emphasisStyle = getFixedItemStyle(emphasisStyleModel);\n  var selectStyle = getFixedItemStyle(selectStyleModel);\n  var blurStyle = getFixedItemStyle(blurStyleModel);\n', ''],
      ["  el.ensureState('emphasis').style = emphasisStyle;\n  el.ensureState('select').style = selectStyle;\n  el.ensureState('blur').style = blurStyle;\n", ''],
    ],
    imports: { 'part.js': ['Part'] },
  },
  {
    // What is drawn over a shape has its path.
    file: /zrender[\\/]lib[\\/]graphic[\\/]Path\.js$/,
    swaps: [['                decalEl.buildPath = function (ctx) {', '                decalEl.over = this;\n                decalEl.buildPath = function (ctx) {']],
  },
  { file: /echarts[\\/]lib[\\/]model[\\/]mixin[\\/]makeStyleMapper\.js$/, whole: 'style-mapper.js' },
  {
    // An option is read once, and is nobody else's.
    file: /echarts[\\/]lib[\\/]model[\\/]OptionManager\.js$/,
    swaps: [
      ['rawOption = clone(rawOption);', ''],
      ['return clone(isRecreate', 'return (isRecreate'],
    ],
  },
  {
    // Options and themes of ours have no words of older versions.
    file: /echarts[\\/]lib[\\/]core[\\/]echarts\.js$/,
    swaps: [
      ['theme = clone(theme);', ''],
      ['theme && backwardCompat(theme, true);', ''],
      ['registerPreprocessor(backwardCompat);', ''],
      // Nobody reads what is left of a chart.
      ['component.dispose(ecModel, api);', ''],
      ['chart.dispose(ecModel, api);', ''],
    ],
  },
  {
    // Which part of a chart depends on which is the same for all charts.
    file: /echarts[\\/]lib[\\/]util[\\/]component\.js$/,
    swaps: [
      ['var result = makeDepndencyGraph(fullNameList);', 'var result = dependencies(fullNameList);'],
      ['function makeDepndencyGraph(fullNameList) {', `var known, knownFor = 0;
  function dependencies(fullNameList) {
    if (knownFor !== fullNameList.length) {
      known = makeDepndencyGraph(fullNameList);
      knownFor = fullNameList.length;
      known.counts = fullNameList.map(function (name) { return known.graph[name].entryCount; });
    }
    for (var i = 0; i < fullNameList.length; i++) known.graph[fullNameList[i]].entryCount = known.counts[i];
    return { graph: known.graph, noEntryList: known.noEntryList.slice() };
  }
  function makeDepndencyGraph(fullNameList) {`],
    ],
  },
];

/** @returns {import('esbuild').Plugin} */
export const stills = (/** @type {(path: string) => string} */ read) => ({
  name: 'stills',
  setup(build) {
    for (const { file, swaps = [], instead = {}, methods = {}, imports = {}, whole } of changes) {
      build.onLoad({ filter: file }, ({ path }) => {
        let contents = read(path);
        const swap = (/** @type {string} */ from, /** @type {string} */ to) => {
          if (!contents.includes(from)) throw new Error(`${path} holds no ${from} any more: see build/stills.mjs`);
          contents = contents.replace(from, () => to);
        };
        for (const [from, to] of swaps) swap(from, to);
        for (const [name, functions] of Object.entries(instead)) {
          for (const f of functions) swap(`export function ${f}(`, `function ${f}OfThePage(`);
          contents += `\nimport { ${functions.join()} } from ${JSON.stringify(still(name))};\nexport { ${functions.join()} };\n`;
        }
        for (const [name, functions] of Object.entries(methods)) {
          for (const f of functions) swap(`.prototype.${f} = function`, `.prototype.${f} = ${f}; var ${f}OfThePage = function`);
          contents = `import { ${functions.join()} } from ${JSON.stringify(still(name))};\n${contents}`;
        }
        for (const [name, functions] of Object.entries(imports)) contents = `import { ${functions.join()} } from ${JSON.stringify(still(name))};\n${contents}`;
        if (whole) contents = `export * from ${JSON.stringify(still(whole))};\nexport { default } from ${JSON.stringify(still(whole))};\n`;
        return { contents, loader: 'js' };
      });
    }
  },
});
