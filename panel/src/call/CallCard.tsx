import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Badge, Button, Notice } from '@/parts';
import { texts } from '@/texts';
import { brief } from './brief';
import { Cord } from './Cord';
import type { CallState, Phone } from './phone';

const words = texts.call;
const SECOND_MS = 1_000;

/** `m:ss`, with hours where there are. */
function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (count: number) => String(count).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function Duration({ since, until }: { since: number; until?: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until !== undefined) return;
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, [until]);
  return (
    <span className="call-clock" role="timer" aria-label={words.duration}>
      {clock((until ?? now) - since)}
    </span>
  );
}

function sentence({ stage, peer: whole, incoming, reason }: CallState): string {
  const { stages } = words;
  const peer = brief(whole);
  switch (stage) {
    case 'microphone':
      return stages.microphone;
    case 'connecting':
      return incoming ? stages.answering : stages.connecting(peer);
    case 'over':
      return reason?.sentence ?? stages.over;
    default:
      return stages[stage](peer);
  }
}

/** What one would do next in any stage. */
const NEXT = '.call-actions [data-kind="primary"], .call-actions [data-kind="danger"], .call-main-action .button';

/** A button that goes with its stage takes the focus along; then the next stage's takes it. What somebody else has stays there. */
function useFocusOfStage(stage: string) {
  const card = useRef<HTMLElement>(null);
  const last = useRef(stage);
  useEffect(() => {
    if (last.current === stage) return;
    last.current = stage;
    if (document.activeElement === document.body) card.current?.querySelector<HTMLElement>(NEXT)?.focus();
  }, [stage]);
  return card;
}

interface CallCardProps {
  phone: Phone;
  /** Absent between calls. */
  call?: CallState;
  me: string;
  onAgain: () => void;
  onOther: () => void;
  /** Where the sessions of calls are explained. */
  history?: string;
  /** What there is to do between calls. */
  children: ReactNode;
}

/** The card of the call: who with whom, its state in words, and what can be done. */
export function CallCard({ phone, call, me, onAgain, onOther, history, children }: CallCardProps) {
  const stage = call?.stage ?? 'idle';
  const card = useFocusOfStage(stage);
  const fine = call?.reason?.fine;
  const { quality } = call ?? {};
  const free = stage === 'idle' || stage === 'over';
  return (
    <section ref={card} className="card call-card" data-stage={stage} aria-label={words.title}>
      <div className="call-picture">
        <Cord stage={stage} phone={phone} />
        <div className="call-ends">
          <span className="break clamp" title={me}>
            {me}
          </span>
          {call ? (
            <strong className="break clamp" title={call.peer}>
              {call.peer}
            </strong>
          ) : (
            <span className="soft">{words.nobody}</span>
          )}
        </div>
      </div>
      {/* The same element all the time, so that what changes in it is read out. */}
      <div className="call-state" role="status" data-tone={stage === 'over' && !fine ? 'bad' : undefined}>
        <p className="break">{call ? sentence(call) : <span className="unseen">{words.stages.idle}</span>}</p>
      </div>
      {call?.since !== undefined && (
        <p className="call-facts">
          <Duration since={call.since} until={call.until} />
          {stage === 'talking' && quality && (
            <>
              <Badge tone={({ good: 'good', fair: 'warn', poor: 'bad', nothing: 'bad' } as const)[quality.grade]}>{words.quality[quality.grade]}</Badge>
              <span className="soft">{words.quality.details(quality.lost, quality.jitterMs, quality.roundTripMs)}</span>
            </>
          )}
        </p>
      )}
      {stage === 'over' && !fine && call?.reason?.status !== undefined && (
        <p className="call-facts soft">
          <span>{words.status(call.reason.status)}</span>
          {history && !call.incoming && <a href={history}>{words.toHistory}</a>}
        </p>
      )}
      {call?.keys && !free && (
        <p className="call-keys mono">
          <span className="unseen">{words.pressed}: </span>
          {call.keys}
        </p>
      )}
      {call?.silent && !free && <Notice tone="warn">{words.silent[call.silent]}</Notice>}
      {stage === 'talking' && quality?.grade === 'nothing' && <Notice tone="warn">{words.quality.nothingBody}</Notice>}
      {stage === 'offered' && (
        <div className="call-actions">
          <Button kind="primary" icon="phone" onPress={() => void phone.answer()}>
            {words.answer}
          </Button>
          <Button kind="danger" icon="hangUp" onPress={() => phone.hangUp()}>
            {words.decline}
          </Button>
        </div>
      )}
      {call && !free && stage !== 'offered' && (
        <div className="call-actions">
          {stage === 'talking' && !call.silent && (
            <Button icon={call.muted ? 'microphoneOff' : 'microphone'} onPress={() => phone.mute(!call.muted)}>
              {call.muted ? words.unmute : words.mute}
            </Button>
          )}
          <Button kind="danger" icon="hangUp" onPress={() => phone.hangUp()}>
            {stage === 'talking' || stage === 'early' ? words.hangUp : words.giveUp}
          </Button>
        </div>
      )}
      {call && stage === 'over' && (
        <div className="call-actions">
          <Button kind="primary" icon="phone" onPress={onAgain}>
            {words.again(brief(call.peer))}
          </Button>
          <Button onPress={onOther}>{words.other}</Button>
        </div>
      )}
      {stage === 'idle' && children}
    </section>
  );
}
