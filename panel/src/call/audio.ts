/** What goes out in a call: the microphone, or silence where there is none. */
export interface Outgoing {
  stream: MediaStream;
  /** Why there is no microphone. */
  silent?: 'refused' | 'absent';
  close(): void;
}

const stop = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop());

/** Asks for the microphone. Without one the call goes on with a silent track, so that the other side is still heard. */
export async function outgoing(): Promise<Outgoing> {
  try {
    if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    return { stream, close: () => stop(stream) };
  } catch (error) {
    return silence((error as DOMException).name === 'NotAllowedError' ? 'refused' : 'absent');
  }
}

function silence(why: 'refused' | 'absent'): Outgoing {
  const context = new AudioContext();
  const [source, gain, end] = [context.createConstantSource(), context.createGain(), context.createMediaStreamDestination()];
  gain.gain.value = 0;
  source.connect(gain).connect(end);
  source.start();
  void context.resume();
  return {
    stream: end.stream,
    silent: why,
    close: () => {
      stop(end.stream);
      void context.close();
    },
  };
}

/** Two tones and a pause, as phones ring in Europe. */
const RING = { hertz: [425, 525], on: 1, every: 4, level: 0.08 };

/** Rings, for the one who is called or the one who waits, until the function it returns is called. Browsers let no page sound that was not touched yet: then only the picture rings. */
export function ring(): () => void {
  if (!navigator.userActivation.hasBeenActive) return () => undefined;
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.value = 0;
  gain.connect(context.destination);
  for (const hertz of RING.hertz) {
    const tone = new OscillatorNode(context, { frequency: hertz });
    tone.connect(gain);
    tone.start();
  }
  const sound = () => {
    const now = context.currentTime;
    gain.gain.setTargetAtTime(RING.level, now, 0.02);
    gain.gain.setTargetAtTime(0, now + RING.on, 0.02);
  };
  void context.resume().then(sound, () => undefined);
  const timer = setInterval(sound, RING.every * 1_000);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
