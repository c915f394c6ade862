/** Parts 2, 3 and 8: earlier versions, secrets, stored items, the smallest roles, and the reference's form. */
import { officially } from './support/client.mjs';
import { chooseFor, expect, go, said, test } from './support/panel.mjs';

test('an earlier version is compared and restored', async ({ owner: page, cordboard }) => {
    const { application_id, scenario_id } = await cordboard.scenario('versioned', "Logger.write('first');");
    await cordboard.call('SetScenarioInfo', { scenario_id, scenario_script: "Logger.write('second');" });
    await go(page, `/applications/${application_id}/scenarios/${scenario_id}`, 'versioned');
    await page.getByRole('button', { name: 'Versions' }).click();
    await page.getByText('Version 1', { exact: true }).click();
    await expect(page.getByText('Version 1, and the text in the editor')).toBeVisible();
    await expect(page.locator('.cm-deletedText, .cm-changedText').first()).toBeVisible();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
    await said(page, 'Version 1 is restored.');
    const { result } = await cordboard.call('GetScenarios', { scenario_id, with_script: true });
    expect(result[0].scenario_script).toBe("Logger.write('first');");
    expect((await cordboard.call('GetScenarioVersions', { scenario_id })).result.map(({ version }) => version)).toEqual([3, 2, 1]);
});

test('a secret is added, changed and deleted, and a scenario reads it', async ({ owner: page, cordboard }) => {
    const script = "VoxEngine.addEventListener(AppEvents.HttpRequest, () => VoxEngine.getSecretValue('crm_token'));";
    const { application_id, rule_id } = await cordboard.scenario('secretive', script);
    await go(page, `/applications/${application_id}/secrets`, 'secretive');
    await page.getByRole('button', { name: 'Add secret' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('9 lives');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('s3cret-one');
    await dialog.getByRole('button', { name: 'Add secret' }).click();
    await expect(dialog.locator('.field-error')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('crm_token');
    await dialog.getByRole('button', { name: 'Add secret' }).click();
    await expect(page.getByRole('row', { name: /crm_token/ })).toBeVisible();
    expect(await page.content()).not.toContain('s3cret-one');
    const read = async () => (await fetch((await cordboard.run(rule_id)).media_session_access_url)).text();
    expect(await read()).toBe('s3cret-one');

    await chooseFor(page, 'crm_token', 'Edit');
    await dialog.getByRole('textbox', { name: 'New value' }).fill('s3cret-two');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toHaveCount(0);
    expect(await read()).toBe('s3cret-two');

    await chooseFor(page, 'crm_token', 'Delete');
    await page.getByRole('alertdialog').getByRole('textbox').fill('crm_token');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByRole('row', { name: /crm_token/ })).toHaveCount(0);
    expect((await cordboard.call('GetSecrets', { application_id })).result).toEqual([]);
});

test('the form of a user says what a password must be before the server does', async ({ owner: page, cordboard }) => {
    const { application_id } = await cordboard.scenario('peopled', '');
    await go(page, `/applications/${application_id}/users`, 'peopled');
    await page.getByRole('button', { name: 'Add user' }).first().click();
    const dialog = page.getByRole('dialog');
    const password = dialog.getByRole('textbox', { name: 'Password' });
    await expect(password).toHaveAccessibleDescription(/8 to 512 characters without spaces.*At least 5 of them differ, and a name of 5 characters or more is no part of it/);
    await dialog.getByRole('textbox', { name: 'Login name' }).fill('annaberg');
    await dialog.getByRole('textbox', { name: 'Display name' }).fill('Anna Berg');
    for (const [wrong, why] of [['Cord board-7', 'must not contain spaces'], ['Annaberg-7', 'leave the name out'], ['Aa1-Aa1-', 'more different characters']]) {
        await password.fill(wrong);
        await dialog.getByRole('button', { name: 'Add user' }).click();
        await expect(dialog.locator('.field-error')).toContainText(why);
    }
    await password.fill('Cord-board-7');
    await dialog.getByRole('button', { name: 'Add user' }).click();
    await expect(page.getByRole('row', { name: /annaberg/ })).toBeVisible();
});

test('an item is stored, found by its beginning, changed and deleted', async ({ owner: page, cordboard }) => {
    const { application_id } = await cordboard.scenario('storing', '');
    await cordboard.call('SetKeyValueItem', { application_id, key: 'other:1', value: 'x', ttl: 600 });
    await go(page, `/applications/${application_id}/storage`, 'storing');
    await page.getByRole('button', { name: 'Add item' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill('calls:1');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('seven');
    await dialog.getByRole('button', { name: 'Add item' }).click();
    await expect(page.getByText('calls:1')).toBeVisible();
    expect((await cordboard.call('GetKeyValueItem', { application_id, key: 'calls:1' })).result.value).toBe('seven');
    await page.getByLabel('Key begins with').fill('calls:');
    await expect(page.getByText('other:1')).toHaveCount(0);
    await expect(page.getByText('calls:1')).toBeVisible();
    await chooseFor(page, 'calls:1', 'Delete');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('calls:1')).toHaveCount(0);
    expect((await cordboard.call('GetKeyValueItems', { application_id, key: 'calls:' })).result).toEqual([]);
});

test('the smallest roles that cover what a key called are taken over', async ({ owner: page, cordboard }) => {
    const made = await cordboard.call('CreateKey', { description: 'reads rules', role_name: 'Owner' });
    const asKey = (group, method, request) => officially(cordboard, JSON.stringify(made.result), group, method, request);
    expect((await asKey('Rules', 'getRules', { applicationName: 'demo' })).error).toBeUndefined();
    await go(page, `/service-accounts/${made.result.key_id}`, 'reads rules');
    await expect(page.getByRole('row', { name: /GetRules/ })).toBeVisible();
    await page.getByRole('button', { name: 'Take these roles' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await said(page, 'The service account is saved.');
    const roles = (await cordboard.call('GetKeyRoles', { key_id: made.result.key_id })).result.map(({ role_name }) => role_name);
    expect(roles).toHaveLength(1);
    expect(roles).not.toContain('Owner');
    expect((await asKey('Rules', 'getRules', { applicationName: 'demo' })).error).toBeUndefined();
    expect((await asKey('Applications', 'addApplication', { applicationName: 'more' })).error.code).toBe(104);
    await cordboard.call('DeleteKey', { key_id: made.result.key_id });
});

test('the reference calls a method as who is signed in', async ({ owner: page }) => {
    await page.goto('/docs/methods/GetAccountInfo');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.getByText('"account_name": "owner"')).toBeVisible();
});
