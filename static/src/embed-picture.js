// @ts-check
// One chart as a picture in a frame on another site: as large as the frame, and
// asked for anew each minute. What is shown stays when that fails. No module, so
// that browsers which know none have it too.
(function () {
  var every = 60000; // ms
  var about = document.body.dataset;
  var frame = document.getElementById('frame');
  var mark = document.getElementById('mark');
  var heading = document.getElementById('title');
  if (!frame || !mark || !heading) return;
  mark.textContent = ''; // what stands there is for browsers without scripts
  var began = Date.now();
  var offset = Number(about.now) - began; // of the server's clock
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  /** @type {HTMLImageElement | undefined} */
  var shown;
  var drawnAt = 0; // by the server's clock
  var asked = 0; // answers to older questions are void
  /** @type {any} */
  var later;

  /** @param {number} ms */
  function clock(ms) {
    var wish = /** @type {any} */ ({ hour: '2-digit', minute: '2-digit', hour12: false, timeZone: about.zone });
    try {
      return new Date(ms).toLocaleTimeString('en-GB', wish);
    } catch (unknown) {
      wish.timeZone = 'UTC';
      return new Date(ms).toLocaleTimeString('en-GB', wish);
    }
  }

  /** @param {string} text @param {boolean} stale */
  function tell(text, stale) {
    if (!mark) return;
    // What passes each minute isn't read aloud; what is wrong is.
    if (stale) mark.setAttribute('role', 'status');
    else mark.removeAttribute('role');
    if (mark.textContent !== text) mark.textContent = text;
    mark.className = stale ? 'warns' : '';
    if (shown) shown.className = stale ? 'stale' : '';
  }

  function ask() {
    clearTimeout(later);
    if (!frame) return;
    // Steps of 8 pixels let frames of about one size share a picture.
    var width = Math.min(4096, Math.max(56, Math.floor(frame.clientWidth / 8) * 8));
    var height = Math.min(4096, Math.max(56, Math.floor(frame.clientHeight / 8) * 8));
    var scale = (window.devicePixelRatio || 1) > 1 && width * height < 2000000 ? 2 : 1;
    var theme = document.documentElement.getAttribute('data-theme') || (dark.matches ? 'dark' : 'light');
    var turn = ++asked;
    // An image of an address that the page had before isn't asked for again:
    // so the picture is, and then shown.
    var request = new XMLHttpRequest();
    request.open('GET', about.picture + '&width=' + width + '&height=' + height + '&scale=' + scale + '&theme=' + theme);
    request.responseType = 'blob';
    request.timeout = every;
    request.onload = function () {
      if (turn !== asked) return;
      if (request.status === 200) read(request.response, turn, Date.parse(request.getResponseHeader('Date') || ''));
      else fail(request.status === 401 || request.status === 403);
    };
    request.onerror = request.ontimeout = function () { if (turn === asked) fail(false); };
    request.send();
  }

  /** @param {boolean} denied */
  function fail(denied) {
    tell(denied ? 'This chart is shared here no more' : shown ? 'No new picture since ' + clock(drawnAt) : 'The picture can’t be had right now', true);
    later = setTimeout(ask, denied ? every : every / 4);
  }

  /** @param {Blob} blob @param {number} turn @param {number} at */
  function read(blob, turn, at) {
    var reader = new FileReader();
    reader.onload = function () {
      if (turn !== asked) return;
      if (!shown && frame) {
        shown = new Image();
        shown.alt = heading ? heading.textContent || '' : '';
        frame.appendChild(shown);
      }
      if (shown) shown.src = String(reader.result);
      drawnAt = at || Date.now() + offset;
      tell('As of ' + clock(drawnAt), false);
      later = setTimeout(ask, every);
    };
    reader.readAsDataURL(blob);
  }

  /** @type {any} */
  var settling;
  window.addEventListener('resize', function () {
    clearTimeout(settling);
    settling = setTimeout(ask, 400);
  });
  if (dark.addListener) dark.addListener(ask);
  document.addEventListener('visibilitychange', function () { if (!document.hidden && Date.now() + offset - drawnAt > every) ask(); });
  ask();
})();
