// Methods of zrender's elements that are called for each of them, many times
// over, without the calls in between (build/stills.mjs).

const most = 5e-5, least = -5e-5; // what zrender takes for nought

/** @this {any} */
export function needLocalTransform() {
  let v = this.x;
  if (v > most || v < least) return true;
  v = this.y;
  if (v > most || v < least) return true;
  v = this.rotation;
  if (v > most || v < least) return true;
  v = this.scaleX - 1;
  if (v > most || v < least) return true;
  v = this.scaleY - 1;
  if (v > most || v < least) return true;
  v = this.skewX;
  if (v > most || v < least) return true;
  v = this.skewY;
  return v > most || v < least;
}

/**
 * Places one as another is.
 * @param {any} target
 * @param {any} source
 */
export function copyTransform(target, source) {
  target.x = source.x;
  target.y = source.y;
  target.originX = source.originX;
  target.originY = source.originY;
  target.anchorX = source.anchorX;
  target.anchorY = source.anchorY;
  target.rotation = source.rotation;
  target.scaleX = source.scaleX;
  target.scaleY = source.scaleY;
  target.skewX = source.skewX;
  target.skewY = source.skewY;
  return target;
}
