// @ts-check
// Runs before the first paint: puts a remembered choice of colours in force, so
// that a dark page never flashes white. A script of its own, since the page's
// policy allows none inside the page.
try {
  const chosen = localStorage.getItem('agora-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // No storage, nothing remembered.
}
