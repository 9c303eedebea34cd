// A picture is drawn at once: what ECharts puts off for later (a frame, a
// cleaning up) never comes, and isn't kept.
const host = /** @type {any} */ (globalThis);
host.setTimeout = host.setInterval = host.requestAnimationFrame = () => 0;
host.clearTimeout = host.clearInterval = host.cancelAnimationFrame = () => {};
const silent = () => {};
host.console = { log: silent, warn: silent, error: silent };
