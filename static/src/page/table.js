// @ts-check
// A chart as a table: the keyboard's and the screen reader's way to the same
// rows, and to the mentions behind each of them.
import { h, put } from '../dom.js';
import { words } from '../words.js';
import { count, moment, percent, signed } from '../format.js';

const most = 300; // rows; all of them are in the CSV

/**
 * @typedef {object} Table as /charts/{id}.json has it
 * @property {string} title
 * @property {{key: string, title: string, kind: string}[]} columns
 * @property {{key: string, cells: any[], filter: Record<string, string> | null}[]} rows
 * @property {string[]} notes
 */

/** @param {any} cell @param {string} kind */
function inWords(cell, kind) {
  if (cell === null || cell === undefined || cell === '') return '–';
  switch (kind) {
    case 'time': return moment(String(cell));
    case 'count': return count(Number(cell));
    case 'mood': return signed(Number(cell));
    case 'share': return percent(Number(cell));
    case 'number': return String(Math.round(Number(cell) * 100) / 100);
    default: return String(cell);
  }
}

/**
 * @param {HTMLElement} box
 * @param {Table} table
 * @param {(filter: Record<string, string>) => void} onPick
 */
export function drawTable(box, table, onPick) {
  const numeric = table.columns.map((c) => c.kind !== 'text' && c.kind !== 'time');
  // A long table begins with what is newest; a time table comes oldest first.
  const byTime = table.columns.length > 0 && table.columns[0].kind === 'time';
  const rows = (byTime ? [...table.rows].reverse() : table.rows).slice(0, most);
  if (!rows.length) {
    put(box, h('p', { class: 'nothing' }, words.noRows));
    return;
  }
  put(box, h('table', {},
    h('caption', { class: 'unseen' }, words.tableOf(table.title)),
    h('thead', {}, h('tr', {}, ...table.columns.map((c, i) => h('th', { scope: 'col', class: numeric[i] ? 'number' : null }, c.title)))),
    h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.cells.map((cell, i) => {
      const text = inWords(cell, table.columns[i].kind);
      if (i > 0) return h('td', { class: numeric[i] ? 'number' : null, dir: numeric[i] ? null : 'auto' }, text);
      const filter = row.filter;
      return h('th', { scope: 'row', dir: 'auto' }, filter ? h('button', { type: 'button', class: 'link', onclick: () => onPick(filter) }, text) : text);
    }))))));
}
