/** The running server, and the two ways to it: the official client, and plain https for what the client has no method for. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import client from '@voximplant/apiclient-nodejs';

const runtimeFile = process.env.CORDBOARD_RUNTIME;
export const runtime = JSON.parse(readFileSync(runtimeFile, 'utf8'));
export const host = new URL(runtime.https).host;

/** `documented` or `typings`: which shape the server was told to answer in. */
export const shape = process.env.CORDBOARD_SHAPE;

export const ownerCredentials = JSON.parse(readFileSync(runtime.credentials, 'utf8'));
export const ownerPassword = readFileSync(join(dirname(runtimeFile), 'owner-password'), 'utf8').split('\n')[0];

/** The methods of the reference that the server says it has. */
export const builtMethods = JSON.parse(readFileSync(process.env.CORDBOARD_METHODS, 'utf8'))
    .filter((method) => method.status === 'real' && method.origin === 'reference')
    .map((method) => method.name);

const files = mkdtempSync(join(tmpdir(), 'cordboard-walk-'));
process.on('exit', () => rmSync(files, { recursive: true, force: true }));
let written = 0;

/** Wire names of the methods that were called through the client. */
export const called = new Set();

const wireName = (name) => name[0].toUpperCase() + name.slice(1);

const recorded = (group) =>
    new Proxy(group, {
        get: (methods, name) => (request) => {
            called.add(wireName(name));
            return methods[name](request);
        },
    });

const groupsOf = (connected) => Object.entries(connected).filter(([name]) => /^[A-Z]/.test(name));

/** The official client with these credentials, as `client.Users.getUsers(…)` and so on; `accountId` is its own option. */
export async function connect(credentials, accountId) {
    const pathToCredentials = join(files, `${(written += 1)}.json`);
    writeFileSync(pathToCredentials, JSON.stringify(credentials), { mode: 0o600 });
    const connected = new client.default({ pathToCredentials, host, accountId });
    await new Promise((resolve) => {
        connected.onReady = resolve;
    });
    const groups = groupsOf(connected).map(([name, group]) => [name, recorded(group)]);
    return { ...Object.fromEntries(groups), authorization: () => connected.generateAuthHeader() };
}

export const owner = await connect(ownerCredentials);

/** Wire names of all methods that the client has. */
export const clientMethods = groupsOf(new client.default({ pathToCredentials: runtime.credentials, host })).flatMap(([, group]) =>
    Object.keys(group).map(wireName),
);

/** A call without the client. `authorization` is a header's text, or nothing where the parameters hold the credentials. */
export async function plain(method, parameters, authorization) {
    const headers = authorization ? { Authorization: authorization } : {};
    const url = `${runtime.https}/platform_api/${method}`;
    const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(parameters) });
    return response.json();
}

/** A key's credentials file. Through the client where its typings can carry the answer. */
export async function makeKey(maker, description, roleName) {
    if (shape === 'typings') {
        const { result } = await maker.RoleSystem.createKey({ description, ...(roleName && { roleName }) });
        const { accountEmail, accountId, keyId, privateKey } = result[0];
        return { account_email: accountEmail, account_id: accountId, key_id: keyId, private_key: privateKey };
    }
    const answer = await plain('CreateKey', { description, ...(roleName && { role_name: roleName }) }, maker.authorization());
    return answer.result;
}

/** The code of the refusal that a call resolves with. */
export async function refusal(call) {
    const answer = await call;
    return answer.error?.code;
}
