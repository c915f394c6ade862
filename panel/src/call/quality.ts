/** How well a call is heard. */
export interface Quality {
  grade: 'good' | 'fair' | 'poor' | 'nothing';
  /** Packets lost of those sent to us, percent. */
  lost: number;
  jitterMs: number;
  /** Round trip, where the browser knows it. */
  roundTripMs?: number;
}

const GOOD = { lost: 1, jitterMs: 30 };
const FAIR = { lost: 5, jitterMs: 80 };

/** Reports without any packet from the start after which nothing is said to arrive. Later, the other side may be silent. */
const SILENT_REPORTS = 5;

/** Reads one report after the other of one connection. */
export function meter(connection: RTCPeerConnection): () => Promise<Quality | undefined> {
  let silent = 0;
  return async () => {
    let inbound: RTCInboundRtpStreamStats | undefined;
    let pair: RTCIceCandidatePairStats | undefined;
    (await connection.getStats()).forEach((one: RTCStats) => {
      if (one.type === 'inbound-rtp' && (one as RTCInboundRtpStreamStats).kind === 'audio') inbound = one as RTCInboundRtpStreamStats;
      if (one.type === 'candidate-pair' && (one as RTCIceCandidatePairStats).nominated) pair = one as RTCIceCandidatePairStats;
    });
    const received = inbound?.packetsReceived ?? 0;
    silent = received ? 0 : silent + 1;
    const lostPackets = Math.max(0, inbound?.packetsLost ?? 0);
    const lost = received ? (100 * lostPackets) / (received + lostPackets) : 0;
    const jitterMs = Math.round((inbound?.jitter ?? 0) * 1_000);
    const roundTrip = pair?.currentRoundTripTime;
    const roundTripMs = roundTrip === undefined ? undefined : Math.round(roundTrip * 1_000);
    if (silent >= SILENT_REPORTS) return { grade: 'nothing', lost, jitterMs, roundTripMs };
    if (!received) return undefined;
    const within = (bound: typeof GOOD) => lost <= bound.lost && jitterMs <= bound.jitterMs;
    return { grade: within(GOOD) ? 'good' : within(FAIR) ? 'fair' : 'poor', lost, jitterMs, roundTripMs };
  };
}

/** How loud the other side is now, 0 to 1. */
export function loudness(connection: RTCPeerConnection): number {
  const levels = connection.getReceivers().flatMap((receiver) => receiver.getSynchronizationSources().map(({ audioLevel }) => audioLevel ?? 0));
  return Math.min(1, Math.sqrt(Math.max(0, ...levels)));
}
