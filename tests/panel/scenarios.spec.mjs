/** Parts 3 to 5: a scenario from the editor to the history. */
import { choose, chooseFor, expect, go, said, saved, settled, test } from './support/panel.mjs';

const SCRIPT = [
    "VoxEngine.addEventListener(AppEvents.Started, () => { Logger.write('begun with ' + VoxEngine.customData()); });",
    'VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => {',
    "  Logger.write('asked: ' + e.content);",
    "  return JSON.stringify({ heard: e.content });",
    '});',
].join('\n');

async function type(page, name, text) {
    const editor = page.getByRole('textbox', { name: `Code of ${name}` });
    await editor.click();
    await page.keyboard.press('Control+A');
    // Typing over a selection, Chromium itself styles what it inserts, which the policy refuses and the console tells.
    await page.keyboard.press('Backspace');
    await page.keyboard.insertText(text);
}

test('a scenario typed in the editor answers on its control URL', async ({ owner: page, cordboard }) => {
    await go(page, '/applications', 'Applications');
    await page.getByRole('button', { name: 'Add application' }).first().click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill('typed');
    await page.getByRole('dialog').getByRole('button', { name: 'Add application' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'typed' })).toBeVisible();

    await page.getByRole('link', { name: 'Scenarios', exact: true }).click();
    await page.getByRole('button', { name: 'Add scenario' }).first().click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill('repeater');
    await page.getByRole('dialog').getByRole('button', { name: 'Add and edit' }).click();
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await type(page, 'repeater', 'const broken = ;');
    await save.click();
    await expect(page.getByText(/Not saved: line 1/)).toBeVisible();
    await type(page, 'repeater', SCRIPT);
    await save.click();
    await said(page, 'repeater is saved.');

    // The editor knows the runtime.
    await page.getByRole('textbox', { name: 'Code of repeater' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('\nVoxEngine.');
    await page.keyboard.press('Control+Space');
    await expect(page.locator('.cm-tooltip-autocomplete')).toContainText('customData');
    await page.keyboard.press('Escape');
    await type(page, 'repeater', SCRIPT);

    await page.getByRole('button', { name: 'Versions' }).click();
    await expect(page.getByText('Version 2', { exact: true }).first()).toBeVisible();

    await page.getByRole('link', { name: 'Scenarios of typed' }).click();
    await page.getByRole('link', { name: 'Rules', exact: true }).click();
    for (const [name, pattern] of [['local', '1\\d{3}'], ['everything', '.*']]) {
        await page.getByRole('button', { name: 'Add rule' }).first().click();
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
        await dialog.getByRole('textbox', { name: 'Pattern' }).fill(pattern);
        await choose(dialog, 'Add a scenario', 'repeater');
        await dialog.getByRole('button', { name: 'Add rule' }).click();
        await expect(dialog).toHaveCount(0);
    }
    const number = page.getByRole('textbox', { name: 'Which rule would this number hit?' });
    await number.fill('1234');
    await page.getByRole('button', { name: 'Check' }).click();
    await expect(page.getByText('1234 goes to local and runs repeater.')).toBeVisible();
    await number.fill('99');
    await page.getByRole('button', { name: 'Check' }).click();
    await expect(page.getByText('99 goes to everything and runs repeater.')).toBeVisible();

    const first = () => page.getByRole('row').filter({ hasText: /local|everything/ }).first();
    await expect(first()).toContainText('local');
    await chooseFor(page, 'everything', 'Move up');
    await expect(first()).toContainText('everything');

    // Over the API, as a program would.
    const { result: rules } = await cordboard.call('GetRules', { application_name: 'typed' });
    const started = await cordboard.run(rules[0].rule_id, 'from a program');
    const answer = await fetch(started.media_session_access_url, { method: 'POST', body: 'hello' });
    expect(await answer.json()).toEqual({ heard: 'hello' });
    await cordboard.call('StopSession', { call_session_history_id: started.call_session_history_id });

    // And in the panel.
    await page.getByRole('link', { name: 'Live sessions', exact: true }).click();
    await page.getByRole('button', { name: 'Run a scenario' }).first().click();
    const dialog = page.getByRole('dialog');
    await choose(dialog, 'Application', /^typed$/);
    await choose(dialog, 'Rule', /^everything/);
    await dialog.getByRole('textbox', { name: /Custom data/ }).fill('by hand');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page).toHaveURL(/\/live\/\d+$/);
    const id = page.url().split('/').at(-1);
    const log = page.getByRole('region', { name: 'Log of the session' });
    await expect(log).toContainText('begun with by hand');

    await page.getByRole('textbox', { name: 'Path' }).fill('/answer?me=1');
    await page.getByRole('textbox', { name: /^Content \(/ }).fill('are you there?');
    await page.getByRole('button', { name: 'Send' }).click();
    const reply = page.getByRole('region', { name: 'Answer' });
    await expect(reply).toContainText('Status 200');
    await expect(reply).toContainText('{"heard":"are you there?"}');
    await expect(reply).toContainText(/after \d+ ms/);
    await expect(log, 'the log follows what is written').toContainText('asked: are you there?');

    await page.getByRole('textbox', { name: 'Find in the log' }).fill('ARE YOU');
    await expect(page.getByText(/^1 of \d+$/)).toBeVisible();
    await expect(log.locator('mark').first()).toHaveText('are you');

    await page.goBack();
    await expect(page.getByRole('row', { name: new RegExp(`Session ${id}\\b`) })).toContainText('by hand');
    await page.goForward();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
    await said(page, `Session ${id} is stopped.`);
    await expect(page.getByText('This session has ended.')).toBeVisible();
    await page.getByRole('link', { name: 'See it in the history' }).click();
    await expect(page).toHaveURL(new RegExp(`/history/${id}$`));
    await settled(page);
    await expect(page.getByText('Session ended: Terminated administratively')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Events' })).toContainText('Application.HttpRequest');
    const file = await saved(page, () => page.getByRole('button', { name: 'Download', exact: true }).click());
    expect(file.name).toBe(`session-${id}.log`);
    expect(file.text).toContain('begun with by hand');

    // The history, filtered.
    await page.getByRole('link', { name: 'History', exact: true }).first().click();
    await expect(page.getByRole('link', { name: `Session ${id}`, exact: true })).toBeVisible();
    await page.getByText('More filters').click();
    await page.getByRole('textbox', { name: 'Custom data' }).fill('from a program');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(page.getByRole('link', { name: `Session ${id}`, exact: true })).toHaveCount(0);
    await expect(page.getByRole('link', { name: `Session ${started.call_session_history_id}`, exact: true })).toBeVisible();
    await page.getByRole('textbox', { name: 'Session ids' }).fill('not a number');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(page.locator('.field', { hasText: 'Session ids' }).locator('.field-error')).toBeVisible();
    await page.getByRole('button', { name: 'Clear the filters' }).click();

    await page.getByRole('button', { name: 'Export' }).click();
    const csv = await saved(page, () => page.getByRole('dialog').getByRole('button', { name: 'Export' }).click());
    expect(csv.name).toMatch(/\.csv$/);
    expect(csv.text.split('\n')[0]).toContain('call_session_history_id');
    expect(csv.text).toContain('by hand');
});

test('a long export is a report with progress, and lists ask for a page only', async ({ owner: page, cordboard }) => {
    const { rule_id } = await cordboard.scenario('brief', 'VoxEngine.addEventListener(AppEvents.Started, () => VoxEngine.terminate());');
    const { call_session_history_id } = await cordboard.run(rule_id, 'brief one');
    await cordboard.ended(call_session_history_id);
    const asked = [];
    page.on('request', (request) => {
        if (request.url().includes('GetCallHistory')) asked.push(new URLSearchParams(request.postData() ?? ''));
    });
    // Dates further apart than an answer may span leave the report as the only way.
    await go(page, '/history?from_date=2020-01-01+00%3A00%3A00', 'History');
    await expect(page.locator('.field', { hasText: 'From' }).locator('.field-error').first()).toBeVisible();
    for (const params of asked) expect(Number(params.get('count'))).toBeLessThanOrEqual(50);
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Export' }).click();
    await expect(dialog.getByText('The report is being written.')).toBeVisible();
    const download = dialog.getByRole('button', { name: 'Download' });
    await expect(download).toBeVisible();
    const report = await saved(page, () => download.click());
    expect(report.text).toContain('brief one');
});

test('a long log holds few of its lines in the page', async ({ owner: page, cordboard }) => {
    const { rule_id } = await cordboard.scenario(
        'chatty',
        "VoxEngine.addEventListener(AppEvents.Started, () => { for (let i = 0; i < 2000; i++) Logger.write('line ' + i); VoxEngine.terminate(); });",
    );
    const { call_session_history_id: id } = await cordboard.run(rule_id);
    await cordboard.ended(id);
    await go(page, `/history/${id}`);
    await expect(page.getByText(/2,0\d\d lines/)).toBeVisible();
    const lines = page.locator('.log-line');
    expect(await lines.count()).toBeLessThan(150);
    await page.getByRole('textbox', { name: 'Find in the log' }).fill('line 1999');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Log of the session' })).toContainText('line 1999');
    expect(await lines.count()).toBeLessThan(150);
});
