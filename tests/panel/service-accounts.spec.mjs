/** Part 2: the flow as users of service accounts know it, with the official client beside it. */
import { officially } from './support/client.mjs';
import { chooseFor, expect, go, said, saved, test } from './support/panel.mjs';

async function addRole(page, name) {
    await page.getByRole('button', { name: 'Add role' }).click();
    await page.getByRole('menuitem', { name, exact: false }).first().click();
    await expect(page.getByRole('button', { name: `Remove the role ${name}` })).toBeVisible();
}

test('a service account made in the editor works with the official client until its role is taken away', async ({ owner: page, cordboard }) => {
    await go(page, '/', 'Overview');
    await page.getByRole('link', { name: 'Service accounts', exact: true }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: 'Service accounts' })).toBeVisible();
    await page.getByRole('link', { name: 'Add', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'New service account' })).toBeVisible();
    await page.getByRole('textbox', { name: /^Description/ }).fill("signs the night's builds");

    // Without a role the editor says what is left.
    await expect(page.getByRole('heading', { name: 'Basic methods only' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'GetAccountInfo' })).toBeVisible();
    await addRole(page, 'Developer');
    await expect(page.getByRole('heading', { name: 'Basic methods only' })).toHaveCount(0);
    await page.locator('.role', { hasText: 'Developer' }).getByText(/\d+ methods/).click();
    await expect(page.locator('.role').getByRole('link', { name: 'StartScenarios' })).toBeVisible();

    const { name, text } = await saved(page, () => page.getByRole('button', { name: 'Generate key' }).click());
    expect(name).toMatch(/^credentials-\w{8}\.json$/);
    const credentials = JSON.parse(text);
    expect(Object.keys(credentials)).toEqual(['account_email', 'account_id', 'key_id', 'private_key']);
    expect(credentials.account_email).toBe('owner@localhost.localdomain');
    expect(credentials.private_key).toContain('BEGIN PRIVATE KEY');
    await page.getByRole('alertdialog').getByRole('button', { name: 'To the list' }).click();

    const listed = await officially(cordboard, text, 'Applications', 'getApplications');
    expect(listed.error).toBeUndefined();
    expect(listed.result).toBeInstanceOf(Array);

    const row = page.getByRole('row', { name: /signs the night's builds/ });
    await expect(row).toContainText('Developer');
    await expect(row).toContainText(credentials.key_id);
    await chooseFor(page, "signs the night's builds", 'Edit');
    await expect(page.getByRole('heading', { level: 1, name: "signs the night's builds" })).toBeVisible();
    await page.getByRole('button', { name: 'Remove the role Developer' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await said(page, 'The service account is saved.');
    const refused = await officially(cordboard, text, 'Applications', 'getApplications');
    expect(refused.error.code).toBe(104);
    const basic = await officially(cordboard, text, 'Accounts', 'getAccountInfo');
    expect(basic.error).toBeUndefined();

    // What the key used, and the smallest roles that cover it.
    await addRole(page, 'Developer');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
    const again = await officially(cordboard, text, 'Applications', 'getApplications');
    expect(again.error).toBeUndefined();
    await page.reload();
    const usage = page.getByRole('table', { name: 'What it used' });
    await expect(usage.getByRole('row', { name: /GetApplications/ })).toBeVisible();

    await page.getByRole('link', { name: 'Service accounts', exact: true }).first().click();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await chooseFor(page, "signs the night's builds", 'Copy key id');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(credentials.key_id);
    await chooseFor(page, "signs the night's builds", 'Delete');
    await page.getByRole('alertdialog').getByRole('textbox').fill(credentials.key_id.slice(0, 8));
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await said(page, 'The service account is deleted.');
    const gone = await officially(cordboard, text, 'Accounts', 'getAccountInfo');
    expect(gone.error.code).toBe(100);
});
