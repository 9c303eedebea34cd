// Draws options of charts/testdata with ECharts, for a comparison of pictures:
// node options.mjs BOARD… writes a line of JSON for each chart, theme and size.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as formats from '../../../../static/src/format.js';
import { look, themeOf } from '../../../../static/src/look.js';

const root = new URL('../../../../', import.meta.url);
const echarts = createRequire(new URL('static/package.json', root))('echarts');
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

const theme = read('charts/theme.json');
echarts.registerMap('world', read('static/gen/world.geojson'));

for (const board of process.argv.slice(2)) {
  const folder = `charts/testdata/options/${board}/`;
  for (const file of readdirSync(new URL(folder, root))) {
    for (const name of ['light', 'dark']) {
      for (const [width, height] of [[1200, 600], [640, 360], [360, 480]]) {
        const setting = { roles: theme[name], formats, family: 'Inter, sans-serif', size: 12, motion: false };
        const chart = echarts.init(null, themeOf(setting), { renderer: 'svg', ssr: true, width, height });
        chart.setOption(look(read(folder + file), setting));
        const svg = chart.renderToSVGString();
        chart.dispose();
        process.stdout.write(`${JSON.stringify({ name: `${board}/${file} ${name} ${width}`, width, height, ground: theme[name].surface, svg })}\n`);
      }
    }
  }
}
