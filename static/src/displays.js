// @ts-check
// Screens: a code is approved here, and each screen is listed with its last
// sign of life.

import { ask, part, tell } from './desk.js';
import { describe, tidyCode, words } from './desk-words.js';
import { h, put } from './dom.js';

document.documentElement.setAttribute('data-runs', ''); // old/away.js looks for it

const form = part('pair');
const code = part('code');
const name = part('name');
const wall = part('wall');
const said = part('pair-said');
const list = part('screens');
const listSaid = part('list-said');
const refreshEvery = 15_000;

/** The screen that is about to be unpaired, so that a refresh doesn't take the question away. */
let asking = '';

async function refresh() {
  const { ok, status, body, why } = await ask('/api/v1/displays');
  if (status === 401 || status === 403) {
    location.replace(`/login?next=${encodeURIComponent(location.pathname)}`);
    return;
  }
  if (!ok) {
    tell(listSaid, why, true);
    return;
  }
  if (listSaid.classList.contains('wrong')) tell(listSaid, '');
  if (!asking) draw(body.displays || []);
}

/** @param {any[]} screens */
function draw(screens) {
  part('none').hidden = screens.length > 0;
  const now = Date.now();
  const focus = document.activeElement && document.activeElement.getAttribute('data-id');
  put(list, ...screens.map((screen) => row(screen, now)));
  if (focus) {
    const again = /** @type {HTMLElement | null} */ (list.querySelector(`[data-id="${CSS.escape(focus)}"]`));
    if (again) again.focus();
  }
}

/**
 * @param {any} screen
 * @param {number} now
 */
function row(screen, now) {
  const { text, away } = describe(screen, now);
  const revoke = h('button', { class: 'button', type: 'button', 'data-id': screen.id, 'aria-label': words.revokeOf(screen.name) }, words.revoke);
  const li = h('li', {},
    h('div', { class: 'who' }, h('p', { class: 'name' }, screen.name), h('p', { class: away ? 'about away' : 'about' }, text)),
    revoke);
  revoke.addEventListener('click', () => {
    asking = screen.id;
    const sure = h('button', { class: 'button sure', type: 'button', onclick: () => unpair(screen) }, words.sure);
    const keep = h('button', { class: 'button', type: 'button', onclick: () => { asking = ''; refresh(); } }, words.keep);
    revoke.replaceWith(sure, keep);
    keep.focus();
  });
  return li;
}

/** @param {any} screen */
async function unpair(screen) {
  const { ok, status, why } = await ask(`/api/v1/displays/${encodeURIComponent(screen.id)}`, { method: 'DELETE' });
  asking = '';
  if (ok || status === 404) tell(listSaid, words.revoked(screen.name));
  else tell(listSaid, why, true);
  await refresh();
}

async function walls() {
  const { body } = await ask('/api/v1/walls');
  const known = (body && body.walls) || [];
  part('wall-field').hidden = known.length < 2;
  put(wall, ...known.map((/** @type {any} */ w) => h('option', { value: w.id }, w.id)));
}

code.addEventListener('input', () => {
  const tidy = tidyCode(code.value);
  if (code.selectionStart === code.value.length) code.value = tidy;
});

form.addEventListener('submit', async (/** @type {Event} */ e) => {
  e.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  const wanted = { user_code: tidyCode(code.value), name: name.value.trim(), wall: wall.value || '' };
  const { ok, why } = await ask('/api/v1/displays/approve', { method: 'POST', body: wanted });
  button.disabled = false;
  if (!ok) {
    tell(said, why, true);
    code.focus();
    return;
  }
  tell(said, words.paired(wanted.name));
  form.reset();
  code.focus();
  await refresh();
});

part('address').textContent = `${location.host}/wall`;
walls();
refresh();
setInterval(() => {
  if (!document.hidden) refresh();
}, refreshEvery);
