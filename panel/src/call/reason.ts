import { texts } from '@/texts';

/** Why a call is over, in a sentence that says what to do next. */
export interface Reason {
  sentence: string;
  /** SIP status, where the other side sent one. */
  status?: number;
  /** It ended as calls do. */
  fine?: boolean;
}

const words = texts.call.reasons;

const BY_STATUS: Record<number, string> = {
  401: words.credential,
  403: words.forbidden,
  404: words.notFound,
  407: words.credential,
  408: words.noAnswer,
  410: words.notFound,
  480: words.unavailable,
  484: words.incomplete,
  486: words.busy,
  487: words.cancelled,
  488: words.noCodec,
  500: words.server,
  502: words.server,
  503: words.overload,
  504: words.server,
  600: words.busy,
  603: words.declined,
  604: words.notFound,
  606: words.noCodec,
};

/** JsSIP's names of causes; see its `Constants`. */
const BY_CAUSE: Record<string, string> = {
  'Connection Error': words.connection,
  'Request Timeout': words.connection,
  'WebRTC Error': words.webrtc,
  'Bad Media Description': words.webrtc,
  'Incompatible SDP': words.noCodec,
  'User Denied Media Access': words.webrtc,
  'RTP Timeout': words.media,
  'No Answer': words.noAnswer,
  Expires: words.noAnswer,
  Rejected: words.declined,
  'Not Found': words.notFound,
  'Authentication Error': words.credential,
};

/** What JsSIP tells of an end; a request has no status. */
export interface Ended {
  originator: string;
  cause: string;
  message?: { status_code?: number; reason_phrase?: string } | null;
}

export function reasonOf({ originator, cause, message }: Ended, answered: boolean): Reason {
  if (cause === 'Canceled') return { sentence: originator === 'local' ? words.cancelled : words.missed, fine: true };
  const status = message?.status_code;
  if (status) return { sentence: BY_STATUS[status] ?? words.other(status, message?.reason_phrase ?? ''), status };
  if (answered && cause === 'Terminated') return { sentence: originator === 'local' ? words.hungUp : words.otherHungUp, fine: true };
  if (originator === 'local' && cause === 'Rejected') return { sentence: words.youDeclined, fine: true };
  return { sentence: BY_CAUSE[cause] ?? words.unknown(cause) };
}
