// @ts-check
// The page on which queries are tried: a query, the one in force beside it, and
// what they find in the texts of the last days.
import { ask, part, tell } from '../desk.js';
import { h, icon, put, say } from '../dom.js';
import { count } from '../format.js';
import { fullTime } from '../page/say.js';
import { copy } from '../page/take.js';
import * as theme from '../page/theme.js';
import { pointed, snippet } from './marks.js';
import { makeResult } from './result.js';
import { language, spans, spansShort, words } from './words.js';

document.documentElement.setAttribute('data-runs', ''); // old/away.js looks for it

const testPath = '/api/v1/queries/test';
const backfillPath = '/api/v1/queries/backfill';
const backfillEvery = 1_000; // ms, while one is under way
const brandsEvery = 10_000; // agora.yaml may have been saved

const form = part('form');
const field = part('query');
const under = part('under');
const brandField = part('brand');
const said = part('said');
const button = part('try');
const result = part('result');
const after = part('after');

/** @type {any[]} */
let brands = [];
let zone = 'UTC';
let span = '7d';
let list = 'matches';
/** @type {any} */
let shown; // the answer on the page
let busy = false;

const asked = new URLSearchParams(location.search);
if (spans[asked.get('window') || '']) span = /** @type {string} */ (asked.get('window'));

const brand = () => brands.find((b) => b.id === brandField.value);

function login() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

function remember() {
  const q = new URLSearchParams();
  if (brandField.value) q.set('brand', brandField.value);
  if (field.value.trim()) q.set('q', field.value);
  if (span !== '7d') q.set('window', span);
  history.replaceState(null, '', `${location.pathname}?${q}`);
  part('home').href = brandField.value ? `/?brand=${encodeURIComponent(brandField.value)}` : '/';
}

/** Draws the text under the field's own, with what is wrong underlined. @param {number} [column] */
function underline(column) {
  if (!column) {
    put(under);
    field.removeAttribute('aria-invalid');
    return;
  }
  const [before, bad, behind] = pointed(field.value, column);
  put(under, before, h('span', { class: 'bad' }, bad || '\u00a0'), behind, '\n');
  under.scrollTop = field.scrollTop;
  field.setAttribute('aria-invalid', 'true');
}

/** @param {boolean} on */
function working(on) {
  busy = on;
  button.setAttribute('aria-disabled', String(on));
  part('found').classList.toggle('changing', on);
}

/** @param {object} more @returns {object} */
function question(more) {
  return { query: field.value, brand: brandField.value, window: span, limit: 20, ...more };
}

async function test() {
  if (busy) return;
  underline();
  if (!field.value.trim()) {
    tell(said, words.noQuery, true);
    field.focus();
    return;
  }
  remember();
  working(true);
  tell(said, words.trying);
  const wish = question({});
  const { ok, status, body, why } = await ask(testPath, { method: 'POST', body: wish });
  working(false);
  if (status === 401 || status === 403) return login();
  if (!ok) {
    const column = body && body.column;
    tell(said, why, true);
    if (column) {
      underline(column);
      const [before, bad] = pointed(field.value, column);
      field.focus();
      field.setSelectionRange(before.length, before.length + bad.length);
    }
    return;
  }
  tell(said, '');
  shown = { ...body, window: span, wish };
  draw();
  if (matchMedia('(max-width: 75em)').matches) part('found').scrollIntoView({ block: 'start', behavior: 'smooth' });
}

function draw() {
  put(result, makeResult(shown, {
    brands, list,
    onList: (name) => { list = name; },
    more: (name, cursor) => ask(testPath, { method: 'POST', body: { ...shown.wish, list: name, cursor } }),
  }));
  drawAfter();
}

/** How far a backfill is, by brand. @type {Record<string, any>} */
let backfills = {};

function drawAfter() {
  const own = brand();
  after.hidden = !own;
  if (!own) return;
  const inForce = field.value.trim() === own.query.trim();
  const text = snippet(own, field.value.trim() || own.query);
  const copied = h('span', { class: 'hint', role: 'status' });
  const pre = h('pre', { tabindex: '0' }, text);
  const tried = shown && shown.query.trim() === field.value.trim();
  const use = !inForce && !tried ? h('p', { class: 'hint' }, words.useFirst) : inForce ? h('p', { class: 'hint' }, words.inForce(own.name)) : h('div', {},
    h('p', { class: 'hint' }, words.useHint), pre,
    h('p', { class: 'row' }, h('button', { type: 'button', class: 'button', onclick: async () => say(copied, (await copy(text)) ? words.copied : words.notCopied) }, words.copy), copied));
  const b = backfills[own.id];
  const running = b && (b.state === 'running' || b.state === 'waiting');
  const start = h('button', { type: 'button', class: 'button', id: 'backfill', 'aria-disabled': String(Boolean(running)), onclick: () => backfill(own) }, words.back(own.name));
  const had = document.activeElement && document.activeElement.id;
  put(after,
    h('h3', {}, words.useTitle), use,
    h('h3', {}, words.backTitle), h('p', { class: 'hint' }, words.backHint(own.name)), !inForce && h('p', { class: 'hint' }, words.backFirst),
    h('p', { class: 'row' }, start),
    h('p', { class: b && b.state === 'failed' ? 'said wrong' : 'said', id: 'backfill-said', role: 'status' }, backfillWords(b)));
  if (had === 'backfill') start.focus();
}

/** @param {any} b */
function backfillWords(b) {
  if (!b) return '';
  if (b.state === 'waiting') return words.backWaiting;
  if (b.state === 'running') return words.backRunning(count(b.matched), count(b.accepted));
  return b.state === 'failed' ? b.error : words.backDone(b, count);
}

/** @param {any} own */
async function backfill(own) {
  const now = backfills[own.id];
  if (now && (now.state === 'running' || now.state === 'waiting')) return;
  const { ok, status, body, why } = await ask(backfillPath, { method: 'POST', body: { brand: own.id } });
  if (status === 401 || status === 403) return login();
  backfills[own.id] = ok ? body : { state: 'failed', error: why };
  drawAfter();
  if (ok) follow();
}

let following = 0;
async function follow() {
  clearTimeout(following);
  const { ok, body } = await ask(backfillPath);
  if (ok) for (const b of body.backfills) backfills[b.brand] = b;
  const own = brand();
  const b = own && backfills[own.id];
  const where = document.getElementById('backfill-said');
  if (where && b) {
    say(where, backfillWords(b));
    where.classList.toggle('wrong', b.state === 'failed');
    const start = document.getElementById('backfill');
    if (start) start.setAttribute('aria-disabled', String(b.state === 'running' || b.state === 'waiting'));
  }
  if (Object.values(backfills).some((x) => x.state === 'running' || x.state === 'waiting')) following = window.setTimeout(follow, backfillEvery);
}

function drawForce() {
  const own = brand();
  part('force').hidden = !own;
  if (own) say(part('in-force'), own.query);
  drawAfter();
}

/** What texts there are, before anything is asked. */
async function drawStart() {
  const first = brands[0];
  put(result, h('div', { class: 'start' }, h('p', { class: 'lead' }, words.start), h('p', { class: 'hint' }, words.startHint)));
  if (!first) return;
  const { ok, body, why } = await ask(testPath, { method: 'POST', body: { query: first.query, window: '1h', limit: 1 } });
  if (shown || busy) return;
  const c = ok && body.coverage;
  put(result, h('div', { class: 'start' }, h('p', { class: 'lead' }, words.start), h('p', { class: 'hint' }, words.startHint),
    h('p', { class: 'hint' }, !ok ? why : c.from ? words.startYoung(fullTime(c.from, zone)) : words.startNew)));
}

/** @param {boolean} first */
async function loadBrands(first) {
  const { ok, status, body, why } = await ask('/api/v1/brands');
  if (status === 401 || status === 403) return login();
  if (!ok) {
    if (first) {
      tell(said, words.cantLoad(why), true);
      setTimeout(() => loadBrands(true), 3000);
    }
    return;
  }
  const before = JSON.stringify(brands);
  brands = body.brands;
  zone = body.timezone || 'UTC';
  if (JSON.stringify(brands) === before) return;
  const chosen = first ? asked.get('brand') : brandField.value;
  put(brandField, ...brands.map((b) => h('option', { value: b.id }, b.name)), h('option', { value: '' }, words.nobody));
  brandField.value = chosen !== null && (chosen === '' || brands.some((b) => b.id === chosen)) ? chosen : brands.length ? brands[0].id : '';
  if (first) {
    tell(said, '');
    const own = brand();
    field.value = asked.get('q') || (own ? own.query : '');
    fit();
    if (asked.get('q')) test();
    else drawStart();
    follow();
  }
  drawForce();
  remember();
}

/** The field is as high as its text, within reason. */
function fit() {
  field.style.height = 'auto';
  field.style.height = `${Math.min(field.scrollHeight + 2, 400)}px`;
}

function drawTheme() {
  const to = theme.current() === 'dark' ? words.toLight : words.toDark;
  const el = part('theme-button');
  el.setAttribute('aria-label', to);
  el.title = to;
  put(el, icon(theme.current() === 'dark' ? 'M8 4.800a3.200 3.200 0 1 0 0 6.400 3.200 3.200 0 0 0 0-6.400zM8 1v1.200M8 13.800V15M1 8h1.200M13.800 8H15M3 3l.9.9M12.100 12.100l.9.9M3 13l.9-.9M12.100 3.900l.9-.9' : 'M13.500 9.500A5.800 5.800 0 0 1 6.500 2.500a5.800 5.800 0 1 0 7 7z'));
}

put(part('language'), ...language.flatMap(([example, meaning]) => [
  h('dt', {}, h('button', { type: 'button', class: 'link', onclick: () => { field.value = example; underline(); fit(); drawAfter(); field.focus(); } }, example)),
  h('dd', {}, meaning)]));
const choices = Object.keys(spans).map((w) => h('button', { type: 'button', 'aria-pressed': String(w === span), onclick: () => {
  span = w;
  choices.forEach((el, i) => el.setAttribute('aria-pressed', String(Object.keys(spans)[i] === w)));
  if (shown) test();
} }, spansShort[w]));
put(part('windows'), ...choices);

form.addEventListener('submit', (/** @type {Event} */ e) => { e.preventDefault(); test(); });
field.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
  if (e.key === 'Enter' && !e.shiftKey) { // a query is one line, however long
    e.preventDefault();
    test();
  }
});
field.addEventListener('input', () => { underline(); tell(said, ''); fit(); drawAfter(); });
field.addEventListener('scroll', () => { under.scrollTop = field.scrollTop; });
brandField.addEventListener('change', () => {
  const own = brand();
  if (own && (!field.value.trim() || brands.some((b) => b.query === field.value))) { field.value = own.query; fit(); }
  list = 'matches';
  underline();
  remember();
  drawForce();
  if (shown) test();
});
part('reset').addEventListener('click', () => { const own = brand(); if (own) { field.value = own.query; underline(); fit(); drawAfter(); field.focus(); } });
part('theme-button').addEventListener('click', theme.toggle);
theme.watch(drawTheme);
drawTheme();
loadBrands(true);
setInterval(() => { if (!document.hidden) loadBrands(false); }, brandsEvery);
addEventListener('focus', () => loadBrands(false));
