// The one script of the pages on which people sign in. No other script can run on them: see their Content-Security-Policy.
const page = document.body.dataset.page;
const find = id => document.getElementById(id);
const said = find('said');

const post = async (path, body = {}) => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Fairlead': '1' },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.title), { why: told.detail, fix: told.fix });
  return told;
};

const say = (error, isGood = false) => {
  said.className = isGood ? 'good' : '';
  said.replaceChildren();
  // Browsers say so when somebody closes their window for passkeys.
  const texts = error.name === 'NotAllowedError' ? ['No passkey was used.', 'The window for it was closed, or took too long.']
    : [error.message, error.why, error.fix];
  for (const text of texts.filter(Boolean)) {
    said.append(Object.assign(document.createElement('p'), { textContent: text }));
  }
};

// One thing at a time, and what goes wrong is said where screen readers hear it.
const on = (id, event, action) => find(id)?.addEventListener(event, async happened => {
  happened.preventDefault();
  const buttons = [...document.querySelectorAll('button')].filter(button => !button.disabled);
  buttons.forEach(button => { button.disabled = true; });
  said.replaceChildren();
  try { await action(happened); } catch (error) { say(error); }
  buttons.forEach(button => { button.disabled = false; });
});

const make = async asked => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options);
  const made = await navigator.credentials.create({ publicKey });
  return { challenge: asked.challenge, credential: JSON.stringify(made.toJSON()) };
};
const use = async asked => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options);
  const used = await navigator.credentials.get({ publicKey });
  return { challenge: asked.challenge, credential: JSON.stringify(used.toJSON()) };
};

// Back to where somebody came from, if that is a page of the dashboard.
const asked = new URLSearchParams(location.search);
const next = /^\/ui\/[^\\]*$/.test(asked.get('to') ?? '') ? asked.get('to') : '/ui/';

if (page === 'sign-in') {
  if (asked.has('ended')) say(Object.assign(new Error('Your session ended.'), { why: 'What you had just asked for was not done.', fix: 'Sign in, look at the page as it is now, and do it again.' }));
  on('passkey', 'click', async () => {
    await post('/identity/sign-in/passkey', { passkey: await use(await post('/identity/sign-in/ask')) });
    location.assign(next);
  });
  on('password', 'submit', async () => {
    const told = await post('/identity/sign-in/password', {
      email: find('email').value, password: find('word').value, code: find('code').value || null,
    });
    if (!told.needsCode) { location.assign(next); return; }
    find('code-part').hidden = false;
    find('code').focus();
  });
}

if (page === 'welcome') {
  // The link's secret is taken out of the address at once, so that no history keeps it.
  const token = location.hash.slice(1);
  history.replaceState(null, '', '/welcome');
  const about = () => ({ token, name: find('name').value.trim(), email: find('email').value.trim() });
  try {
    const invitation = await post('/identity/invitation', { token });
    for (const field of ['name', 'email']) {
      if (invitation[field]) { find(field).value = invitation[field]; find(field).readOnly = true; }
    }
    find('lead').textContent = invitation.isOwner ? 'You will own this Fairlead: you may do everything, and invite others.'
      : 'You were invited to this Fairlead.';
    find('welcome').hidden = false;
    find(invitation.name ? 'passkey' : 'name').focus();
  } catch (error) {
    find('lead').textContent = '';
    say(error);
  }
  on('welcome', 'submit', async () => {
    const passkey = await make(await post('/identity/invitation/passkey', about()));
    await post('/identity/accept', { ...about(), passkey });
    location.assign(next);
  });
  on('password', 'click', async () => {
    if (!find('welcome').reportValidity()) return;
    await post('/identity/accept', { ...about(), password: find('word').value });
    location.assign(next);
  });
}

if (page === 'account') {
  on('sign-out', 'click', async () => { await post('/identity/sign-out'); location.assign('/sign-in'); });
  // Back to what waited for it, or on with what is here.
  const proved = () => { if (asked.has('to')) location.assign(next); else location.reload(); };
  on('prove-passkey', 'click', async () => {
    await post('/identity/prove/passkey', { passkey: await use(await post('/identity/prove/ask')) });
    proved();
  });
  on('prove-code', 'submit', async () => { await post('/identity/prove/code', { code: find('prove').value }); proved(); });
  on('prove-password', 'submit', async () => { await post('/identity/prove/password', { password: find('own').value }); proved(); });
  on('add-passkey', 'submit', async () => {
    const name = find('passkey-name').value;
    await post('/identity/passkeys/add', { passkey: await make(await post('/identity/passkeys/ask')), name });
    location.reload();
  });
  on('set-password', 'submit', async () => { await post('/identity/password/set', { password: find('word').value }); location.reload(); });
  on('begin-authenticator', 'click', async () => beginAuthenticator(await post('/identity/authenticator/begin')));
  for (const button of document.querySelectorAll('[data-post]')) {
    button.addEventListener('click', async () => {
      try { await post(button.dataset.post, { id: button.dataset.id ?? null }); location.reload(); } catch (error) { say(error); }
    });
  }
}

function beginAuthenticator(begun) {
  const part = find('authenticator-part');
  const add = (kind, properties) => part.appendChild(Object.assign(document.createElement(kind), properties));
  part.replaceChildren();
  add('p', { textContent: 'Let the app look at this picture, or type the text below into it. Then type the code that it shows.' });
  part.append(picture(begun.picture));
  add('code', { textContent: new URL(begun.link).searchParams.get('secret').replace(/(.{4})/g, '$1 ').trim() });
  const form = add('form', { id: 'add-authenticator' });
  form.append(
    Object.assign(document.createElement('label'), { htmlFor: 'new-code', textContent: 'Code' }),
    Object.assign(document.createElement('input'), { id: 'new-code', autocomplete: 'one-time-code', inputMode: 'numeric', maxLength: 6, required: true }),
    Object.assign(document.createElement('button'), { textContent: 'Add' }),
  );
  on('add-authenticator', 'submit', async () => {
    const { codes } = await post('/identity/authenticator/add', { code: find('new-code').value, sealed: begun.sealed });
    part.replaceChildren();
    add('p', { textContent: 'Keep these recovery codes where you find them without your phone. Each is good once, and they are never shown again.' });
    const list = add('ol', { className: 'codes' });
    for (const code of codes) list.append(Object.assign(document.createElement('li'), { textContent: code }));
    find('begin-authenticator').hidden = true;
  });
  find('new-code').focus();
}

// Rows of 0 and 1 as one path, drawn by the page itself.
function picture(rows) {
  const lines = rows.split('\n');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', lines.flatMap((line, y) => [...line].map((one, x) => one === '1' ? `M${x} ${y}h1v1h-1z` : '')).join(''));
  svg.setAttribute('viewBox', `0 0 ${lines.length} ${lines.length}`);
  svg.setAttribute('class', 'qr');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'QR code of the authenticator’s key');
  svg.append(path);
  return svg;
}
