// @ts-check
// One live chart in a frame on another site.
import { mount } from './chart.js';
import { say } from './dom.js';
import { hasPoints, inMode } from './drawn.js';
import { silence } from './silence.js';
import { connect } from './stream.js';
import { clockTime } from './time-words.js';
import { embedWords, mapModes, words } from './words.js';

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const { chart: id = '', view = '', place = '', key = '', zone = 'UTC' } = document.body.dataset;
const title = byId('title').textContent || '';
const el = byId('chart');
const nothing = byId('nothing');
const mark = byId('mark');
const chart = mount(el, { kind: id, title });

/** @type {any} */
let status;
let asOf = '';
let link = { state: 'connecting', since: Date.now() };

/** @param {any} shown the view, as the stream has it */
function draw(shown) {
  const given = shown && shown.charts && shown.charts[id];
  if (!given) return;
  const { option, empty } = place ? inMode(given, place, Object.keys(mapModes)) : { option: given, empty: !hasPoints(given) };
  const said = empty ? words.chartEmptyOf[place || id] || words.chartEmpty : '';
  nothing.hidden = !said;
  say(nothing, said);
  el.classList.toggle('faded', Boolean(said));
  chart.set(option);
  asOf = (shown.totals && shown.totals.as_of) || asOf;
  drawMark();
}

function drawMark() {
  const now = stream ? stream.now() : Date.now();
  let text = embedWords.revoked;
  let stale = link.state === 'denied';
  if (!stale) {
    // Nobody talking is no reason to doubt a chart.
    const silent = silence({ link, status, lastMention: now, now, timezone: zone });
    stale = silent.stale;
    text = stale ? silent.sentence : asOf ? embedWords.asOf(clockTime(Date.parse(asOf), now, zone)) : embedWords.waiting;
  }
  // What passes each minute isn't read aloud; what is wrong is.
  if (stale) mark.setAttribute('role', 'status');
  else mark.removeAttribute('role');
  say(mark, text);
  mark.title = text;
  mark.className = stale ? 'warns' : '';
  el.classList.toggle('stale', stale);
}

/** @type {ReturnType<typeof connect> | undefined} */
let stream;
stream = connect({
  views: [view],
  charts: [id],
  key,
  probe: location.pathname + location.search,
  restWhenHidden: true,
  on: {
    snapshot: (views) => draw(views[view]),
    delta: (_, views) => draw(views[view]),
    status(told) { status = told; drawMark(); },
    link(told) { link = told; drawMark(); },
  },
});
drawMark();
setInterval(drawMark, 1000);
