// @ts-nocheck: types would be longer than the code, in the words that it may use.
// Sends a browser that is too old for a live page on to the one that the server
// draws. The only script of the live pages that every browser can read: ES3,
// and no word that came later. Where it sends a browser on to never sends it
// back, except for one that failed for want of a file, after a long while.
(function () {
  var self = document.getElementById('away');
  var still = self && self.getAttribute('data-still');
  var counted = 'agora-failed';
  var again = 5000; // milliseconds until a page that failed is tried again
  var most = 3; // times
  var says = self && self.getAttribute('data-says'); // where there is nothing to send it on to
  if (!still && !says) return;

  function say() {
    var p = document.createElement('p');
    p.className = 'desk';
    p.appendChild(document.createTextNode(says));
    document.body.insertBefore(p, document.body.firstChild);
  }

  function away(why) {
    var to = still;
    var path = String(location.pathname);
    var search = String(location.search || '');
    var wall = /^\/wall\/([a-z]+)\/?$/.exec(path);
    if (!still) {
      if (document.body) say();
      else window.onload = say;
      return;
    }
    if (wall) to += '/' + wall[1];
    if (path === '/login') search = '';
    if (why) search += (search ? '&' : '?') + 'after=' + why;
    location.replace(to + search);
  }

  // What the live pages are made of: modules, and the youngest things in them.
  // Whoever has these can read the syntax, too.
  function able() {
    try {
      return 'noModule' in document.createElement('script') &&
        typeof Promise === 'function' && typeof fetch === 'function' && typeof EventSource === 'function' &&
        typeof Object.fromEntries === 'function' && typeof Array.prototype.flatMap === 'function' &&
        typeof String.prototype.matchAll === 'function' &&
        typeof Intl !== 'undefined' && typeof CSS !== 'undefined' && CSS.supports('width', 'min(1px, 2px)');
    } catch (e) {
      return false;
    }
  }

  function runs() {
    return document.documentElement.getAttribute('data-runs') !== null;
  }

  if (!able()) {
    away('');
    return;
  }

  window.addEventListener('error', function (e) {
    if (!runs() && e && /SyntaxError/.test(String(e.message))) away('');
  });

  // A file that could not be loaded is asked for again, before the page gives
  // up: a good browser with a bad moment stays here.
  window.addEventListener('load', function () {
    setTimeout(function () {
      var times;
      try {
        if (runs()) {
          sessionStorage.removeItem(counted);
          return;
        }
        times = Number(sessionStorage.getItem(counted)) + 1;
        sessionStorage.setItem(counted, String(times));
        if (times >= most) sessionStorage.removeItem(counted);
      } catch (e) {
        times = most; // nothing can be remembered
      }
      if (runs()) return;
      if (times >= most) away('failure');
      else location.reload();
    }, again);
  });
})();
