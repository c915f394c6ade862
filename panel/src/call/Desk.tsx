import { useEffect, useRef, useState, useSyncExternalStore, type FormEvent } from 'react';
import { Button, Icon, Notice, TextField } from '@/parts';
import { texts } from '@/texts';
import { brief } from './brief';
import { CallCard } from './CallCard';
import type { Identity } from './credential';
import type { Destination } from './destinations';
import { isKey, Keypad } from './Keypad';
import { Phone } from './phone';

const words = texts.call;

interface DeskProps {
  identity: Identity;
  choices: readonly Destination[];
  /** A destination that the address of the page names. */
  wanted?: string;
  /** A guest who is signed in, and first has to choose a password. */
  newPassword?: boolean;
  /** Where the sessions of the calls are explained, to who may see it. */
  history?: string;
}

/** A phone for one identity; it begins and ends with this. */
export function Desk(props: DeskProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const [phone, setPhone] = useState<Phone>();
  const { identity } = props;
  useEffect(() => {
    if (!audio.current) return;
    const made = new Phone(identity, audio.current);
    setPhone(made);
    // Who leaves the page hangs up.
    const leave = () => made.close();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [identity]);
  return (
    <>
      <audio ref={audio} autoPlay hidden />
      {phone && <Workplace {...props} phone={phone} />}
    </>
  );
}

function Workplace({ phone, identity, choices, wanted, newPassword, history }: DeskProps & { phone: Phone }) {
  const { line, trouble, call } = useSyncExternalStore(phone.subscribe, phone.snapshot);
  const [text, setText] = useState('');
  const [last, setLast] = useState<Destination>();
  const stage = call?.stage;
  const dial = (to: Destination) => {
    setLast(to);
    void phone.call(to.to, to.name);
  };
  const named = (to: string): Destination => choices.find((one) => one.to === to) ?? { to, name: to };
  const main = wanted ? named(wanted) : choices[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) dial(named(text.trim()));
  };
  // Keys of the keyboard are the phone's during a call, unless they are somebody else's.
  useEffect(() => {
    if (stage !== 'talking' && stage !== 'early') return;
    const listen = (event: KeyboardEvent) => {
      if (isKey(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !(event.target as HTMLElement).closest('input, textarea, [contenteditable]')) phone.press(event.key);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [phone, stage]);
  const peer = call?.peer;
  useEffect(() => {
    document.title = `${stage === 'offered' && peer ? words.incomingTitle(brief(peer)) : words.title} · ${texts.product}`;
  }, [stage, peer]);
  const heard = stage === 'talking' || stage === 'early';
  const free = stage === undefined || stage === 'over';
  const press = (key: string) => {
    if (heard) phone.press(key);
    else if (free) setText((before) => (before + key).slice(0, 200));
  };
  return (
    <div className="call-desk">
      <div className="stack">
        <CallCard
          phone={phone}
          call={call}
          me={identity.kind === 'user' ? identity.shown : words.you}
          onAgain={() => dial(call?.incoming || !last ? named(call?.number ?? '') : last)}
          onOther={() => phone.forget()}
          history={history}
        >
          {main && (
            <div className="call-main-action">
              <Button kind="primary" icon="phone" onPress={() => dial(main)}>
                {main.to === 'menu' ? words.callMenu : words.callOne(brief(main.name))}
              </Button>
              <p className="field-help">{words.askFirst}</p>
            </div>
          )}
          <div className="call-other">
            {choices.length > 1 && (
              <ul className="call-choices" aria-label={words.destinations}>
                {choices
                  .filter((one) => one !== main)
                  .map((one) => (
                    <li key={one.to}>
                      <Button icon={one.to === 'echo' ? 'echo' : one.to === 'menu' ? 'phone' : 'person'} onPress={() => dial(one)} aria-label={words.callOne(one.name)}>
                        <span className="call-choice">
                          <span className="break clamp" title={one.name}>
                            {one.name}
                          </span>
                          {one.about && <small className="break">{one.about}</small>}
                        </span>
                      </Button>
                    </li>
                  ))}
              </ul>
            )}
            <form className="call-form" onSubmit={submit}>
              <TextField label={words.destination} value={text} onChange={setText} maxLength={200} autoComplete="off" spellCheck="false" mono suggestions={choices.map(({ to }) => to)} />
              <Button type="submit" icon="phone" isDisabled={!text.trim()}>
                {words.submit}
              </Button>
            </form>
          </div>
        </CallCard>
        {identity.kind === 'user' ? (
          <p className="call-line" data-line={line} role="status">
            <span className="call-dot" aria-hidden="true" />
            {line === 'ready' ? words.line.ready(identity.name) : line === 'lost' ? words.line.lost : words.line.connecting}
          </p>
        ) : (
          <p className="call-line">
            <Icon name="info" size="small" />
            <span>
              {words.guest(identity.application, identity.name)} {!newPassword && words.guestSignIn}
            </span>
          </p>
        )}
        {line === 'lost' && trouble && <Notice tone="warn">{trouble}</Notice>}
      </div>
      <Keypad note={heard ? words.keypadCall : free ? words.keypadIdle : words.keypadWait} onKey={press} />
    </div>
  );
}
