// @ts-check
// Which mentions share a row: those that tell the same story. Pure.

/** What a row is known by: its story, if it has one. @param {any} m a mention */
export const rowOf = (m) => m.story || m.id;

/** The first of each row. @param {any[]} mentions @returns {any[]} */
export function onePerRow(mentions) {
  const rows = new Set();
  return mentions.filter((m) => {
    const row = rowOf(m);
    if (rows.has(row)) return false;
    rows.add(row);
    return true;
  });
}
