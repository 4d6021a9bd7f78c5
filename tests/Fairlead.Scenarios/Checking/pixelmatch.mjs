// Counts with pixelmatch what differs between pairs of pictures: node pixelmatch.mjs MODULES FOLDER COUNT
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, folder, count] = process.argv.slice(2);
const { PNG } = createRequire(`${modules}/`)('pngjs');
const { default: pixelmatch } = await import(`${modules}/pixelmatch/index.js`);
const counts = [];
for (let pair = 0; pair < count; pair++) {
  const [before, after] = ['before', 'after'].map(one => PNG.sync.read(readFileSync(`${folder}/${pair}.${one}.png`)));
  counts.push(pixelmatch(before.data, after.data, null, before.width, before.height, { threshold: 0.1 }));
}
console.log(JSON.stringify(counts));
