/** One failure of a call, as the server words it. `code` 0: the server could not be reached. */
export interface Failure {
  code: number;
  msg: string;
  field?: string;
}

/** A refused or failed call. `failures` has every field's sentence when the server names several. */
export class ApiError extends Error {
  readonly failures: readonly Failure[];

  constructor(failures: readonly Failure[]) {
    super(failures[0]?.msg ?? '');
    this.name = 'ApiError';
    this.failures = failures;
  }

  get code(): number {
    return this.failures[0]?.code ?? 0;
  }

  get msg(): string {
    return this.message;
  }

  get field(): string | undefined {
    return this.failures[0]?.field;
  }
}

/** What a parameter may be. Lists are joined with `;`, absent and empty values are left out, a file goes as multipart. */
export type Value = string | number | boolean | null | undefined | Blob | readonly (string | number)[];
export type Params = Record<string, Value>;

interface Wire {
  error?: { code: number; msg: string; field_name?: string };
  errors?: { code: number; msg: string; field_name?: string }[];
}

const ACTING = 'cordboard.acting-account';
let onSignedOut: () => void = () => undefined;

/** Called once for each answer 401, to show the sign-in. */
export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
}

/** The child account that this browser tab acts on; absent on the own account. */
export function actingAccount(): number | undefined {
  const text = sessionStorage.getItem(ACTING);
  return text ? Number(text) : undefined;
}

export function setActingAccount(id: number | undefined): void {
  if (id === undefined) sessionStorage.removeItem(ACTING);
  else sessionStorage.setItem(ACTING, String(id));
}

function fields(params: Params): [string, string | Blob][] {
  const all: Params = { account_id: actingAccount(), ...params };
  return Object.entries(all).flatMap(([name, value]): [string, string | Blob][] => {
    if (value === undefined || value === null || value === '') return [];
    if (value instanceof Blob) return [[name, value]];
    if (typeof value === 'object') return value.length ? [[name, value.join(';')]] : [];
    return [[name, String(value)]];
  });
}

/** The failures an answer names, or none. */
export function failuresOf(answer: unknown): Failure[] {
  const { error, errors } = (answer ?? {}) as Wire;
  const all = errors?.length ? errors : error ? [error] : [];
  return all.map(({ code, msg, field_name }) => ({ code, msg, field: field_name }));
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'same-origin', headers: { 'X-Cordboard-Panel': '1', ...init.headers } });
  } catch (cause) {
    if ((cause as Error).name === 'AbortError') throw cause;
    throw new ApiError([{ code: 0, msg: 'The server does not answer. Check that it runs and that this device is online.' }]);
  }
}

async function read<T>(response: Response): Promise<T> {
  const answer: unknown = await response.json().catch(() => ({ error: { code: 0, msg: `The server answered ${response.status} and no JSON.` } }));
  const failures = failuresOf(answer);
  if (response.status === 401) onSignedOut();
  if (failures.length) throw new ApiError(failures);
  if (!response.ok) throw new ApiError([{ code: 0, msg: `The server answered ${response.status}.` }]);
  return answer as T;
}

/** Calls a method as the signed-in user. The answer is the whole object, `result` included. */
export async function call<T = { result: unknown }>(method: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const entries = fields(params);
  let body: URLSearchParams | FormData;
  if (entries.some(([, value]) => value instanceof Blob)) {
    body = new FormData();
    for (const [name, value] of entries) body.append(name, value);
  } else {
    body = new URLSearchParams(entries as [string, string][]);
  }
  return read<T>(await send(`/panel/api/${method}`, { method: 'POST', body, signal }));
}

/** The address of a read method's file answer, for a download link or `window.location`. */
export function downloadAddress(method: string, params: Params = {}): string {
  return `/panel/api/${method}?${new URLSearchParams(fields(params) as [string, string][])}`;
}

/** Posts JSON to one of the panel's own addresses (`/panel/sign-in`, `/panel/sign-out`). */
export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  return read<T>(await send(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }));
}
