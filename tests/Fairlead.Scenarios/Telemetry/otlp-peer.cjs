// Sends one of everything by OpenTelemetry's own Node SDK, set up by its environment variables alone, and ends.
// PEERS is the folder in which npm put it.
const { createRequire } = require('node:module');
const load = createRequire(`${process.env.PEERS}/peer.cjs`);
const { NodeSDK } = load('@opentelemetry/sdk-node');
const { trace, metrics, logs, context, SpanKind, SpanStatusCode, SeverityNumber } = load('@opentelemetry/api');

const sdk = new NodeSDK();
sdk.start();

const meter = metrics.getMeter('peer');
meter.createCounter('peer.orders', { unit: '{order}' }).add(3, { 'shop.kind': 'book' });
meter.createUpDownCounter('peer.queue').add(-2);
const took = meter.createHistogram('peer.duration', { unit: 's' });
for (let i = 0; i < 25; i++) took.record(0.2);
meter.createObservableGauge('peer.load', { unit: '1' }).addCallback((result) => result.observe(0.25));

const tracer = trace.getTracer('peer');
tracer.startActiveSpan('GET /orders', { kind: SpanKind.SERVER, attributes: { 'http.route': '/orders' } }, (server) => {
  tracer.startActiveSpan('SELECT', { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } }, (client) => {
    client.recordException(new Error('no such order'));
    client.setStatus({ code: SpanStatusCode.ERROR, message: 'no such order' });
    logs.getLogger('peer').emit({
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      body: 'order 7 is gone',
      attributes: { 'order.id': 7 },
      context: context.active(),
    });
    client.end();
  });
  server.end();
  console.log(server.spanContext().traceId);
});

sdk.shutdown().then(
  () => process.exit(0),
  (caught) => {
    console.error(caught);
    process.exit(1);
  },
);
