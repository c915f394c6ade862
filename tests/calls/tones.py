"""Tones as files, and which tone is in what was heard. Everything is 8,000 samples a second, mono, 16 bits."""

import array
import math
import pathlib
import struct

RATE = 8_000

# Samples that are looked at together. Frequencies that are multiples of 20 Hz have whole periods in it.
BLOCK = 400


def tone(hz, seconds, level=8_000):
    return array.array("h", (int(level * math.sin(2 * math.pi * hz * at / RATE)) for at in range(int(seconds * RATE))))


def wav(samples):
    """A WAV file as bytes."""
    data = samples.tobytes()
    return b"RIFF" + struct.pack("<I4s4sIHHIIHH4sI", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", len(data)) + data


def read(path):
    """The samples of a WAV file that may still be written: its header need not know how long it is. Of a faster or wider one, every
    so many samples of the first channel, which is enough for tones."""
    content = pathlib.Path(path).read_bytes()
    if len(content) < 44:
        return array.array("h")
    channels, rate = struct.unpack_from("<HI", content, 22)
    at = content.find(b"data") + 8
    samples = array.array("h", content[at : at + (len(content) - at) // 2 * 2])
    return samples[:: channels * rate // RATE]


def power(samples):
    """The mean square."""
    return sum(sample * sample for sample in samples) / max(len(samples), 1)


def loud(samples):
    """Seconds in which there was more than silence and hiss."""
    blocks = [samples[at : at + BLOCK] for at in range(0, len(samples) - BLOCK + 1, BLOCK)]
    return sum(power(block) > 100**2 for block in blocks) * BLOCK / RATE


def heard(samples, hz):
    """Seconds in which a tone was most of what there was."""
    turn = 2 * math.pi * hz / RATE
    cosine, sine = [math.cos(turn * at) for at in range(BLOCK)], [math.sin(turn * at) for at in range(BLOCK)]
    seconds = 0
    for at in range(0, len(samples) - BLOCK + 1, BLOCK):
        block = samples[at : at + BLOCK]
        whole = power(block)
        if whole > 100**2:
            real = sum(map(float.__mul__, map(float, block), cosine))
            imaginary = sum(map(float.__mul__, map(float, block), sine))
            share = 2 * (real * real + imaginary * imaginary) / BLOCK**2 / whole
            seconds += (share > 0.8) * BLOCK / RATE
    return seconds
