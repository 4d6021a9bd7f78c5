// Adds a bearer token to each request, for programs that cannot: node bearer.mjs TARGET TOKEN. Prints its own port. Host and Origin pass as they are.
import http from 'node:http';
const [target, token] = [new URL(process.argv[2]), process.argv[3]];
const server = http.createServer((request, response) => {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    const onward = http.request(
        { host: target.hostname, port: target.port, method: request.method, path: request.url, headers, setHost: false },
        answer => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
            answer.on('error', () => response.destroy());
        });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
