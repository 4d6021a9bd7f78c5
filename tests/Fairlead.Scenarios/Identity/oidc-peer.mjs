// A foreign issuer: npm's oidc-provider, with its own pages for signing in, and tokens for jobs, signed by npm's jose. Writes its port when it listens.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.OIDC_MODULES, 'here.js'));
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);
const jose = await import(pathToFileURL(require.resolve('jose')).href);
const pair = () => jose.generateKeyPair('RS256', { extractable: true });
const [own, foreign] = [await pair(), await pair()];
let answer = (request, response) => response.end();
const server = createServer((request, response) => answer(request, response));
server.listen(0, '127.0.0.1', async () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await jose.exportJWK(own.privateKey)), kid: 'own', alg: 'RS256', use: 'sig' }] },
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
  // As a CI system does it for a job: signs whatever claims it is asked for, or with a key that it does not publish.
  const sign = async (asked) => {
    const claims = JSON.parse(asked.searchParams.get('claims'));
    const key = asked.searchParams.get('key') === 'foreign' ? foreign : own;
    return new jose.SignJWT({ iss: issuer, exp: Math.floor(Date.now() / 1000) + 300, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key.privateKey);
  };
  const pages = provider.callback();
  answer = async (request, response) => {
    const asked = new URL(request.url, issuer);
    return asked.pathname === '/job-token' ? response.end(await sign(asked)) : pages(request, response);
  };
  console.log(server.address().port);
});
