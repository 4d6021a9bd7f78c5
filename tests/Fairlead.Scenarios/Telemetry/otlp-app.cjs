// What a Node app has that wants traces: OpenTelemetry's SDK, started, told nothing. Loaded before the app by --require.
const { createRequire, syncBuiltinESMExports } = require('node:module');
const load = createRequire(`${process.env.PEERS}/peer.cjs`);
const { NodeSDK } = load('@opentelemetry/sdk-node');
const { HttpInstrumentation } = load('@opentelemetry/instrumentation-http');
new NodeSDK({ instrumentations: [new HttpInstrumentation()] }).start();
require('node:http');
syncBuiltinESMExports();
