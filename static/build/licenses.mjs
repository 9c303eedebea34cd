// The licences of everything from npm that ends up in a browser.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Collects licence texts.
 * @param {string} root the folder that holds node_modules
 * @param {string[]} inputs paths of bundled files, relative to root
 * @param {string[]} also names of packages whose data was used
 */
export function licenses(root, inputs, also) {
  const names = new Set(also);
  for (const path of inputs) {
    const m = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (m) names.add(m[1]);
  }
  const parts = ['Agora itself is under the Apache licence 2.0. Its browser code contains the following.\n'];
  for (const name of [...names].sort()) {
    const folder = join(root, 'node_modules', name);
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    parts.push(`${'='.repeat(72)}\n${name} ${about.version} (${about.license})\n`);
    const texts = readdirSync(folder).filter((f) => /^(licen[cs]e|notice|copying)/i.test(f) && !/\.(js|json)$/.test(f) && statSync(join(folder, f)).isFile()).sort();
    if (!texts.some((f) => /^(licen|copying)/i.test(f))) throw new Error(`${name} has no licence file: look up its terms before shipping it`);
    for (const f of texts) parts.push(readFileSync(join(folder, f), 'utf8').trim() + '\n');
    const extra = join(folder, 'licenses');
    if (existsSync(extra)) for (const f of readdirSync(extra).sort()) parts.push(`${f}\n${readFileSync(join(extra, f), 'utf8').trim()}\n`);
  }
  parts.push(`${'='.repeat(72)}\nNatural Earth (public domain)\nThe shapes of the world map. Made with Natural Earth.\n`);
  return parts.join('\n');
}
