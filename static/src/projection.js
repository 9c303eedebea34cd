// Equal Earth (Šavrič, Patterson and Jenny, 2018): areas are true, so a big
// country doesn't shout louder than it should, and the shape is calm.

const A1 = 1.340264, A2 = -0.081106, A3 = 0.000893, A4 = 0.003796;
const M = Math.sqrt(3) / 2;
const RADIAN = Math.PI / 180;

/** Degrees to the plane; north is up, so y shrinks northwards. */
export function project(/** @type {number[]} */ [longitude, latitude]) {
  const t = Math.asin(M * Math.sin(latitude * RADIAN));
  const t2 = t * t, t6 = t2 * t2 * t2;
  const x = (longitude * RADIAN * Math.cos(t)) / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)));
  const y = t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2));
  return [x / RADIAN, -y / RADIAN];
}

/** The plane back to degrees. */
export function unproject(/** @type {number[]} */ [px, py]) {
  const x = px * RADIAN, y = -py * RADIAN;
  let t = y;
  for (let i = 0; i < 12; i++) {
    const t2 = t * t, t6 = t2 * t2 * t2;
    const f = t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2)) - y;
    const d = A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2);
    t -= f / d;
    if (Math.abs(f) < 1e-9) break;
  }
  const t2 = t * t, t6 = t2 * t2 * t2;
  const longitude = (M * x * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2))) / Math.cos(t);
  const latitude = Math.asin(Math.max(-1, Math.min(1, Math.sin(t) / M)));
  return [longitude / RADIAN, latitude / RADIAN];
}
