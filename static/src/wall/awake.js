// @ts-check
// Asks the system not to put the screen to sleep, where it can be asked.

/** @returns {() => void} ends it */
export function keepAwake() {
  const lock = /** @type {any} */ (navigator).wakeLock;
  if (!lock) return () => {};
  /** @type {any} */
  let held = null;
  let over = false;

  async function hold() {
    // The system takes the lock back whenever the page is hidden.
    if (over || document.visibilityState !== 'visible' || (held && !held.released)) return;
    try {
      held = await lock.request('screen');
      if (over) held.release();
    } catch {
      // Refused, as on battery: the screen's own settings decide.
    }
  }

  document.addEventListener('visibilitychange', hold);
  hold();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', hold);
    if (held) held.release();
  };
}
