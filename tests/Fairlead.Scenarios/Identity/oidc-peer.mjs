// A foreign issuer: npm's oidc-provider, with its own pages for signing in. Writes its port when it listens.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.OIDC_MODULES, 'here.js'));
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);
let answer = (request, response) => response.end();
const server = createServer((request, response) => answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'fairlead', client_secret: process.env.OIDC_SECRET, redirect_uris: [process.env.OIDC_CALLBACK] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    findAccount: (context, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id, name: `Somebody ${id}`, email: `${id}@example.org`, email_verified: id !== 'unverified', groups: id === 'dev' ? ['devs'] : [],
      }),
    }),
  });
  answer = provider.callback();
  console.log(server.address().port);
});
