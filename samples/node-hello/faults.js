// Lets a release go wrong on purpose: the environment variable FAULT says how. Health is good unless "sick".

const words = ['none', 'errors', 'slow', 'crash', 'sick', 'abrupt', 'leak'];
const slownessMs = 800;
const leakStepBytes = 4 * 1024 * 1024;
const leakBytesMax = 2 * 1024 * 1024 * 1024;

export const fault = process.env.FAULT || 'none';
let answers = 0;

export function begin() {
  if (!words.includes(fault)) {
    console.log(`fatal: FAULT=${fault} is unknown; say one of ${words.join(', ')}`);
    process.exit(2);
  }
  if (fault === 'crash') {
    console.log('fatal: cannot start, because FAULT=crash is set');
    process.exit(3);
  }
  if (fault === 'abrupt') process.on('SIGTERM', () => process.exit(143));
  if (fault === 'leak') leak();
}

/** Waits or fails in place of an answer; true when it has answered. */
export async function strike(response) {
  if (fault === 'slow') await new Promise((done) => setTimeout(done, slownessMs));
  // Three of every ten, evenly: a gate sees 30 % soon, and the same every time.
  if (fault !== 'errors' || ![2, 5, 8].includes(++answers % 10)) return false;
  response.writeHead(500, { 'content-type': 'text/plain' }).end('FAULT=errors: this answer was chosen to fail.\n');
  return true;
}

function leak() {
  const held = [];
  const timer = setInterval(() => {
    held.push(Buffer.alloc(leakStepBytes, 1)); // Written to, so that the kernel must count every page.
    if (held.length * leakStepBytes >= leakBytesMax) clearInterval(timer);
  }, 100);
  timer.unref();
}
