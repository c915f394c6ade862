import type { WorkerShape } from '@valtown/codemirror-ts/worker';
import * as Comlink from 'comlink';
import type { Service } from './worker';

export type { Choice, Problem, Source } from './worker';
export type RemoteService = Comlink.Remote<Service> & WorkerShape;

let started: Promise<RemoteService> | undefined;

/** The TypeScript service: one for all editors, started when the first one is shown. */
export function service(): Promise<RemoteService> {
  started ??= (async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'scenario types' });
    const remote = Comlink.wrap<Service>(worker) as unknown as RemoteService;
    await remote.initialize();
    return remote;
  })();
  return started;
}
