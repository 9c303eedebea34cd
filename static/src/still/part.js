// A part of a path that is never drawn by itself, and so has none of what
// zrender's shapes have for that (build/stills.mjs).
import { buildPath } from 'zrender/lib/graphic/helper/poly.js';

export class Part {
  /** @param {{shape: {points: number[][]}}} props */
  constructor({ shape }) {
    this.shape = shape;
    this.path = Part;
  }

  /** @param {any} pen @param {{points: number[][]}} shape */
  buildPath(pen, shape) {
    buildPath(pen, shape, true);
  }

  shapeChanged() {
    return false;
  }

  pathUpdated() {}

  static setScale() {}
}
