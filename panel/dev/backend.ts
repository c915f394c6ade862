import { execFileSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

interface Signed { account: string; session: string; methods: string[] }

/** Stands in for the server's `/panel` and `/docs/methods.json`, over `/platform_api` and a `Logon` session. Only for `npm run dev`. */
export function emulatedBackend(server: string): Plugin {
  let signed: Signed | undefined;
  let catalogue: string | undefined;
  const api = async (method: string, body: URLSearchParams, who = signed) => {
    if (who) { body.set('session_id', who.session); if (!body.has('account_id')) body.set('account_name', who.account); }
    const answer = await fetch(`${server}/platform_api/${method}`, { method: 'POST', body });
    return { type: answer.headers.get('content-type') ?? 'application/json', text: await answer.text() };
  };
  const session = async (accountId: string | null) => {
    const home = JSON.parse((await api('GetAccountInfo', new URLSearchParams())).text).result;
    const on = accountId ? JSON.parse((await api('GetAccountInfo', new URLSearchParams({ account_id: accountId }))).text).result : home;
    return { result: { account_id: on.account_id, account_name: on.account_name, account_email: on.account_email, location: on.location, home_account_id: home.account_id, home_account_name: home.account_name, is_owner: true, roles: ['Owner'], methods: signed?.methods ?? [], password_must_change: false, second_factor: false, panel_session_id: 1 } };
  };
  return {
    name: 'emulated-backend',
    apply: 'serve',
    configureServer(vite) {
      vite.middlewares.use(async (request: IncomingMessage, response: ServerResponse, next) => {
        const url = new URL(request.url ?? '/', 'http://localhost');
        const chunks: Buffer[] = [];
        const json = (value: unknown, status = 200) => { response.statusCode = status; response.setHeader('content-type', 'application/json'); response.end(JSON.stringify(value)); };
        if (url.pathname === '/docs/methods.json') {
          if (!catalogue) {
            const methods = JSON.parse(execFileSync(process.env.CORDBOARD_BIN ?? '../target/debug/cordboard', ['methods', '--json'], { maxBuffer: 1 << 26 }).toString());
            const names: string[] = ['Owner', 'Admin', 'Support', 'Supervisor', 'Developer', 'Call list manager', 'Accountant', 'User manager', 'Payer', 'PayerNoVerify', 'PhoneNumberManager', 'CallsSMS', 'Editor', 'Viewer'];
            catalogue = JSON.stringify({
              methods, errors: [], basic: methods.filter((m: any) => m.basic).map((m: any) => m.name),
              roles: names.map((role_name, i) => ({ role_id: i + 1, role_name, about: `What ${role_name} is for, in a sentence or two of ordinary length.`, methods: methods.filter((m: any) => m.basic || m.roles.includes(role_name)).map((m: any) => m.name) })),
            });
          }
          response.setHeader('content-type', 'application/json');
          return void response.end(catalogue);
        }
        if (!url.pathname.startsWith('/panel/')) return next();
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const text = Buffer.concat(chunks).toString();
        if (url.pathname === '/panel/sign-in') {
          const { account, password } = JSON.parse(text);
          const body = new URLSearchParams({ [account.includes('@') ? 'account_email' : 'account_name']: account, account_password: password });
          const answer = JSON.parse((await api('Logon', body, undefined)).text);
          if (answer.error) return json(answer);
          signed = { account: answer.account_name, session: answer.result, methods: [] };
          signed.methods = JSON.parse((await api('GetAccountInfo', new URLSearchParams())).text).result.access_entries;
          return json(await session(null));
        }
        if (url.pathname === '/panel/sign-out') { signed = undefined; return json({ result: 1 }); }
        if (!signed) return json({ error: { code: 137, msg: 'Sign in first.' } }, 401);
        const method = url.pathname.slice('/panel/api/'.length);
        const body = new URLSearchParams(request.method === 'GET' ? url.searchParams : text);
        if (method === 'GetPanelSession') return json(await session(body.get('account_id')));
        const answer = await api(method, body);
        response.setHeader('content-type', answer.type);
        response.end(answer.text);
      });
    },
  };
}
