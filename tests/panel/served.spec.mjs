/** How the panel is served and built. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, settled, test } from './support/panel.mjs';

const PANEL = fileURLToPath(new URL('../../panel/', import.meta.url));

/** Bytes over the wire until the first view is there. */
const FIRST_VIEW_BYTES = 300_000;

async function weigh(page, path, there) {
    const requests = [];
    const keep = (request) => requests.push(request);
    page.on('requestfinished', keep);
    await page.goto(path);
    await there();
    await page.waitForLoadState('networkidle');
    page.off('requestfinished', keep);
    let bytes = 0;
    for (const request of requests) {
        const { responseBodySize, responseHeadersSize } = await request.sizes();
        bytes += responseBodySize + responseHeadersSize;
    }
    return { bytes, paths: requests.map((request) => new URL(request.url()).pathname) };
}

test('the first view is small and has no editor', async ({ page }) => {
    const { bytes, paths } = await weigh(page, '/', () => expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible());
    console.log(`the sign-in: ${bytes} bytes`);
    expect(bytes).toBeLessThan(FIRST_VIEW_BYTES);
    expect(paths.filter((path) => /editor|worker/i.test(path))).toEqual([]);
});

test('the overview is small and has no editor', async ({ owner: page }) => {
    const { bytes, paths } = await weigh(page, '/', () => settled(page));
    console.log(`the overview: ${bytes} bytes`);
    expect(bytes).toBeLessThan(FIRST_VIEW_BYTES);
    expect(paths.filter((path) => /CodeEditor|worker/i.test(path))).toEqual([]);
});

test('the phone is small, and its page alone may have the microphone', async ({ page, request }) => {
    const { bytes, paths } = await weigh(page, '/call', () => expect(page.getByRole('heading', { level: 1, name: 'Call' })).toBeVisible());
    console.log(`the phone: ${bytes} bytes`);
    expect(bytes).toBeLessThan(FIRST_VIEW_BYTES);
    expect(paths.filter((path) => /CodeEditor|worker/i.test(path))).toEqual([]);
    const headers = async (path) => (await request.get(path, { headers: { accept: 'text/html' } })).headers();
    expect((await headers('/call'))['permissions-policy']).toContain('microphone=(self)');
    for (const path of ['/', '/sign-in', '/call.html', '/call/guest']) expect((await headers(path))['permissions-policy'], path).toContain('microphone=()');
});

test('the pages forbid what they do not need', async ({ request, cordboard }) => {
    const page = await request.get('/', { headers: { accept: 'text/html' } });
    const policy = page.headers()['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers()['x-content-type-options']).toBe('nosniff');
    const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text());
    const asset = await request.get(script);
    expect(asset.headers()['cache-control']).toContain('immutable');
    // The cookie's requests need the panel's own header, and a foreign name is no loopback.
    expect((await request.post('/panel/api/GetPanelSession')).ok()).toBe(false);
    const { port } = new URL(cordboard.runtime.panel);
    const foreign = await request.get('/', { headers: { accept: 'text/html', host: `panel.example.org:${port}` } });
    expect(await foreign.text()).not.toContain('/assets/');
});

test('an address of no screen says so', async ({ owner: page }) => {
    await page.goto('/no/such/screen');
    await expect(page.getByText('There is nothing at this address')).toBeVisible();
});

test('an address with a number of nothing says what is missing, and leads back', async ({ owner: page, cordboard }) => {
    const { application_id } = await cordboard.scenario('numbered', '');
    const [noApplication, noScenario] = ['This application does not exist', 'This scenario does not exist'];
    const [toApplications, toScenarios] = ['To the applications', /^(To the scenarios|Scenarios of numbered)$/];
    for (const [path, said, back] of [
        ['/applications/x', noApplication, toApplications],
        ['/applications/x/rules', noApplication, toApplications],
        ['/applications/-1/users', noApplication, toApplications],
        ['/applications/1e3/secrets', noApplication, toApplications],
        ['/applications/99999999999999999999/storage', noApplication, toApplications],
        ['/applications/987654321/scenarios', noApplication, toApplications],
        ['/applications/x/scenarios/1', noApplication, toApplications],
        [`/applications/${application_id}/scenarios/x`, noScenario, toScenarios],
        [`/applications/${application_id}/scenarios/987654321`, noScenario, toScenarios],
        ['/history/x', 'There is no ended session with this number', 'History'],
        ['/history/987654321', 'There is no ended session with this number', 'See whether it runs'],
        ['/live/x', 'No session of this account has this number', 'Live sessions'],
        ['/live/987654321', 'No session of this account has this number', 'Live sessions'],
        ['/service-accounts/x', 'There is no such service account', 'To the list'],
    ]) {
        await page.goto(path);
        await expect(page.getByRole('heading', { name: said }), path).toBeVisible();
        await expect(page.locator('.nothing').getByRole('link', { name: back }), path).toBeVisible();
        await expect(page.getByText('NaN'), path).toHaveCount(0);
    }
    // A page of a list that is none is the first.
    for (const offset of ['x', '0.5', '-3', '1e30']) {
        await page.goto(`/history?offset=${offset}`);
        await expect(page.getByText(/This list could not be read|No session ended|^Session \d/).first()).toBeVisible();
        await expect(page.getByText('This list could not be read'), offset).toHaveCount(0);
    }
});

async function prints(folder) {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const found = {};
    for (const file of files.filter((one) => one.isFile())) {
        const path = join(file.parentPath ?? file.path, file.name);
        found[relative(folder, path)] = createHash('sha256').update(await readFile(path)).digest('hex');
    }
    return Object.fromEntries(Object.entries(found).sort());
}

test('panel/dist is what panel/ builds', async () => {
    test.setTimeout(400_000);
    const folder = await mkdtemp(join(tmpdir(), 'cordboard-panel-build-'));
    try {
        const copy = join(folder, 'panel');
        await cp(PANEL, copy, { recursive: true, filter: (source) => !/^(node_modules|dist)(\/|$)/.test(relative(PANEL, source)) });
        const npm = (...args) => promisify(execFile)('npm', args, { cwd: copy, maxBuffer: 1 << 26 });
        await npm('ci', '--prefer-offline', '--loglevel=error');
        await npm('run', 'build');
        expect(await prints(join(PANEL, 'dist')), 'run npm ci && npm run build in panel/ and commit dist').toEqual(await prints(join(copy, 'dist')));
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
});
