// @ts-check
// Pictures to take away: the live chart under a heading, with a line below
// that says when and from what.

/** @typedef {{title: string, foot: string, paper: string, text: string, quiet: string, family: string}} Frame */

const head = 44, foot = 28, margin = 16; // pixels at scale 1

/** @param {string} name @param {Blob} blob */
function offer(name, blob) {
  const address = URL.createObjectURL(blob);
  const a = document.createElement('a');
  a.href = address;
  a.download = name;
  document.body.appendChild(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * @param {string} name of the file
 * @param {string} address the chart as a data: address
 * @param {number} scale
 * @param {Frame} frame
 */
export function takePNG(name, address, scale, frame) {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = image.width + 2 * margin * scale;
    canvas.height = image.height + (head + foot) * scale;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    pen.fillStyle = frame.paper;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, margin * scale, head * scale);
    pen.scale(scale, scale);
    pen.fillStyle = frame.text;
    pen.font = `600 16px ${frame.family}`;
    pen.fillText(frame.title, margin, 28);
    pen.fillStyle = frame.quiet;
    pen.font = `400 11px ${frame.family}`;
    pen.fillText(frame.foot, margin, canvas.height / scale - 11);
    canvas.toBlob((blob) => { if (blob) offer(name, blob); }, 'image/png');
  };
  image.src = address;
}

/** @param {string} text for XML */
function escape(text) {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] || c);
}

/**
 * @param {string} name of the file
 * @param {string} svg the chart
 * @param {Frame} frame
 */
export function takeSVG(name, svg, frame) {
  const [width, height] = ['width', 'height'].map((side) => Number((new RegExp(`^<svg [^>]*\\b${side}="([\\d.]+)`).exec(svg) || [])[1]));
  const w = width + 2 * margin, hh = height + head + foot;
  const inner = svg.replace(/^<\?xml[^>]*\?>\s*/, '').replace(/^<svg /, `<svg x="${margin}" y="${head}" `);
  const family = escape(frame.family.replace(/"/g, "'"));
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${hh}" viewBox="0 0 ${w} ${hh}">` +
    `<rect width="${w}" height="${hh}" fill="${frame.paper}"/>` +
    `<text x="${margin}" y="28" font-family="${family}" font-size="16" font-weight="600" fill="${frame.text}">${escape(frame.title)}</text>` +
    inner +
    `<text x="${margin}" y="${hh - 11}" font-family="${family}" font-size="11" fill="${frame.quiet}">${escape(frame.foot)}</text></svg>`;
  offer(name, new Blob([text], { type: 'image/svg+xml' }));
}
