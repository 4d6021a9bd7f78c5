// Which release answers: the badge, the strip of the latest answers, and the live line.
import { answers, ask, labelOf } from './api.js';

const answersShown = 40;
const askEveryMs = 1000;
const pingEveryMs = 2000;
const $ = (id) => document.getElementById(id);
const latest = [];

export function startServing() {
  answers.addEventListener('answered', ({ detail }) => note(detail));
  $('strip').replaceChildren(...Array.from({ length: answersShown }, () => document.createElement('i')));
  // A page that nobody looks at asks nothing.
  setInterval(() => document.hidden || ask('version').catch(() => {}), askEveryMs);
  openLine(0);
}

function note({ ok, release, ms }) {
  if (ok && !release) return;
  latest.push(ok ? release : 'failed');
  if (latest.length > answersShown) latest.shift();
  if (ok) {
    $('release').textContent = release;
    $('release').dataset.hue = hue(release);
    $('took').textContent = `answered in ${Math.round(ms)} ms`;
  }
  const cells = $('strip').children;
  const start = answersShown - latest.length;
  latest.forEach((one, at) => (cells[start + at].dataset.hue = hue(one)));
  const counts = [...new Set(latest)].sort().map((one) => [one, latest.filter((other) => other === one).length]);
  $('strip').setAttribute('aria-label', `The latest ${latest.length} answers: ${counts.map(([one, count]) => `${one} ${count}`).join(', ')}`);
  $('legend').replaceChildren(...shares(counts).map(([one, percent]) => key(one, percent)));
}

// Whole percents that add up to 100: the largest takes what rounding leaves.
function shares(counts) {
  const rounded = counts.map(([one, count]) => [one, Math.round((100 * count) / latest.length)]);
  const largest = rounded.reduce((most, share) => (share[1] > most[1] ? share : most));
  largest[1] += 100 - rounded.reduce((sum, [, percent]) => sum + percent, 0);
  return rounded;
}

function key(one, percent) {
  const item = document.createElement('li');
  const swatch = document.createElement('i');
  swatch.dataset.hue = hue(one);
  item.append(swatch, `${one} ${percent} %`);
  return item;
}

// Neighbouring release numbers never look alike.
const hue = (release) => (release === 'failed' ? release : String(Number(/\d+$/.exec(release)?.[0] ?? 0) % 3));

/** A WebSocket to whichever replica takes it; when that one is replaced, a new line to another. */
function openLine(failures) {
  const socket = new WebSocket(new URL('api/live', location.href.replace(/^http/, 'ws')));
  const ping = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send(performance.now()), pingEveryMs);
  socket.addEventListener('open', () => socket.send(performance.now()));
  socket.addEventListener('message', ({ data }) => {
    failures = 0;
    const replica = JSON.parse(data);
    const ms = Math.max(1, Math.round(performance.now() - Number(replica.said)));
    showLine(true, `Live line: ${labelOf(replica)}, ${ms} ms there and back`);
  });
  socket.addEventListener('close', () => {
    clearInterval(ping);
    showLine(false, 'Live line: connecting');
    setTimeout(() => openLine(failures + 1), Math.min(200 * 2 ** failures, 5000));
  });
}

function showLine(isUp, words) {
  $('line').toggleAttribute('data-up', isUp);
  $('line').lastElementChild.textContent = words;
}
