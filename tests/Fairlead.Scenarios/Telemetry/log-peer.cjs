// Sends one line by the library that is named: winston-loki, pino-loki or elastic.
const { createRequire } = require('node:module');
const from = createRequire(process.env.PEERS + '/');
const { URL_TO: url, KEY: key, WAY: way } = process.env;

async function winston() {
  const winston = from('winston');
  const Loki = from('winston-loki');
  const transport = new Loki({
    host: url,
    basicAuth: `app:${key}`,
    labels: { job: 'winston' },
    json: process.env.FORMAT !== 'protobuf',
    batching: false,
    onConnectionError: (error) => { console.error(error); process.exitCode = 1; },
  });
  const logger = winston.createLogger({ level: 'debug', format: winston.format.json(), transports: [transport] });
  logger.error('payment failed for winston', { order: 4711 });
  await transport.flush?.();
}

async function pino() {
  const pino = from('pino');
  const { pinoLoki } = await import(from.resolve('pino-loki'));
  const stream = pinoLoki({ host: url, basicAuth: { username: 'app', password: key }, labels: { job: 'pino' }, batching: false, silenceErrors: false });
  pino(stream).warn({ order: 4711 }, 'payment is slow for pino');
  // It does not say when it has sent.
  await new Promise((done) => setTimeout(done, 3000));
}

async function elastic() {
  const { Client } = from('@elastic/elasticsearch');
  const client = new Client({ node: url + '/elastic', auth: { apiKey: key } });
  const info = await client.info();
  const answer = await client.bulk({
    index: 'logs-shop',
    operations: [
      { create: {} },
      { '@timestamp': new Date().toISOString(), message: 'payment failed for elastic', log: { level: 'error' }, order: 4711 },
      { delete: { _id: '1' } },
    ],
  });
  console.log(info.tagline, answer.errors, answer.items.map((item) => Object.values(item)[0].status).join());
}

({ winston, pino, elastic })[way]().catch((error) => { console.error(error); process.exitCode = 1; });
