/** A Cordboard process on free ports with a data directory of its own, and calls to its API. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const BINARY = process.env.CORDBOARD;
assert.ok(BINARY, 'CORDBOARD is to name the binary; `run` sets it');
const START_MS = 60_000;
const END_MS = 60_000;

/** Waits until `condition` gives something, and gives it; `what` says what was waited for. */
export async function until(condition, what, most = 30_000) {
    const deadline = Date.now() + most;
    for (;;) {
        const found = await condition();
        if (found) return found;
        assert.ok(Date.now() < deadline, `not within ${most} ms: ${what}`);
        await new Promise((again) => setTimeout(again, 25));
    }
}

export class Cordboard {
    /** Starts a server and waits until it is ready. */
    static async start(...settings) {
        const self = new Cordboard();
        self.folder = await mkdtemp(join(tmpdir(), 'cordboard-panel-'));
        self.data = join(self.folder, 'data');
        self.logFile = join(self.folder, 'log');
        const log = openSync(self.logFile, 'w', 0o600);
        self.process = spawn(BINARY, ['serve', '--data-dir', self.data, '--http', '127.0.0.1:0', '--https', '127.0.0.1:0', '--sip', '127.0.0.1:0', ...settings], {
            cwd: self.folder,
            stdio: ['ignore', log, log],
        });
        closeSync(log);
        const runtime = join(self.data, 'runtime.json');
        try {
            await until(
                () => {
                    if (self.process.exitCode !== null) throw new Error('the server ended before it was ready');
                    return existsSync(runtime);
                },
                'the server is ready',
                START_MS,
            );
        } catch (error) {
            throw new Error(`${error.message}\n${await self.log()}`);
        }
        self.runtime = JSON.parse(await readFile(runtime, 'utf8'));
        self.url = self.runtime.http;
        self.ownerPassword = (await readFile(join(self.data, 'owner-password'), 'utf8')).split('\n')[0];
        self.credentials = JSON.parse(await readFile(self.runtime.credentials, 'utf8'));
        self.token = (await promisify(execFile)(BINARY, ['token', '--data-dir', self.data])).stdout.trim();
        return self;
    }

    log() {
        return readFile(this.logFile, 'utf8');
    }

    /** Ends the server; what it logged must hold no error. */
    async stop() {
        if (this.process.exitCode === null) {
            const ended = once(this.process, 'exit');
            this.process.kill('SIGTERM');
            const timer = setTimeout(() => this.process.kill('SIGKILL'), END_MS);
            await ended;
            clearTimeout(timer);
        }
        const errors = (await this.log()).split('\n').filter((line) => line.includes(' ERROR '));
        await rm(this.folder, { recursive: true, force: true });
        assert.deepEqual(errors, [], 'the server logged errors');
        assert.equal(this.process.exitCode, 0, 'the server ended with a failure');
    }

    /** The answer of a method, called with the owner's key. */
    async call(method, params = {}) {
        const response = await fetch(`${this.url}/platform_api/${method}`, {
            method: 'POST',
            headers: { Authorization: `Bearer ${this.token}` },
            body: new URLSearchParams(params),
        });
        const answer = await response.json();
        assert.equal(answer.error, undefined, `${method}: ${JSON.stringify(answer.error)}`);
        return answer;
    }

    /** An application with a rule whose scenario is `script`. */
    async scenario(name, script, { pattern = '.*' } = {}) {
        const { application_id } = await this.call('AddApplication', { application_name: name });
        const { scenario_id } = await this.call('AddScenario', { application_id, scenario_name: name, scenario_script: script });
        const { rule_id } = await this.call('AddRule', { application_id, rule_name: name, rule_pattern: pattern, scenario_id });
        return { application_id, scenario_id, rule_id };
    }

    /** Starts a rule's session. */
    run(rule_id, script_custom_data = '') {
        return this.call('StartScenarios', { rule_id, script_custom_data });
    }

    /** Waits until a session is in the history, and gives it. */
    ended(call_session_history_id) {
        return until(async () => (await this.call('GetCallHistory', { call_session_history_id })).result[0], `session ${call_session_history_id} ended`);
    }
}
