// What a still needs otherwise than a page, as a plugin for esbuild. A picture
// has no pointer, and ECharts would prepare each element for one that hovers,
// selects or blurs it, which takes a quarter of the time. And it may be
// enlarged, four times and more: paths are written in hundredths of a pixel
// instead of tenths, or thin bars would lie beside their places. The rest of
// ECharts is as it is for the page.

/** A file of ECharts or zrender, and what stands in it for what. */
const changes = [
  {
    file: /echarts[\\/]lib[\\/]util[\\/]states\.js$/,
    swaps: [
      ["export var SPECIAL_STATES = ['emphasis', 'blur', 'select'];", 'export var SPECIAL_STATES = [];'],
      ["export var DISPLAY_STATES = ['normal', 'emphasis', 'blur', 'select'];", "export var DISPLAY_STATES = ['normal'];"],
      ["var OTHER_STATES = ['emphasis', 'blur', 'select'];", 'var OTHER_STATES = [];'],
    ],
  },
  {
    file: /zrender[\\/]lib[\\/]svg[\\/]helper\.js$/,
    swaps: [['return Math.max(Math.ceil(Math.log(size) / Math.log(10)), 1);', 'return Math.max(Math.ceil(Math.log(size) / Math.log(10)) + 1, 2);']],
  },
];

/** @returns {import('esbuild').Plugin} */
export const stills = (/** @type {(path: string) => string} */ read) => ({
  name: 'stills',
  setup(build) {
    for (const { file, swaps } of changes) {
      build.onLoad({ filter: file }, ({ path }) => {
        let contents = read(path);
        for (const [from, to] of swaps) {
          if (!contents.includes(from)) throw new Error(`${path} holds no ${from} any more: see build/stills.mjs`);
          contents = contents.replace(from, () => to);
        }
        return { contents, loader: 'js' };
      });
    }
  },
});
