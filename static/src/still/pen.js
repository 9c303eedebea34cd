// Writes the path of an element. For a page, ECharts keeps the commands of a
// path, to draw them again, point at them and let them grow; a still writes
// each path once, straight from its shape. What is left out and rounded here is
// what zrender leaves out and rounds (core/PathProxy.js, svg/SVGPathRebuilder.js).
import { normalizeArcAngles } from 'zrender/lib/core/PathProxy.js';

const turn = Math.PI * 2;
const degree = 180 / Math.PI;
const nought = (/** @type {number} */ v) => v < 1e-4 && v > -1e-4;
const angles = [0, 0];

class Pen {
  constructor(/** @type {number} */ precision) {
    this.mul = 10 ** precision;
    /** @type {string[]} */
    this.out = [];
    this.fresh = true; // a path or a part of one begins
    this.broken = false; // it holds what is no number, so nothing of it is drawn
    this.first = true;
    this.x = this.y = this.x0 = this.y0 = 0;
  }

  /** A number of the path, as text. */
  text(/** @type {number} */ v) {
    const n = Math.round(v * this.mul) / this.mul;
    if (n < 1e7 && n > -1e7) return n;
    if (Number.isNaN(n)) this.broken = true;
    else throw new Error(`the chart would be drawn at ${v}`);
    return 0;
  }

  /** The first command says where a path begins, whatever it is. */
  start(/** @type {number} */ x, /** @type {number} */ y) {
    this.first = false;
    this.x = this.x0 = x;
    this.y = this.y0 = y;
  }

  moveTo(/** @type {number} */ x, /** @type {number} */ y) {
    this.first = this.fresh = false;
    this.x = this.x0 = x;
    this.y = this.y0 = y;
    this.out.push('M' + this.text(x) + ' ' + this.text(y));
  }

  lineTo(/** @type {number} */ x, /** @type {number} */ y) {
    if (this.first) this.start(x, y);
    const dx = x - this.x, dy = y - this.y;
    if (!(dx > 0 || dx < 0 || dy > 0 || dy < 0)) return;
    this.x = x;
    this.y = y;
    this.fresh = false;
    this.out.push('L' + this.text(x) + ' ' + this.text(y));
  }

  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {number} x @param {number} y */
  bezierCurveTo(x1, y1, x2, y2, x, y) {
    if (this.first) this.start(x1, y1);
    this.x = x;
    this.y = y;
    this.fresh = false;
    this.out.push(`C${this.text(x1)} ${this.text(y1)} ${this.text(x2)} ${this.text(y2)} ${this.text(x)} ${this.text(y)}`);
  }

  /** @param {number} x1 @param {number} y1 @param {number} x @param {number} y */
  quadraticCurveTo(x1, y1, x, y) {
    if (this.first) this.start(x1, y1);
    this.x = x;
    this.y = y;
    this.fresh = false;
    this.out.push(`Q${this.text(x1)} ${this.text(y1)} ${this.text(x)} ${this.text(y)}`);
  }

  /** @param {number} cx @param {number} cy @param {number} r @param {number} from @param {number} to @param {boolean} [back] */
  arc(cx, cy, r, from, to, back) {
    angles[0] = from;
    angles[1] = to;
    normalizeArcAngles(angles, !!back);
    this.ellipse(cx, cy, r, r, 0, angles[0], angles[0] + (angles[1] - angles[0]), back);
  }

  /** @param {number} cx @param {number} cy @param {number} rx @param {number} ry @param {number} psi @param {number} from @param {number} to @param {boolean} [back] */
  ellipse(cx, cy, rx, ry, psi, from, to, back) {
    const angle = to - from;
    const wide = Math.abs(angle);
    const whole = nought(wide - turn) || (back ? -angle >= turn : angle >= turn);
    const large = whole || (!nought(wide) && ((angle > 0 ? angle % turn : (angle % turn) + turn) >= Math.PI) === !back);
    const x0 = cx + rx * Math.cos(from), y0 = cy + ry * Math.sin(from);
    if (this.fresh) this.out.push(`M${this.text(x0)} ${this.text(y0)}`);
    this.fresh = false;
    if (this.first) {
      this.first = false;
      this.x0 = x0;
      this.y0 = y0;
    }
    const head = `A${this.text(rx)} ${this.text(ry)} ${this.text(Math.round(psi * degree))} `;
    const sweep = back ? 0 : 1;
    this.x = cx + rx * Math.cos(to);
    this.y = cy + ry * Math.sin(to);
    if (!whole) {
      this.out.push(`${head}${large ? 1 : 0} ${sweep} ${this.text(this.x)} ${this.text(this.y)}`);
      return;
    }
    const p = 1 / this.mul;
    const almost = from + (back ? -1 : 1) * (turn - p);
    this.out.push(`${head}1 ${sweep} ${this.text(cx + rx * Math.cos(almost))} ${this.text(cy + ry * Math.sin(almost))}`);
    if (p > 0.01) this.out.push(`${head}0 ${sweep} ${this.text(x0)} ${this.text(y0)}`);
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  rect(x, y, w, h) {
    this.start(x, y);
    this.fresh = true;
    this.out.push('M' + this.text(x) + ' ' + this.text(y) + 'l' + this.text(w) + ' 0l0 ' + this.text(h) + 'l' + this.text(-w) + ' 0Z');
  }

  /**
   * A rectangle with round corners, all alike.
   * @param {number} x @param {number} y @param {number} w @param {number} h @param {number} r
   */
  round(x, y, w, h, r) {
    if (w < 0) {
      x += w;
      w = -w;
    }
    if (h < 0) {
      y += h;
      h = -h;
    }
    r = Math.min(r, w / 2, h / 2);
    const left = this.text(x), top = this.text(y), right = this.text(x + w), bottom = this.text(y + h);
    const from = this.text(x + r), to = this.text(x + w - r), high = this.text(y + r), low = this.text(y + h - r);
    const corner = 'A' + this.text(r) + ' ' + this.text(r) + ' 0 0 1 ';
    this.out.push('M' + from + ' ' + top + (w > 2 * r ? 'L' + to + ' ' + top : '') + corner + right + ' ' + high
      + (h > 2 * r ? 'L' + right + ' ' + low : '') + corner + to + ' ' + bottom
      + (w > 2 * r ? 'L' + from + ' ' + bottom : '') + corner + left + ' ' + low
      + (h > 2 * r ? 'L' + left + ' ' + high : '') + corner + from + ' ' + top + 'Z');
  }

  closePath() {
    this.first = false;
    this.x = this.x0;
    this.y = this.y0;
    if (!this.out.length) return;
    this.fresh = true;
    this.out.push('Z');
  }
}

/**
 * The bars of a series, one behind the other. All are of one width.
 * @param {Pen} pen
 * @param {any} el ECharts' path of many bars
 */
function bars(pen, { baseDimIdx, barWidth, shape: { points } }) {
  const { out, mul } = pen;
  const { round } = Math;
  const text = (/** @type {number} */ v) => {
    const n = round(v * mul) / mul;
    return n < 1e7 && n > -1e7 ? n : pen.text(v);
  };
  const wide = text(barWidth), back = text(-barWidth);
  for (let i = 0; i < points.length; i += 3) {
    const size = points[i + 2];
    out.push('M' + text(points[i]) + ' ' + text(points[i + 1]) + (baseDimIdx
      ? 'l' + text(size) + ' 0l0 ' + wide + 'l' + text(-size) + ' 0Z'
      : 'l' + wide + ' 0l0 ' + text(size) + 'l' + back + ' 0Z'));
  }
}

/**
 * The path of an element, as text.
 * @param {any} el
 * @param {number} precision digits after the point
 * @returns {string} empty where it holds what is no number
 */
export function pathOf(el, precision) {
  if (el.outlined) return ''; // another path stands in its place
  const { over } = el; // what it is drawn over, in the same shape
  if (over && over.written && over.written.precision === precision) return over.written.path;
  const pen = new Pen(precision);
  const { x, y, width, height, r } = el.shape;
  if (el.type === 'rect' && typeof r === 'number' && r > 0 && width && height && !el.subPixelOptimize) pen.round(x, y, width, height, r);
  else if (el.type === 'largeBar') bars(pen, el);
  else el.buildPath(pen, el.shape);
  const path = pen.broken ? '' : pen.out.join('');
  if (el._decalEl) el.written = { precision, path };
  return path;
}
