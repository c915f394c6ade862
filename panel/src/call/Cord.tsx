import { useEffect, useRef } from 'react';
import { loudness } from './quality';
import type { Phone, Stage } from './phone';

const LEVEL_MS = 80;

/** The cord between the two sides: loose, ringing, or plugged in and as thick as what is heard is loud. Decoration only. */
export function Cord({ stage, phone }: { stage: Stage | 'idle'; phone?: Phone }) {
  const cord = useRef<SVGSVGElement>(null);
  const heard = stage === 'talking' || stage === 'early';
  useEffect(() => {
    if (!heard) return;
    const timer = setInterval(() => {
      const { connection } = phone ?? {};
      cord.current?.style.setProperty('--level', String(connection ? loudness(connection).toFixed(2) : 0));
    }, LEVEL_MS);
    return () => clearInterval(timer);
  }, [heard, phone]);
  return (
    <svg ref={cord} className="cord" data-stage={stage} viewBox="0 0 320 92" aria-hidden="true">
      <path className="cord-glow" d="M48 34v8c0 44 224-8 224 16" />
      <path className="cord-line" d="M48 34v8c0 44 224-8 224 16" pathLength="1" />
      <circle className="cord-jack" cx="48" cy="22" r="12" />
      <circle className="cord-jack" cx="272" cy="70" r="12" />
      <circle className="cord-hole" cx="48" cy="22" r="4" />
      <circle className="cord-hole" data-far="" cx="272" cy="70" r="4" />
    </svg>
  );
}
