// Makes the explorer of metrics quicker: words of a query are completed, a time is chosen on the picture, numbers are read off it. All of it can
// be had without: the query is typed, the times are links and fields, the numbers stand in the table.
const after = { call: '(', label: '="' };
const input = document.querySelector('.filter [name=q]');
const fetched = new Map();
async function ask(path) {
  if (!fetched.has(path)) {
    fetched.set(path, fetch(path, { headers: { Accept: 'application/json' } }).then((answer) => answer.ok ? answer.json() : { data: [] }).then((all) => all.data ?? [], () => []));
  }
  return fetched.get(path);
}

// Where the cursor is in a query: in a label's value, among labels, or at a word of the language.
function placeOf(text) {
  const brace = text.lastIndexOf('{');
  if (brace > text.lastIndexOf('}')) {
    const metric = /[\w:]+$/.exec(text.slice(0, brace))?.[0] ?? '';
    const inside = text.slice(brace + 1);
    const value = /(?:^|,)\s*(\w+)\s*(?:=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)$/.exec(inside);
    if (value) return { kind: 'value', metric, label: value[1], word: value[2] };
    const label = /(?:^|,)\s*(\w*)$/.exec(inside);
    return label && { kind: 'label', metric, word: label[1] };
  }
  const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(\s*(?:\w+\s*,\s*)*(\w*)$/.exec(text);
  if (grouping) return { kind: 'group', metric: '', word: grouping[1] };
  const word = /[\w:]+$/.exec(text)?.[0];
  return word && !/^\d/.test(word) && !/\[[^\]]*$/.test(text) ? { kind: 'word', metric: '', word } : null;
}
async function wordsOf(place) {
  const match = place.metric ? `?match[]=${encodeURIComponent(place.metric)}` : '';
  if (place.kind === 'value') return (await ask(`/api/v1/label/${encodeURIComponent(place.label)}/values${match}`)).map((word) => [word, word.replace(/["\\]/g, '\\$&')]);
  if (place.kind === 'label') return (await ask(`/api/v1/labels${match}`)).filter((word) => word !== '__name__').map((word) => [word, word + after.label]);
  if (place.kind === 'group') return (await ask('/api/v1/labels')).filter((word) => word !== '__name__').map((word) => [word, word]);
  const functions = input.dataset.words.split(' ').map((word) => [word, word + after.call]);
  return [...(await ask('/api/v1/label/__name__/values')).map((word) => [word, word]), ...functions];
}
const list = document.createElement('ul');
let chosen = 0;
function close() {
  list.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}
function choose(index) {
  chosen = (index + list.children.length) % list.children.length;
  [...list.children].forEach((one, at) => one.setAttribute('aria-selected', at === chosen));
  input.setAttribute('aria-activedescendant', `word-${chosen}`);
  list.children[chosen].scrollIntoView({ block: 'nearest' });
}
function take(item) {
  const [from, until] = [input.selectionStart - item.dataset.length, input.selectionStart];
  input.setRangeText(item.dataset.with, from, until, 'end');
  close();
}
async function complete() {
  const before = input.value.slice(0, input.selectionStart);
  const place = input.selectionStart === input.selectionEnd ? placeOf(before) : null;
  const typed = place?.word.toLowerCase() ?? '';
  const all = place ? await wordsOf(place) : [];
  if (input.value.slice(0, input.selectionStart) !== before) return; // More was typed meanwhile.
  const rank = (word) => word.startsWith(typed) ? 0 : 1;
  const found = all.filter(([word, insert]) => insert !== place.word && word.toLowerCase().includes(typed)).sort((left, right) => rank(left[0]) - rank(right[0]) || left[0].length - right[0].length).slice(0, 12);
  if (found.length === 0 || place.kind === 'word' && typed.length < 2) { close(); return; }
  list.replaceChildren(...found.map(([word, insert], index) => {
    const item = document.createElement('li');
    item.id = `word-${index}`;
    item.setAttribute('role', 'option');
    item.textContent = word;
    item.dataset.with = insert;
    item.dataset.length = place.word.length;
    item.onpointerdown = (event) => { event.preventDefault(); take(item); };
    return item;
  }));
  list.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  choose(0);
}
if (input) {
  input.dataset.kept = ''; // What changes pages leaves it alone.
  input.removeAttribute('list');
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'words', spellcheck: 'false' })) input.setAttribute(name, value);
  Object.assign(list, { id: 'words', className: 'words', hidden: true });
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Words that fit');
  document.body.append(list);
  input.addEventListener('input', async () => {
    const box = input.getBoundingClientRect();
    Object.assign(list.style, { left: `${box.left + scrollX}px`, top: `${box.bottom + scrollY + 2}px`, width: `${box.width}px` });
    await complete();
  });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen - 1);
    else if (event.key === 'Tab' || event.key === 'Enter') take(list.children[chosen]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
}

// The picture: where the pointer is, numbers are told; drawn over it, a time is chosen.
document.body.classList.add('explore');
const told = document.createElement('div');
Object.assign(told, { className: 'readout', hidden: true });
told.setAttribute('aria-hidden', 'true'); // The same stands in the table.
document.body.append(told);
let drawn = null;
const svgNode = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
function spotOf(plot, x) {
  const box = plot.getBoundingClientRect();
  const part = Math.min(1, Math.max(0, (x - box.left) / box.width));
  const [from, until] = [Number(plot.dataset.from), Number(plot.dataset.until)];
  return { at: from + part * (until - from), x: Number(plot.getAttribute('x')) + part * Number(plot.getAttribute('width')) };
}
function read(plot, event) {
  const figure = plot.closest('figure');
  const rows = [...figure.querySelectorAll('tr[data-at]')];
  if (rows.length === 0) return;
  const { at } = spotOf(plot, event.clientX);
  const row = rows.reduce((best, one) => Math.abs(one.dataset.at - at) < Math.abs(best.dataset.at - at) ? one : best);
  const names = [...figure.querySelectorAll('thead th')].slice(1).map((one) => one.textContent);
  told.replaceChildren(document.createElement('strong'), ...[...row.querySelectorAll('td')].map((cell, index) => {
    const line = document.createElement('p');
    const key = document.createElement('span');
    key.className = `key tone-${index % 6}`;
    line.append(key, names.length > 1 ? `${names[index]}: ${cell.textContent}` : cell.textContent);
    return line;
  }));
  told.firstChild.textContent = row.querySelector('th').textContent;
  told.hidden = false;
  const isRight = event.clientX > innerWidth / 2;
  Object.assign(told.style, { top: `${event.clientY + scrollY + 14}px`, left: isRight ? 'auto' : `${event.clientX + scrollX + 14}px`, right: isRight ? `${document.documentElement.clientWidth - event.clientX + 14}px` : 'auto' });
}
function show() {
  const { plot, band, from, until } = drawn;
  const [left, right] = [Math.min(from.x, until.x), Math.max(from.x, until.x)];
  for (const [name, value] of Object.entries({ x: left, width: right - left, y: plot.getAttribute('y'), height: plot.getAttribute('height') })) band.setAttribute(name, value);
  if (!band.isConnected) plot.after(band); // The page may have been changed meanwhile.
}
const second = (at) => `${new Date(at).toISOString().slice(0, 19)}Z`;
document.addEventListener('pointerdown', (event) => {
  const plot = event.button === 0 && event.target.closest?.('rect.plot');
  if (!plot) return;
  event.preventDefault();
  plot.setPointerCapture(event.pointerId);
  const band = svgNode('rect');
  band.setAttribute('class', 'chosen');
  const from = spotOf(plot, event.clientX);
  drawn = { plot, band, from, until: from };
});
document.addEventListener('pointermove', (event) => {
  const plot = drawn?.plot ?? event.target.closest?.('rect.plot');
  if (!plot) { told.hidden = true; return; }
  read(plot, event);
  if (!drawn) return;
  drawn.until = spotOf(plot, event.clientX);
  show();
});
document.addEventListener('pointerup', () => {
  if (!drawn) return;
  const { band, from, until } = drawn;
  const seconds = Math.round(Math.abs(until.at - from.at) / 1000);
  drawn = null;
  band.remove();
  if (seconds < 5) return; // A click is no time.
  const address = new URL(location.href);
  address.searchParams.set('last', `${seconds}s`);
  address.searchParams.set('at', second(Math.max(from.at, until.at)));
  location.assign(address);
});
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  drawn?.band.remove();
  drawn = null;
  told.hidden = true;
});
