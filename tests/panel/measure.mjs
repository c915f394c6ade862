/**
 * Seconds until a screen is usable on a slow line with a slow processor, and bytes of the first view. Run by hand:
 * `tests/panel/run --measure [runs] [large]`; `large` has 100,000 users and 1,000,000 sessions.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Cordboard } from './support/cordboard.mjs';

const PASSWORD = 'Cord-board-7';
const RUNS = Number(process.argv[2] ?? 5);
const LARGE = process.argv[3] === 'large';
const USERS = 100_000;
const SESSIONS = 1_000_000;

/** 1.6 Mbit/s both ways, 150 ms there and back; a processor that takes four times as long. */
const LINE = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 };
const SLOWER = 4;

const SCREENS = [
    ['Service accounts', 'Service accounts'],
    ['Applications', 'Applications'],
    ['Live sessions', 'Live sessions'],
    ['History', 'History'],
    ['Audit log', 'Audit log'],
    ['Profile', 'Profile'],
    ['Security', 'Security'],
];

const usable = (heading) => {
    const title = document.querySelector('h1');
    return title?.textContent === heading && !document.querySelector('.bone, .loading-bar, [aria-busy="true"]');
};

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const cordboard = await Cordboard.start('--limits-users', String(USERS));
if (LARGE) execFileSync('python3', [join(import.meta.dirname, 'support/fill.py'), join(cordboard.data, 'cordboard.db'), String(USERS), String(SESSIONS)]);
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const figures = new Map();
const note = (name, value) => figures.set(name, [...(figures.get(name) ?? []), value]);

async function slow(page) {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', LINE);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    return session;
}

/** A context without anything in its cache. */
async function fresh(signedIn) {
    const context = await browser.newContext({ baseURL: cordboard.runtime.panel, viewport: { width: 1280, height: 900 } });
    if (signedIn) {
        const response = await context.request.post('/panel/sign-in', { data: { account: 'owner', password: PASSWORD }, headers: { 'X-Cordboard-Panel': '1' } });
        if ((await response.json()).error) throw new Error(await response.text());
    }
    const page = await context.newPage();
    return { context, page, session: await slow(page) };
}

async function timed(act, page, heading) {
    const begun = performance.now();
    await act();
    await page.waitForFunction(usable, heading, { polling: 'raf', timeout: 60_000 });
    return (performance.now() - begun) / 1000;
}

/** Seconds until the next page of a list is there instead of this one. */
async function paged(page) {
    const first = await page.getByRole('row').nth(1).textContent();
    const begun = performance.now();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.waitForFunction(
        (before) => !document.querySelector('.bone, .loading-bar, [aria-busy="true"]') && document.querySelectorAll('[role="row"], tr')[1]?.textContent !== before,
        first,
        { polling: 'raf' },
    );
    return (performance.now() - begun) / 1000;
}

try {
    const { context: first } = { context: await browser.newContext({ baseURL: cordboard.runtime.panel }) };
    const headers = { 'X-Cordboard-Panel': '1' };
    await first.request.post('/panel/sign-in', { data: { account: 'owner', password: cordboard.ownerPassword }, headers });
    await first.request.post('/panel/api/ChangePanelPassword', { form: { old_password: cordboard.ownerPassword, new_password: PASSWORD }, headers });
    await first.close();
    for (let run = 0; run < RUNS; run++) {
        const out = await fresh(false);
        note('sign-in, cold', await timed(() => out.page.goto('/', { waitUntil: 'commit' }), out.page, 'Sign in'));
        await out.context.close();

        const { context, page, session } = await fresh(true);
        let bytes = 0;
        session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
        note('overview, cold', await timed(() => page.goto('/', { waitUntil: 'commit' }), page, 'Overview'));
        await page.waitForLoadState('networkidle');
        note('bytes of the overview, kB', bytes / 1000);
        for (const [link, heading] of SCREENS) {
            note(`${heading}, next`, await timed(() => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: link, exact: true }).click(), page, heading));
        }
        if (LARGE) {
            await page.goto('/applications/1/users');
            await page.waitForFunction(() => !document.querySelector('.bone, .loading-bar, [aria-busy="true"]') && document.querySelector('[role="row"]'));
            note('users, next page', await paged(page));
            await page.goto('/history');
            await page.waitForFunction(usable, 'History');
            note('sessions, next page', await paged(page));
        }
        await context.close();
    }
    console.log(`${RUNS} runs; the middle one, and the slowest`);
    for (const [name, values] of figures) console.log(`${name.padEnd(30)} ${middle(values).toFixed(2).padStart(8)} ${Math.max(...values).toFixed(2).padStart(8)}`);
} finally {
    await browser.close();
    await cordboard.stop();
}
