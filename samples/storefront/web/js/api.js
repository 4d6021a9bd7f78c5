// The way to the api. Everybody who wants to know how it answered can listen for "answered" here.

export const answers = new EventTarget();
const timeoutMs = 8000;

/** As Fairlead writes it: api@42. */
export const labelOf = ({ service, release }) => `${service}@${release}`;

/** @returns what the api said; throws an Error whose message can be shown. */
export async function ask(path, body) {
  const since = performance.now();
  const answer = { ok: false, release: null, ms: 0 };
  try {
    const response = await fetch(`api/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: body ? { 'content-type': 'application/json' } : {},
      body: body && JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer.release = response.headers.get('fairlead-release');
    const said = await response.json().catch(() => null);
    answer.ok = response.ok;
    answer.release ??= said?.release ? labelOf(said) : null;
    if (!response.ok) throw new Refusal(response.status, said?.error);
    return said;
  } finally {
    answer.ms = performance.now() - since;
    answers.dispatchEvent(new CustomEvent('answered', { detail: answer }));
  }
}

/** Asks again when the api failed; only for what may be asked twice. */
export async function askAgain(path, body, tries = 4) {
  try {
    return await ask(path, body);
  } catch (problem) {
    if (tries <= 1 || (problem instanceof Refusal && problem.status < 500)) throw problem;
    await new Promise((done) => setTimeout(done, 300));
    return askAgain(path, body, tries - 1);
  }
}

class Refusal extends Error {
  constructor(status, why) {
    super(why ?? `The shop answered with status ${status}.`);
    this.status = status;
  }
}
