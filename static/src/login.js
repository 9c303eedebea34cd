// @ts-check
// The admin token becomes a session, and the reader goes where they wanted.

import { ask, part, tell } from './desk.js';
import { destination } from './desk-words.js';

document.documentElement.setAttribute('data-runs', ''); // old/away.js looks for it

const form = part('login');
const token = part('token');
const said = part('said');

form.addEventListener('submit', async (/** @type {Event} */ e) => {
  e.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  tell(said, '');
  const { ok, why } = await ask('/api/v1/session', { method: 'POST', body: { token: token.value.trim() } });
  button.disabled = false;
  if (ok) {
    location.replace(destination(location.search));
    return;
  }
  tell(said, why, true);
  token.select();
  token.focus();
});
token.focus();
