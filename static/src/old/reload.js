// @ts-nocheck: types would be longer than the code, in the words that it may use.
// Keeps the pictures of a page that the server draws fresh, in any browser that
// has script at all: ES3, and no word that came later. A new picture is loaded
// beside the old one, and takes its place once it is whole; where none comes,
// a mark over the old one says how old it is. Ages are counted here: nobody
// knows what the clock of an old television says.
(function () {
  var wall = document.getElementById('wall');
  var desk = document.getElementById('desk');
  var mark = document.getElementById('mark');
  var patience = 45000; // milliseconds that a picture may take
  var grace = 30; // seconds without a new picture, before a word is said
  var refusals = 3; // pictures refused by a server that answers, before the page is loaded anew
  var backAfter = 900; // seconds until the live page, having failed, is tried again
  var asked = 0;

  function attribute(node, name) {
    return node.getAttribute(name) || '';
  }

  // A name that no cache has: of the time, and a count where clocks stand still.
  function fresh(address) {
    asked += 1;
    return address + (address.indexOf('?') < 0 ? '?' : '&') + 't=' + new Date().getTime() + '.' + asked;
  }

  // Loads a picture; then is called once.
  function load(address, then) {
    var img = new Image();
    var over = false;
    var timer;
    function end(ok) {
      if (over) return;
      over = true;
      clearTimeout(timer);
      img.onload = img.onerror = img.onabort = null;
      then(ok ? img : null);
    }
    timer = setTimeout(function () { end(false); }, patience);
    img.onload = function () { end(true); };
    img.onerror = img.onabort = function () { end(false); };
    img.src = fresh(address);
  }

  // Seconds since it was made, or set back. A clock that jumps counts for a
  // second.
  function stopwatch() {
    var age = 0;
    var last = new Date().getTime();
    setInterval(function () {
      var now = new Date().getTime();
      var step = (now - last) / 1000;
      age += step >= 0 && step < 600 ? step : 1;
      last = now;
    }, 1000);
    return { age: function () { return age; }, back: function () { age = 0; } };
  }

  function span(seconds) {
    if (seconds < 60) return Math.floor(seconds) + ' s';
    if (seconds < 3600) return Math.floor(seconds / 60) + ' min';
    if (seconds < 172800) return Math.floor(seconds / 3600) + ' h';
    return Math.floor(seconds / 86400) + ' days';
  }

  function screenSize() {
    var root = document.documentElement;
    var asked = /^(\d+)x(\d+)$/.exec(attribute(wall, 'data-size'));
    if (asked) return { width: Number(asked[1]), height: Number(asked[2]), scale: 1 };
    var width = window.innerWidth || (root && root.clientWidth) || document.body.clientWidth || 1280;
    var height = window.innerHeight || (root && root.clientHeight) || document.body.clientHeight || 720;
    var scale = window.devicePixelRatio || 1;
    width = Math.max(160, Math.min(4096, Math.round(width)));
    height = Math.max(160, Math.min(4096, Math.round(height)));
    // No more pixels than the server draws, 8192 a side and 24 million in all.
    scale = Math.min(4, scale, 8192 / width, 8192 / height, Math.sqrt(24000000 / (width * height)));
    return { width: width, height: height, scale: Math.max(1, Math.floor(scale * 100) / 100) };
  }

  function runWall() {
    var shown = null;
    var refused = 0;
    var since = stopwatch();
    var life = stopwatch();
    var every = Number(attribute(wall, 'data-every')) || 10;
    var live = attribute(wall, 'data-live');
    var ticker;

    function next() {
      setTimeout(ask, every * 1000);
    }

    function ask() {
      var size = screenSize();
      var address = attribute(wall, 'data-picture').replace(/[?&]$/, '');
      address += (address.indexOf('?') < 0 ? '?' : '&') + 'width=' + size.width + '&height=' + size.height;
      if (size.scale > 1) address += '&scale=' + size.scale;
      load(address, function (img) {
        if (img) {
          show(img, size);
          next();
        } else {
          missed();
        }
      });
    }

    function show(img, size) {
      img.style.width = size.width + 'px';
      img.style.height = size.height + 'px';
      img.alt = 'The wall, as one picture';
      wall.style.width = size.width + 'px';
      wall.style.height = size.height + 'px';
      wall.insertBefore(img, wall.firstChild);
      while (img.nextSibling) wall.removeChild(img.nextSibling);
      shown = img;
      refused = 0;
      since.back();
      say();
      if (live && life.age() > backAfter) location.replace(live);
    }

    // Is it the server that is away, or does it merely not show this picture?
    function missed() {
      load('/still/there.gif', function (dot) {
        if (dot) refused += 1;
        if (dot && (dot.width === 2 || refused >= refusals)) location.reload();
        else next();
      });
      say();
    }

    function say() {
      var old = since.age() > grace + every;
      if (shown) shown.className = old ? 'is-old' : '';
      mark.style.display = old ? 'block' : 'none';
      if (!old) return;
      mark.innerHTML = shown ? 'No link: this picture is ' + span(since.age()) + ' old' : 'Agora can’t be reached. This screen goes on by itself.';
    }

    wall.innerHTML = '<p id="wait">One moment</p>'; // where there is no script, it would never end
    ask();
    ticker = setInterval(say, 1000);
    return ticker;
  }

  // The pictures of the manager's page, one after the other.
  function runDesk() {
    var images = document.getElementsByTagName('img');
    var every = (Number(attribute(desk, 'data-every')) || 60) * 1000;
    var addresses = [];
    var i;
    for (i = 0; i < images.length; i += 1) addresses[i] = images[i].getAttribute('src');

    function one(n) {
      if (n >= addresses.length) {
        setTimeout(function () { one(0); }, every);
        return;
      }
      load(addresses[n], function (img) {
        if (img) images[n].src = img.src;
        one(n + 1);
      });
    }

    setTimeout(function () { one(0); }, every);
  }

  if (wall) runWall();
  else if (desk) runDesk();
})();
