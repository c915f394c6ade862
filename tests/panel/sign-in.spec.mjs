/** Part 1: who comes in, and who does not. */
import { createHmac } from 'node:crypto';
import { Cordboard } from './support/cordboard.mjs';
import { PASSWORD, ask, chooseFor, expect, go, said, settled, signIn, signInByForm, test, watched } from './support/panel.mjs';

const overview = (page) => page.getByRole('heading', { level: 1, name: 'Overview' });
const signOut = async (page) => {
    await page.getByRole('button', { name: 'User menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
};

test('the first sign-in asks for a new password, and a sign-out ends the session', async ({ browser }) => {
    const cordboard = await Cordboard.start();
    try {
        const context = await browser.newContext({ baseURL: cordboard.runtime.panel });
        const page = await context.newPage();
        const wrong = watched(page);
        await page.goto('/history');
        await expect(page).toHaveURL(/\/sign-in\?next=%2Fhistory$/);
        await signInByForm(page, { password: 'Wrong-pass-1' });
        await expect(page.getByRole('alert').or(page.locator('.field-error')).first()).toBeVisible();
        await signInByForm(page, { password: cordboard.ownerPassword });

        await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
        const refused = await ask(page, 'GetApplications');
        expect(refused.error, 'nothing is answered before the password is changed').toBeTruthy();
        // The phone serves guests until then, and names the form instead of a method.
        await page.goto('/call?to=echo');
        await expect(page.getByRole('button', { name: 'Call Echo', exact: true })).toBeVisible();
        await expect(page.getByText('ChangePanelPassword')).toHaveCount(0);
        await page.getByRole('link', { name: 'Choose a password' }).click();
        await expect(page).toHaveURL(/\/sign-in\?next=%2Fcall%3Fto%3Decho$/);
        await page.goto('/applications');
        await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();

        const field = (name) => page.getByRole('textbox', { name, exact: true });
        await field('Present password').fill(cordboard.ownerPassword);
        await field('New password').fill(PASSWORD);
        await field('New password again').fill('Another-pass-7');
        await page.getByRole('button', { name: 'Set the password' }).click();
        await expect(page.getByText('The two passwords differ.')).toBeVisible();
        await field('New password').fill('short');
        await field('New password again').fill('short');
        await page.getByRole('button', { name: 'Set the password' }).click();
        await expect(page.locator('.field', { has: field('New password') }).locator('.field-error')).toBeVisible();
        await field('New password').fill(PASSWORD);
        await field('New password again').fill(PASSWORD);
        await page.getByRole('button', { name: 'Set the password' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Applications' })).toBeVisible();
        await settled(page);

        const [cookie] = await context.cookies(`${cordboard.runtime.panel}/panel`);
        expect(cookie.httpOnly).toBe(true);
        expect(cookie.sameSite).toBe('Strict');
        expect(cookie.path).toBe('/panel');
        await signOut(page);
        await context.addCookies([cookie]);
        expect((await ask(page, 'GetPanelSession')).status, 'the session is ended, not only forgotten').toBe(401);

        await page.goto('/');
        await signInByForm(page, { password: cordboard.ownerPassword });
        await expect(page.locator('.field-error, .notice').first()).toBeVisible();
        await signInByForm(page, { password: PASSWORD });
        await expect(overview(page)).toBeVisible();
        await signOut(page);
        await page.goto('/sign-in?next=%2Fcall%3Fto%3Decho');
        await signInByForm(page, { password: PASSWORD });
        await expect(page.getByText('Ready. Others can call blue.')).toBeVisible();
        expect(wrong).toEqual([]);
        await context.close();
    } finally {
        await cordboard.stop();
    }
});

test('a subuser is offered what it may do, and the server refuses the rest', async ({ owner: page, browser, cordboard }) => {
    await go(page, '/account/subusers', 'Subusers');
    await page.getByRole('button', { name: 'Add', exact: true }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('watcher');
    await dialog.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Add role' }).click();
    await page.getByRole('menuitem', { name: 'Supervisor' }).click();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await said(page, 'watcher can sign in now.');
    await expect(page.getByRole('row', { name: /watcher/ })).toContainText('Supervisor');

    const context = await browser.newContext({ baseURL: cordboard.runtime.panel });
    const theirs = await context.newPage();
    const wrong = watched(theirs);
    await theirs.goto('/');
    await signInByForm(theirs, { subuser: 'watcher', password: PASSWORD });
    // A password that somebody else has set is for the first sign-in only.
    await expect(theirs.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
    await theirs.getByRole('textbox', { name: 'Present password', exact: true }).fill(PASSWORD);
    await theirs.getByRole('textbox', { name: 'New password', exact: true }).fill('Watch-er-9');
    await theirs.getByRole('textbox', { name: 'New password again', exact: true }).fill('Watch-er-9');
    await theirs.getByRole('button', { name: 'Set the password' }).click();
    await expect(overview(theirs)).toBeVisible();
    const nav = theirs.getByRole('navigation', { name: 'Main' });
    await expect(nav.getByRole('link', { name: 'History' })).toBeVisible();
    await expect(nav.getByRole('link', { name: 'Authorized IPs' })).toHaveCount(0);
    await go(theirs, '/account/authorized-ips');
    await expect(theirs.getByText('Your roles do not allow this screen')).toBeVisible();
    await go(theirs, '/applications', 'Applications');
    await expect(theirs.getByRole('button', { name: 'Add application' })).toHaveCount(0);
    await go(theirs, '/live', 'Live sessions');
    await expect(theirs.getByRole('button', { name: 'Run a scenario' })).toHaveCount(0);
    expect((await ask(theirs, 'AddApplication', { application_name: 'sneaked' })).error.code).toBe(104);
    expect(wrong).toEqual([]);
    await context.close();

    await chooseFor(page, 'watcher', 'Delete');
    await page.getByRole('alertdialog').getByRole('textbox').fill('watcher');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await said(page, 'watcher is deleted.');
});

test('one goes into a child account and back', async ({ owner: page }) => {
    await go(page, '/account/child-accounts', 'Child accounts');
    await page.getByRole('button', { name: 'Add', exact: true }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('tenant-one');
    await dialog.getByRole('textbox', { name: 'E-mail' }).fill('tenant-one@example.org');
    await dialog.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await said(page, 'The account tenant-one is made.');
    await page.getByRole('button', { name: 'Enter tenant-one' }).click();
    await expect(page.getByText('You act on the child account tenant-one.')).toBeVisible();
    await page.getByRole('link', { name: 'Applications', exact: true }).first().click();
    await page.getByRole('button', { name: 'Add application' }).first().click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill('of-the-tenant');
    await page.getByRole('dialog').getByRole('button', { name: 'Add application' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'of-the-tenant' })).toBeVisible();
    await page.getByRole('button', { name: 'Back to owner' }).click();
    await expect(page.getByText('You act on the child account')).toHaveCount(0);
    await go(page, '/applications', 'Applications');
    await expect(page.getByRole('link', { name: 'of-the-tenant' })).toHaveCount(0);
});

test('panel sessions are listed and can be ended', async ({ owner: page, browser, cordboard }) => {
    const context = await browser.newContext({ baseURL: cordboard.runtime.panel, userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/99.0' });
    const other = await context.newPage();
    await signIn(other);
    await go(other, '/', 'Overview');
    await go(page, '/account/security', 'Security');
    const row = page.getByRole('row', { name: /Firefox 99/ });
    await row.getByRole('button', { name: 'End', exact: true }).or(row.getByRole('button', { name: /^End/ })).first().click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End' }).click();
    await said(page, 'The session is ended.');
    await other.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Applications' }).click();
    await expect(other).toHaveURL(/\/sign-in/);
    await context.close();
});

/** RFC 6238 with SHA-1, 30 s and six digits. */
function totp(secret, at = Date.now()) {
    const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
    const mac = createHmac('sha1', key).update(counter).digest();
    return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a second factor is set up, asked for and turned off', async ({ browser }) => {
    const cordboard = await Cordboard.start();
    try {
        const context = await browser.newContext({ baseURL: cordboard.runtime.panel });
        const page = await context.newPage();
        const wrong = watched(page);
        await signIn(page, { password: cordboard.ownerPassword });
        await ask(page, 'ChangePanelPassword', { old_password: cordboard.ownerPassword, new_password: PASSWORD });
        await go(page, '/account/security', 'Security');
        await page.getByRole('button', { name: 'Set up' }).click();
        const dialog = page.getByRole('alertdialog');
        await dialog.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
        await dialog.getByRole('button', { name: 'Continue' }).click();
        const secret = (await dialog.locator('code').first().textContent()).replace(/\s/g, '');
        const code = dialog.getByRole('textbox', { name: 'Code from the app' });
        await code.fill(totp(secret) === '000000' ? '000001' : '000000');
        await dialog.getByRole('button', { name: 'Turn on' }).click();
        await expect(dialog.locator('.field-error')).toBeVisible();
        await code.fill(totp(secret));
        await dialog.getByRole('button', { name: 'Turn on' }).click();
        await expect(dialog.getByRole('heading', { name: 'Keep your recovery codes' })).toBeVisible();
        const recovery = (await dialog.locator('li').first().textContent()).trim();
        await dialog.getByRole('button', { name: 'I have kept them' }).click();
        await expect(page.getByText('On', { exact: true })).toBeVisible();
        await signOut(page);
        await signInByForm(page, { password: PASSWORD });
        await expect(page.getByRole('heading', { name: 'Second factor' })).toBeVisible();
        expect((await ask(page, 'GetPanelSession')).status).toBe(401);
        await page.getByRole('textbox', { name: 'Code from your authenticator app' }).fill(recovery);
        await page.getByRole('button', { name: 'Continue' }).click();
        await expect(overview(page)).toBeVisible();
        await go(page, '/account/security', 'Security');
        await page.getByRole('button', { name: 'Turn off' }).click();
        await page.getByRole('alertdialog').getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
        await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click();
        await said(page, 'The second factor is off.');
        expect(wrong).toEqual([]);
        await context.close();
    } finally {
        await cordboard.stop();
    }
});
