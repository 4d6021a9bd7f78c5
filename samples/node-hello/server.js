import http from 'node:http';
import * as faults from './faults.js';
import { closeAll, upgrade } from './websocket.js';

const host = process.env.HOST || '127.0.0.1';
const port = Number(process.env.PORT || 3000);
const bodyBytesMax = 1024 * 1024;
const slowMsMax = 60_000;
const replica = {
  app: 'node-hello',
  release: process.env.FAIRLEAD_RELEASE || 'dev',
  slot: process.env.FAIRLEAD_SLOT || '0',
  pid: process.pid,
};
const stopping = new AbortController();
const resting = new Set();

const pages = {
  'GET /': (request, response) => say(response, 200, `Hello from node-hello, release ${replica.release}\n`),
  'GET /healthz': (request, response) =>
    faults.fault === 'sick' ? say(response, 503, 'sick\n') : say(response, 200, 'ok\n'),
  'GET /whoami': (request, response) => say(response, 200, JSON.stringify(replica) + '\n', 'application/json'),
  'GET /slow': slow,
  'GET /stream': stream,
  'POST /echo': echo,
};

/** Answers after ?ms=400 milliseconds. */
async function slow(request, response, query) {
  const ms = Math.min(Number(query.get('ms') ?? 400) || 0, slowMsMax);
  await pause(ms);
  say(response, 200, `answered after ${ms} ms\n`);
}

/** Server-sent events, one each 200 ms: ?n=10 of them, which a stop waits for, or without end, which a stop ends. */
async function stream(request, response, query) {
  const count = query.has('n') ? Number(query.get('n')) || 0 : Infinity;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  if (request.method === 'HEAD') return response.end();
  for (let n = 1; n <= count && !response.destroyed; n++) {
    if (count === Infinity && stopping.signal.aborted) break;
    response.write(`id: ${n}\ndata: ${JSON.stringify({ n, ...replica })}\n\n`);
    await pause(200);
  }
  response.end('event: goodbye\ndata: {}\n\n');
}

async function echo(request, response) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > bodyBytesMax) {
      response.setHeader('connection', 'close');
      return say(response, 413, 'at most 1 MiB\n');
    }
    parts.push(part);
  }
  say(response, 200, Buffer.concat(parts), request.headers['content-type'] ?? 'application/octet-stream');
}

function say(response, status, body, type = 'text/plain; charset=utf-8') {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

async function answer(request, response) {
  const [path, query] = request.url.split('?', 2);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (path !== '/healthz' && (await faults.strike(response))) return;
  const page = pages[`${method} ${path}`];
  if (!page) return say(response, 404, `no ${method} ${path} here\n`);
  await page(request, response, new URLSearchParams(query));
}

// Node closes idle connections itself, but not those that have yet to send their first request.
function rest(socket) {
  resting.add(socket);
  socket.once('close', () => resting.delete(socket));
}

function occupy(socket, response) {
  resting.delete(socket);
  response.once('close', () => (stopping.signal.aborted ? socket.destroySoon() : resting.add(socket)));
}

faults.begin();
const server = http.createServer({ noDelay: true, keepAliveTimeout: 65_000 }, (request, response) => {
  if (stopping.signal.aborted) response.setHeader('connection', 'close');
  occupy(request.socket, response);
  answer(request, response).catch((problem) => {
    console.log(`${request.method} ${request.url} failed: ${problem.message}`);
    response.headersSent ? response.destroy() : say(response, 500, 'failed\n');
  });
});
server.on('connection', rest);
server.on('upgrade', (request, socket, head) => {
  resting.delete(socket);
  upgrade(request, socket, head);
});
server.on('error', (problem) => {
  console.log(`fatal: cannot listen on ${host}:${port}: ${problem.message}`);
  process.exit(1);
});
server.listen(port, host, () => console.log(`node-hello, release ${replica.release}, listens on ${host}:${port}`));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    console.log(`${signal}: finishing what is in flight`);
    stopping.abort();
    closeAll();
    server.close(() => {
      console.log('stopped');
      process.exit(0);
    });
    resting.forEach((socket) => socket.destroySoon());
  });
}
