// Keeps a page as it is now, and makes it quicker to use. Every page can be read and used without it.
const find = (id) => document.getElementById(id);
const policy = window.trustedTypes?.createPolicy('fairlead', { createHTML: (text) => text });
const parse = (html) => {
  const template = document.createElement('template');
  template.innerHTML = policy ? policy.createHTML(html) : html; // Made by this server, which encodes all that others wrote.
  return template.content;
};

// Times: how long ago, beside what the server wrote.
const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
function ago(time) {
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units[3];
  return words.format(Math.trunc(seconds / size), unit);
}
function tellTimes() {
  for (const time of document.querySelectorAll('main time[datetime]')) {
    time.title = `${ago(time)} · ${time.dateTime}`;
  }
}

// Copying.
function offerCopies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('.copy[hidden]')) button.hidden = false;
}
document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('.copy');
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
});

// Live: what changed is changed in place, so focus, scrolling, opened parts and what was typed stay.
const keyOf = (node) => node.nodeType === 1 ? node.dataset.key ?? node.id ?? '' : '';
const isSame = (left, right) => left.nodeType === right.nodeType && left.nodeName === right.nodeName && keyOf(left) === keyOf(right);
function adapt(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.isEqualNode(fresh) || old.dataset.kept !== undefined) return;
  for (const { name } of [...old.attributes]) {
    const isOurs = name === 'open' || name === 'title' && old.nodeName === 'TIME' || name === 'hidden' && old.classList.contains('copy');
    if (!fresh.hasAttribute(name) && !isOurs) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    const isOurs = name === 'hidden' && old.classList.contains('copy');
    if (old.getAttribute(name) !== value && !isOurs) old.setAttribute(name, value);
  }
  if (!(old.nodeName === 'BUTTON' && old.classList.contains('copy'))) adaptChildren(old, fresh);
}
function adaptChildren(old, fresh) {
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    let match = at;
    while (match && !isSame(match, next)) match = match.nextSibling;
    // One that has a key is looked for among all that come; others only where they were.
    if (match && match !== at && !keyOf(next)) match = null;
    if (!match) {
      old.insertBefore(next, at);
    } else {
      while (at !== match) { const gone = at; at = at.nextSibling; gone.remove(); }
      at = match.nextSibling;
      adapt(match, next);
    }
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
}

// A page is changed part by part, with room for keys and scrolling between: no change of a long page holds up whoever uses it.
const pause = () => window.scheduler?.yield ? scheduler.yield() : new Promise((go) => setTimeout(go));
let latest = null;
let isChanging = false;
async function change(html) {
  latest = html;
  if (isChanging) return; // It is taken when the one before is done.
  isChanging = true;
  try {
    while (latest !== null) await changeTo(latest);
  } finally {
    isChanging = false;
  }
}
async function changeTo(html) {
  const fresh = parse(html);
  const main = find('main');
  await pause();
  if (latest === html) latest = null;
  told?.remove();
  const [old, parts] = [[...main.children], [...fresh.children]];
  // Parts that stand where they stood are taken one by one; what is another page in itself, at once.
  if (old.length === parts.length && old.every((one, at) => isSame(one, parts[at]))) {
    for (const [at, one] of old.entries()) {
      if (!one.isConnected || one.isEqualNode(parts[at])) continue;
      adapt(one, parts[at]);
      await pause();
    }
  } else {
    adaptChildren(main, fresh);
  }
  if (told) main.prepend(told);
  tellTimes();
  offerCopies();
}

// What was said of an act is no part of the page as it is; it stays for a while all the same.
let told = document.querySelector('main > .told');
if (told) setTimeout(() => { told.remove(); told = null; }, 20000);

const line = find('line');
let since = null;
function say(isOn, text) {
  if (line.textContent !== text) line.textContent = text;
  line.className = isOn ? 'on' : 'off';
  document.body.classList.toggle('stale', !isOn);
  since = isOn ? null : since ?? new Date();
}
function follow() {
  const address = new URL(location.href);
  address.searchParams.delete('did');
  address.searchParams.delete('by');
  for (const name of [...address.searchParams.keys()]) if (name.startsWith('undo.')) address.searchParams.delete(name);
  address.searchParams.set('seen', document.body.dataset.seen);
  const source = new EventSource(address);
  let heard = Date.now();
  const alive = () => { heard = Date.now(); say(true, 'Live'); };
  source.onopen = alive;
  source.addEventListener('beat', alive);
  source.addEventListener('main', (event) => {
    const { title, html } = JSON.parse(event.data);
    document.title = title;
    document.body.dataset.seen = event.lastEventId;
    change(html);
    alive();
  });
  source.onerror = async () => {
    if (Date.now() - heard < 3000 && source.readyState === EventSource.CONNECTING) return; // A stream that ended is begun anew.
    lost();
    if (source.readyState === EventSource.CLOSED) await again(source);
  };
  const watch = setInterval(() => {
    if (source.readyState === EventSource.CLOSED) clearInterval(watch);
    else if (Date.now() - heard > 12000) lost();
  }, 2000);
  addEventListener('pagehide', () => source.close(), { once: true });
}
function lost() {
  since ??= new Date();
  say(false, `No answer since ${since.toLocaleTimeString()}. This is what was last seen.`);
}
async function again(source) {
  source.close();
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, redirect: 'manual' });
    if (answer.type === 'opaqueredirect') {
      say(false, 'Your session ended.');
      const link = document.createElement('a');
      link.href = `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`;
      link.textContent = 'Sign in again';
      line.append(' ', link);
      return;
    }
  } catch { /* It does not answer yet. */ }
  setTimeout(follow, 2000);
}

// Ctrl+K: pages, live names and operations.
const palette = find('palette');
let names = null;
function rank(entry, asked) {
  const word = entry.word.toLowerCase();
  return word.startsWith(asked) ? 0 : word.includes(asked) ? 1 : `${word} ${entry.note}`.toLowerCase().includes(asked) ? 2
    : asked.split(' ').every((part) => `${word} ${entry.note}`.toLowerCase().includes(part)) ? 3 : 9;
}
// Views that somebody gave a name: kept in this browser, found like all others.
const views = () => { try { return JSON.parse(localStorage.getItem('views')) ?? []; } catch { return []; } };
const keep = (all) => { localStorage.setItem('views', JSON.stringify(all.slice(-50))); palette.close(); };
function ownOf(asked) {
  const here = location.pathname + location.search;
  const own = views().map((one) => ({ ...one, note: 'saved view' }));
  const forgets = views().filter((one) => one.url === here).map((one) => ({ word: `Forget the view ${one.word}`, note: 'saved view', run: () => keep(views().filter((other) => other.word !== one.word)) }));
  const saves = asked ? [{ word: `Save this view as ${asked}`, note: 'kept in this browser', run: () => keep([...views().filter((one) => one.word !== asked), { word: asked, url: here }]) }] : [];
  return [...own, ...forgets, ...saves];
}
function list(asked) {
  const found = [...names, ...ownOf(asked)].map((entry) => [rank(entry, asked.toLowerCase()), entry]).filter(([order]) => order < 9).sort((left, right) => left[0] - right[0]).slice(0, 30);
  const all = palette.querySelector('ul');
  all.replaceChildren(...found.map(([, entry], index) => {
    const item = document.createElement('li');
    item.id = `found-${index}`;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', index === 0);
    item.append(entry.word);
    const note = document.createElement('span');
    note.textContent = entry.command ? `${entry.note} · Enter copies the command` : entry.note;
    item.append(note);
    item.onclick = () => go(entry);
    item.entry = entry;
    return item;
  }));
  palette.querySelector('input').setAttribute('aria-activedescendant', found.length ? 'found-0' : '');
  palette.querySelector('p').textContent = found.length ? '' : 'Nothing is called so.';
}
async function go(entry) {
  if (entry.run) { entry.run(); return; }
  if (entry.url) { location.assign(entry.url); return; }
  await navigator.clipboard?.writeText(entry.command);
  palette.querySelector('p').textContent = `Copied: ${entry.command}`;
}
function move(by) {
  const all = [...palette.querySelectorAll('li')];
  const at = all.findIndex((one) => one.ariaSelected === 'true');
  const next = all[(at + by + all.length) % all.length];
  if (!next) return;
  all.forEach((one) => one.setAttribute('aria-selected', one === next));
  next.scrollIntoView({ block: 'nearest' });
  palette.querySelector('input').setAttribute('aria-activedescendant', next.id);
}
async function openPalette() {
  if (palette.open) return;
  if (!palette.firstChild) {
    palette.append(parse('<input role="combobox" aria-expanded="true" aria-controls="found" aria-label="Find a page, an app or a command" autocomplete="off" spellcheck="false"><ul id="found" role="listbox" aria-label="Found"></ul><p role="status"></p>'));
    const input = palette.querySelector('input');
    input.oninput = () => list(input.value.trim());
    input.onkeydown = (event) => {
      if (event.key === 'ArrowDown') move(1);
      else if (event.key === 'ArrowUp') move(-1);
      else if (event.key === 'Enter') { const chosen = palette.querySelector('[aria-selected="true"]'); if (chosen) go(chosen.entry); }
      else return;
      event.preventDefault();
    };
  }
  palette.showModal();
  names = await (await fetch('/ui/names')).json();
  list(palette.querySelector('input').value.trim());
}
addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); openPalette(); }
});
palette?.addEventListener('click', (event) => { if (event.target === palette) palette.close(); });
const opener = find('find');
if (opener) { opener.hidden = false; opener.onclick = openPalette; }

tellTimes();
setInterval(tellTimes, 15000);
offerCopies();
// Only once the page is there: what is seen first is what matters first.
if (document.body.dataset.live) {
  if (document.readyState === 'complete') follow();
  else addEventListener('load', () => setTimeout(follow, 50), { once: true });
}
