import { UA, WebSocketInterface } from 'jssip';
import type { CallListener, RTCSession } from 'jssip/lib/RTCSession';
import type { RTCSessionEvent } from 'jssip/lib/UA';
import { ApiError } from '@/api/client';
import { parseTime } from '@/parts/time';
import { texts } from '@/texts';
import { outgoing, ring, type Outgoing } from './audio';
import { credential, type Credential, type Identity } from './credential';
import { meter, type Quality } from './quality';
import { reasonOf, type Ended, type Reason } from './reason';

/** `microphone`: the browser asks. `offered`: somebody calls. `over`: its reason is shown until the next call. */
export type Stage = 'microphone' | 'connecting' | 'ringing' | 'early' | 'offered' | 'talking' | 'over';

export interface CallState {
  /** As it is shown. */
  peer: string;
  /** What calls the peer back. */
  number: string;
  incoming: boolean;
  stage: Stage;
  /** When it was answered, ms of `Date.now()`. */
  since?: number;
  until?: number;
  muted: boolean;
  /** Why nothing is sent. */
  silent?: Outgoing['silent'];
  /** The keys pressed in it. */
  keys: string;
  quality?: Quality;
  reason?: Reason;
}

export interface PhoneState {
  line: 'off' | 'connecting' | 'ready' | 'lost';
  /** Why the line is lost. */
  trouble?: string;
  call?: CallState;
}

const QUALITY_MS = 1_000;

/** Addresses of this machine are found at once; what is slower than this is not waited for. */
const CANDIDATES_MS = 500;

/** A credential is not begun with when it ends within this time. */
const MARGIN_MS = 20_000;

const RETRY_MS = { first: 2_000, most: 60_000 };
const CONNECT_MS = 15_000;

/** A tone and the pause behind it. RFC 4733 §2.5.2 has 40 ms at least; older gateways want more. */
const TONE_MS = { on: 120, pause: 70 };

/** No servers: every address that the other side needs is in the description. */
const CONNECTION: RTCConfiguration = { iceServers: [] };

interface Line {
  ua: UA;
  given: Credential;
}

/** One phone: a line that comes and goes, and one call at a time. */
export class Phone {
  private state: PhoneState = { line: 'off' };
  private readonly listeners = new Set<() => void>();
  private line?: Line;
  private session?: RTCSession;
  private out?: Outgoing;
  private silence?: () => void;
  private timer?: ReturnType<typeof setInterval>;
  private retry?: ReturnType<typeof setTimeout>;
  private wait = RETRY_MS.first;
  private closed = false;
  /** The line must be renewed, but not during the call. */
  private stale = false;
  /** Grows with each call, so that what belongs to an earlier one is known. */
  private turn = 0;

  constructor(
    private readonly identity: Identity,
    private readonly audio: HTMLAudioElement,
  ) {
    // Who signs in can be called; a guest's line comes with the first call.
    if (identity.kind === 'user') void this.online().catch(() => undefined);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): PhoneState => this.state;

  get connection(): RTCPeerConnection | undefined {
    return this.session?.connection ?? undefined;
  }

  private set(change: Partial<PhoneState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  private change(change: Partial<CallState>): void {
    if (this.state.call) this.set({ call: { ...this.state.call, ...change } });
  }

  private get busy(): boolean {
    return this.state.call !== undefined && this.state.call.stage !== 'over';
  }

  /** A line that may be used: the one that is there, or a new one with a new credential. */
  async online(): Promise<Line> {
    if (this.line && this.state.line === 'ready' && !this.stale && (this.identity.kind === 'user' || !endsSoon(this.line.given))) return this.line;
    this.drop();
    this.set({ line: 'connecting', trouble: undefined });
    try {
      const given = await credential(this.identity);
      if (this.closed) throw new Error('closed');
      const line = { ua: this.agent(given), given };
      this.line = line;
      await this.connected(line);
      this.wait = RETRY_MS.first;
      this.set({ line: 'ready', trouble: undefined });
      return line;
    } catch (error) {
      this.lost(error instanceof ApiError && error.msg ? error.msg : error instanceof Error && error.message ? error.message : texts.call.reasons.connection);
      throw error;
    }
  }

  private agent({ user_name, authorization_user, password, domain, ws_path }: Credential): UA {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    return new UA({
      sockets: [new WebSocketInterface(`${scheme}://${window.location.host}${ws_path}`)],
      uri: `sip:${user_name}@${domain}`,
      // A guest has borrowed the user; who signed in is shown as the server knows the user.
      display_name: this.identity.kind === 'guest' ? texts.call.guestName : undefined,
      authorization_user,
      password,
      register: this.identity.kind === 'user',
      session_timers: false,
      user_agent: texts.product,
    });
  }

  /** Waits until the line is registered, or for a guest connected; later troubles of it make it lost. */
  private connected(line: Line): Promise<void> {
    const { ua } = line;
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(slow);
        reject(new Error(why));
        if (this.line !== line || this.state.line !== 'ready') return;
        if (this.busy && ua.isConnected()) this.stale = true;
        else this.lost(why);
      };
      const slow = setTimeout(() => fail(texts.call.reasons.connection), CONNECT_MS);
      const done = () => {
        clearTimeout(slow);
        resolve();
      };
      ua.on('connected', () => this.identity.kind === 'guest' && done());
      ua.on('registered', done);
      ua.on('registrationFailed', ({ response }) => fail(response?.status_code === 403 ? texts.call.reasons.forbidden : texts.call.reasons.credential));
      ua.on('disconnected', () => fail(texts.call.reasons.connection));
      ua.on('newRTCSession', ({ session, originator }: RTCSessionEvent) => {
        if (originator === 'remote') this.offered(session);
      });
      ua.start();
    });
  }

  /** A user's line is tried again by and by; a guest's with the next call. */
  private lost(trouble: string): void {
    // Without the line nobody can end the call.
    if (this.session) this.over({ sentence: trouble });
    this.drop();
    if (this.closed) return;
    this.set({ line: this.identity.kind === 'user' ? 'lost' : 'off', trouble });
    if (this.identity.kind === 'guest') return;
    this.retry = setTimeout(() => void this.online().catch(() => undefined), this.wait);
    this.wait = Math.min(this.wait * 2, RETRY_MS.most);
  }

  private drop(): void {
    clearTimeout(this.retry);
    this.stale = false;
    const { line } = this;
    this.line = undefined;
    line?.ua.removeAllListeners();
    line?.ua.stop();
  }

  /** Calls a name, a number or a whole address. */
  async call(to: string, shown = to): Promise<void> {
    if (this.busy) return;
    const turn = this.begin({ peer: shown, number: to, incoming: false, stage: 'microphone', muted: false, keys: '' });
    this.out = await outgoing();
    if (turn !== this.turn) return this.out.close();
    this.change({ stage: 'connecting', silent: this.out.silent });
    await this.dial(to, turn, true);
  }

  private async dial(to: string, turn: number, first: boolean): Promise<void> {
    let line: Line;
    try {
      line = await this.online();
    } catch {
      if (turn === this.turn) this.over({ sentence: this.state.trouble ?? texts.call.reasons.connection });
      return;
    }
    if (turn !== this.turn || !this.out) return;
    let session: RTCSession;
    try {
      session = line.ua.call(target(to, line.given.domain), { mediaStream: this.out.stream, mediaConstraints: { audio: true, video: false }, pcConfig: CONNECTION });
    } catch {
      return this.over({ sentence: texts.call.reasons.address });
    }
    // A credential that ended meanwhile is replaced once.
    this.follow(session, turn, () => {
      if (!first) return false;
      this.drop();
      this.set({ line: 'off' });
      void this.dial(to, turn, false);
      return true;
    });
  }

  private begin(call: CallState): number {
    this.turn += 1;
    this.set({ call });
    return this.turn;
  }

  private offered(session: RTCSession): void {
    if (this.busy) return session.terminate({ status_code: 486 });
    const { display_name, uri } = session.remote_identity;
    const number = uri.user || uri.host;
    const turn = this.begin({ peer: display_name || number, number, incoming: true, stage: 'offered', muted: false, keys: '' });
    this.silence = ring();
    this.follow(session, turn);
  }

  private follow(session: RTCSession, turn: number, renewed: () => boolean = () => false): void {
    this.session = session;
    const heard = (connection: RTCPeerConnection) =>
      connection.addEventListener('track', ({ track, streams }) => {
        this.audio.srcObject = streams[0] ?? new MediaStream([track]);
        void this.audio.play().catch(() => undefined);
      });
    // An outgoing call has its connection already.
    if (session.connection) heard(session.connection);
    else session.on('peerconnection', ({ peerconnection }) => heard(peerconnection));
    let late: ReturnType<typeof setTimeout> | undefined;
    session.on('icecandidate', ({ ready }) => {
      late ??= setTimeout(ready, CANDIDATES_MS);
    });
    session.on('progress', (event: Parameters<CallListener>[0]) => {
      if (turn !== this.turn || session.direction === ('incoming' as unknown)) return;
      const early = this.state.call?.stage === 'early' || ('response' in event && Boolean(event.response?.body));
      this.change({ stage: early ? 'early' : 'ringing' });
      // Who sends no tone of its own leaves it to the phone.
      if (early) this.quiet();
      else this.silence ??= ring();
    });
    session.on('accepted', () => {
      if (turn === this.turn) this.talking(session);
    });
    session.on('failed', (event) => {
      if (turn !== this.turn) return;
      const status = (event.message as { status_code?: number } | null)?.status_code;
      if ((status === 401 || status === 407 || event.cause === 'Authentication Error') && renewed()) return;
      this.over(reasonOf(event as Ended, false));
    });
    session.on('ended', (event) => {
      if (turn === this.turn) this.over(reasonOf(event as Ended, true));
    });
  }

  private talking(session: RTCSession): void {
    this.quiet();
    this.change({ stage: 'talking', since: Date.now() });
    const read = meter(session.connection);
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      void read()
        .then((quality) => session === this.session && this.change({ quality }))
        .catch(() => undefined);
    }, QUALITY_MS);
  }

  private quiet(): void {
    this.silence?.();
    this.silence = undefined;
  }

  private over(reason: Reason): void {
    this.turn += 1;
    this.quiet();
    clearInterval(this.timer);
    this.out?.close();
    this.out = undefined;
    this.session = undefined;
    this.audio.srcObject = null;
    this.change({ stage: 'over', until: Date.now(), reason });
    if (!this.stale || this.closed) return;
    this.drop();
    void this.online().catch(() => undefined);
  }

  async answer(): Promise<void> {
    const { session, turn } = this;
    if (!session || this.state.call?.stage !== 'offered') return;
    this.quiet();
    this.change({ stage: 'microphone' });
    const out = await outgoing();
    if (turn !== this.turn) return out.close();
    this.out = out;
    this.change({ stage: 'connecting', silent: out.silent });
    try {
      session.answer({ mediaStream: out.stream, mediaConstraints: { audio: true, video: false }, pcConfig: CONNECTION });
    } catch {
      this.over({ sentence: texts.call.reasons.missed });
    }
  }

  /** Hangs up, gives up, or declines, as the call is. */
  hangUp(): void {
    if (!this.busy) return;
    const { session, state } = this;
    if (!session) return this.over({ sentence: texts.call.reasons.cancelled, fine: true });
    try {
      session.terminate(state.call?.incoming && state.call.stage === 'offered' ? { status_code: 603 } : undefined);
    } catch {
      this.over({ sentence: texts.call.reasons.hungUp, fine: true });
    }
  }

  /** Sends a key as RFC 4733 tells, or by INFO where that was not agreed on. */
  press(key: string): void {
    const { session, state } = this;
    if (!session || !['talking', 'early'].includes(state.call?.stage ?? '')) return;
    const sender = session.connection?.getSenders().find(({ track }) => track?.kind === 'audio')?.dtmf;
    try {
      // What waits to be sent would be lost by a second order.
      if (sender?.canInsertDTMF) sender.insertDTMF(sender.toneBuffer + key, TONE_MS.on, TONE_MS.pause);
      else session.sendDTMF(key, { transportType: 'INFO' as never, duration: TONE_MS.on, interToneGap: TONE_MS.pause });
      this.change({ keys: (state.call?.keys ?? '').slice(-31) + key });
    } catch {
      // The call ended in this moment.
    }
  }

  mute(muted: boolean): void {
    for (const track of this.out?.stream.getAudioTracks() ?? []) track.enabled = !muted;
    this.change({ muted });
  }

  /** The state of an ended call is no longer shown. */
  forget(): void {
    if (!this.busy) this.set({ call: undefined });
  }

  close(): void {
    this.closed = true;
    this.hangUp();
    this.turn += 1;
    this.quiet();
    clearInterval(this.timer);
    this.out?.close();
    this.drop();
    this.listeners.clear();
  }
}

function endsSoon({ expires_at }: Credential): boolean {
  return parseTime(expires_at).getTime() - Date.now() < MARGIN_MS;
}

/** A name or number is one of the application's; a whole address stays as it is. */
function target(to: string, domain: string): string {
  const text = to.trim().replace(/^sips?:/i, '');
  const [user = '', host] = text.split('@');
  // What phone numbers are written with does not belong to them.
  const name = /^\+?[\d\s().-]+$/.test(user) ? user.replace(/[\s().-]/g, '') : user;
  return `sip:${encodeURIComponent(name).replace(/%2B/g, '+')}@${host ?? domain}`;
}
