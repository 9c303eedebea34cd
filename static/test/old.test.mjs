import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import vm from 'node:vm';

const source = readFileSync(new URL('../src/old/away.js', import.meta.url), 'utf8');

/** A browser as away.js sees it, with what it can't do left out. */
function browser({ path = '/', search = '', still = '/still', says = '', lacks = [], runs = false, counted = null, storage = true } = {}) {
  const seen = { to: '', reloads: 0, said: [], kept: { 'agora-failed': counted } };
  const listeners = {};
  const attributes = { 'data-still': still || null, 'data-says': says || null };
  const page = {
    Promise, Intl, Object: Object.create(Object), Array: { prototype: { flatMap() {} } }, String,
    fetch() {}, EventSource() {}, CSS: { supports: () => !lacks.includes('min()') },
    location: { pathname: path, search, replace: (to) => { seen.to = to; }, reload: () => { seen.reloads++; } },
    setTimeout: (f) => f(), Number, RegExp,
    document: {
      documentElement: { getAttribute: () => (runs ? '' : null) },
      getElementById: () => ({ getAttribute: (name) => attributes[name] }),
      createElement: (name) => (name === 'script' && !lacks.includes('modules') ? { noModule: false } : { appendChild: (n) => seen.said.push(n) }),
      createTextNode: (text) => text,
      body: { insertBefore() {}, firstChild: null },
    },
    addEventListener: (name, f) => { listeners[name] = f; },
    sessionStorage: {
      getItem: (k) => { if (!storage) throw new Error('no storage'); return seen.kept[k]; },
      setItem: (k, v) => { seen.kept[k] = v; },
      removeItem: (k) => { delete seen.kept[k]; },
    },
  };
  for (const name of ['fetch', 'EventSource', 'CSS', 'addEventListener']) if (lacks.includes(name)) delete page[name];
  if (lacks.includes('flatMap')) page.Array = { prototype: {} };
  page.window = page;
  vm.runInNewContext(source, page);
  return { ...seen, get now() { return seen; }, listeners };
}

test('a browser that can’t show the page is sent on to the same of the server’s', () => {
  assert.equal(browser({ lacks: ['modules', 'addEventListener', 'fetch'], search: '?brand=nokia&window=7d' }).to, '/still?brand=nokia&window=7d');
  assert.equal(browser({ lacks: ['flatMap'], path: '/wall/map', search: '?id=lobby', still: '/still/wall' }).to, '/still/wall/map?id=lobby');
  assert.equal(browser({ lacks: ['min()'], path: '/wall', still: '/still/wall' }).to, '/still/wall');
  assert.equal(browser({ lacks: ['EventSource'], path: '/login', search: '?next=%2F' }).to, '/still');
  for (const lacks of ['fetch', 'CSS', 'modules']) assert.equal(browser({ lacks: [lacks] }).to, '/still', lacks);
});

test('a page that has no old twin says so, and sends nobody anywhere', () => {
  const b = browser({ lacks: ['modules'], still: '', says: 'A newer browser is needed.' });
  assert.equal(b.to, '');
  assert.deepEqual(b.said, ['A newer browser is needed.']);
});

test('a good browser stays', () => {
  const b = browser({ runs: true, counted: '2' });
  b.listeners.error({ message: 'Uncaught SyntaxError: of something else' });
  b.listeners.load();
  assert.equal(b.now.to, '');
  assert.equal(b.now.reloads, 0);
  assert.equal(b.now.kept['agora-failed'], undefined);
});

test('one that can’t read the script is sent on', () => {
  const b = browser();
  b.listeners.error({ message: 'Uncaught SyntaxError: Unexpected token' });
  assert.equal(b.now.to, '/still');
});

test('a script that doesn’t come is asked for three times, and then the page gives up', () => {
  for (const [counted, reloads, to] of [[null, 1, ''], ['1', 1, ''], ['2', 0, '/still?after=failure']]) {
    const b = browser({ counted });
    b.listeners.load();
    assert.equal(b.now.reloads, reloads);
    assert.equal(b.now.to, to);
  }
  const forgetful = browser({ storage: false, search: '?brand=nokia' });
  forgetful.listeners.load();
  assert.equal(forgetful.now.reloads, 0);
  assert.equal(forgetful.now.to, '/still?brand=nokia&after=failure');
});

test('the scripts for old browsers have no word that those can’t read', () => {
  for (const name of ['away', 'reload']) {
    const text = readFileSync(new URL(`../src/old/${name}.js`, import.meta.url), 'utf8').replace(/\/\/.*$/gm, '');
    for (const word of [/\b(let|const|class|async|await|import|export)\b/, /=>/, /`/, /\?\./, /\?\?/, /\.\.\./, /\.(forEach|map|filter|trim|bind|includes|padStart|classList|dataset|querySelector\w*)\(/, /,\s*[}\])]/, /\bJSON\b/]) {
      assert.doesNotMatch(text, word, `${name}: ${word}`);
    }
  }
});
