/** The official Node client, as `tests/clients/node` has it, with a credentials file. */
import { createRequire } from 'node:module';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('../../clients/node/', import.meta.url));

/** Fails when the client is not installed; `run` does that. */
export const CLIENT = createRequire(join(folder, 'package.json')).resolve('@voximplant/apiclient-nodejs');

/** One call of the client in a process of its own, which trusts the server's authority: `[group, method, request]`. */
export async function officially(cordboard, credentials, group, method, request = {}) {
    const file = join(await mkdtemp(join(tmpdir(), 'cordboard-key-')), 'credentials.json');
    await writeFile(file, credentials, { mode: 0o600 });
    const script = `
        const client = require(process.env.CLIENT);
        const [pathToCredentials, host, group, method, request] = JSON.parse(process.env.CALL);
        const connected = new client.default({ pathToCredentials, host });
        connected.onReady = async () => console.log(JSON.stringify(await connected[group][method](request)));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
        env: {
            ...process.env,
            CLIENT,
            CALL: JSON.stringify([file, new URL(cordboard.runtime.https).host, group, method, request]),
            NODE_EXTRA_CA_CERTS: cordboard.runtime.ca,
            VOXIMPLANT_CREDENTIALS: '',
            NO_PROXY: 'localhost,127.0.0.1',
            no_proxy: 'localhost,127.0.0.1',
        },
        timeout: 60_000,
    });
    return JSON.parse(stdout);
}
