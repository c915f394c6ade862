"""Speaks texts, lets PocketSphinx (an acoustic model of recorded people, US English) write down what it hears, and counts words.

Each text is heard as the voice made it (16 kHz) and as a telephone brings it (G.711 µ-law, 8 kHz), for which the recogniser has no model of its
own: that column compares voices and says little of people. A grammar offers choices; "free" is a language model of general English.
"""

import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import wave

PROMPTS = [
    "Hello, and welcome.",
    "Press one for the echo test.",
    "Press two for the key menu.",
    "Press three to talk to another caller.",
    "After the tone, speak. You will hear yourself.",
    "Press the star key to go back.",
    "Press any key, and I will say its name.",
    "You pressed the pound key.",
    "Please wait. You are the first caller.",
    "You are connected now.",
    "The other caller has left.",
    "Thank you for calling. Goodbye.",
]
KEYS = "zero one two three four five six seven eight nine star pound".split()
THINGS = ["the echo test", "the key menu", "another caller", "the operator", "the main menu", "support", "your account", "a new order", "the office", "goodbye"]
MENUS = [f"Press {key} for {THINGS[number * 7 % 10]}." for number, key in enumerate(KEYS)]
DIGITS = ["Four, seven, two, one.", "Nine, zero, three, five, eight, six.", "One, one, two, eight, zero, five.", "Six, four, nine, three, seven, two.", "5551 2348", "0 9 7 3"]
DIGIT_WORDS = {"5551 2348": "five five five one two three four eight", "0 9 7 3": "zero nine seven three"}
WORDS = """yes no hello stop help cancel repeat operator menu name number order account support monday friday morning evening
today tomorrow message address question answer open close hundred service doctor office""".split()
SENTENCES = [
    "Your appointment is on Monday morning at ten.",
    "The meeting has been moved to the third of April.",
    "All of our agents are busy. Please stay on the line.",
    "Your order has been shipped and will arrive on Friday.",
    "Please say your name after the tone.",
    "The office is closed. We are open from nine to five.",
    "Your account balance is forty two dollars.",
    "To speak to the operator, press zero.",
    "This call may be recorded.",
    "I am sorry, I did not understand.",
]

def one_of(choices):
    return f"( {' | '.join(choices)} )"


DIGIT = one_of(KEYS[:10])
# name, texts, what a grammar lets the recogniser choose from (None: free), least percent of words at 16 kHz and over the telephone
SETS = [
    ("menus: 120 lines", MENUS, f"press {one_of(KEYS)} for {one_of(THINGS)}", 95, 85),
    ("4, 6 or 8 digits", DIGITS, f"{DIGIT} {DIGIT} {DIGIT} {DIGIT} [ {DIGIT} {DIGIT} [ {DIGIT} {DIGIT} ] ]", 85, 50),
    ("one of 42 words", WORDS, one_of(WORDS + KEYS), 93, 76),
    ("prompts, free", PROMPTS, None, 78, 40),
    ("sentences, free", SENTENCES, None, 75, 35),
]

# The level of speech, dBFS.
LEVEL, TOLERANCE = -20.0, 3.0


def words(text):
    return re.findall(r"[a-z']+", DIGIT_WORDS.get(text, text).lower())


def distance(wanted, heard):
    row = list(range(len(heard) + 1))
    for i, word in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


def speak(command, text, path):
    began = time.monotonic()
    sound = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True, timeout=60).stdout
    took = time.monotonic() - began
    path.with_suffix(".made").write_bytes(sound)
    made = str(path.with_suffix(".made"))
    subprocess.run(["sox", "-V1", "-D", "--ignore-length", "-t", "wav", made, "-r", "16000", "-c", "1", "-b", "16", str(path)], check=True)
    return took


def telephone(wide, narrow):
    mu_law = narrow.with_suffix(".ul")
    subprocess.run(["sox", "-V1", "-D", str(wide), "-r", "8000", "-t", "ul", str(mu_law)], check=True)
    subprocess.run(["sox", "-V1", "-D", "-r", "8000", "-c", "1", "-t", "ul", str(mu_law), "-r", "16000", "-b", "16", str(narrow)], check=True)


def level(path):
    """Seconds, dBFS of the 20 ms that are within 30 dB of the loudest, and whether a sample is at the end of the range."""
    with wave.open(str(path)) as file:
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    powers = [sum(s * s for s in samples[at : at + 320]) / 320 for at in range(0, len(samples) - 320, 320)]
    speech = [power for power in powers if power > max(powers) / 1000]
    return len(samples) / 16000, 10 * math.log10(sum(speech) / len(speech) / 32768**2), max(abs(s) for s in samples) >= 32700


def listen(folder, names, grammar):
    model = os.environ["SPHINX"]
    (folder / "ctl").write_text("".join(f"{name}\n" for name in names))
    command = ["pocketsphinx_batch", "-adcin", "yes", "-adchdr", "44", "-cepdir", str(folder), "-cepext", ".wav", "-ctl", str(folder / "ctl")]
    command += ["-hyp", str(folder / "hyp"), "-hmm", f"{model}/en-us", "-dict", f"{model}/cmudict-en-us.dict", "-logfn", "/dev/null"]
    if grammar:
        (folder / "grammar").write_text(f"#JSGF V1.0;\ngrammar choices;\npublic <choices> = {grammar};\n")
        command += ["-jsgf", str(folder / "grammar")]
    else:
        command += ["-lm", f"{model}/en-us.lm.bin"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lines = (folder / "hyp").read_text().splitlines()
    return {line.rsplit("(", 1)[1].split()[0]: re.sub(r"\(\d+\)", "", line.rsplit("(", 1)[0]).split() for line in lines}


def main():
    other = sys.argv[1:]
    command = other or [os.environ["CORDBOARD"], "speak", "--voice", "en-US"]
    texts = list(dict.fromkeys(text for _, texts, *_ in SETS for text in texts))
    failures, heard_wrong = [], []
    with tempfile.TemporaryDirectory(prefix="voice-") as folder:
        wide, narrow = pathlib.Path(folder) / "wide", pathlib.Path(folder) / "narrow"
        wide.mkdir(), narrow.mkdir()
        name_of = {text: f"t{number:03}" for number, text in enumerate(texts)}
        took, seconds, levels = 0, 0, []
        for text, name in name_of.items():
            took += speak(command, text, wide / f"{name}.wav")
            telephone(wide / f"{name}.wav", narrow / f"{name}.wav")
            length, loudness, clipped = level(wide / f"{name}.wav")
            seconds += length
            levels.append(loudness)
            if abs(loudness - LEVEL) > TOLERANCE or clipped:
                failures.append(f"{text!r} is at {loudness:.1f} dBFS{' and clips' if clipped else ''}")
        print(f"{len(texts)} texts, {seconds:.0f} s of sound in {took:.1f} s, speech at {min(levels):.1f} to {max(levels):.1f} dBFS\n")
        print(f"{'':24}{'words':>6}{'16 kHz':>10}{'telephone':>12}   (least)")
        for name, spoken, grammar, least_wide, least_narrow in SETS:
            total, shares = sum(len(words(text)) for text in spoken), []
            for where in (wide, narrow):
                heard = listen(where, [name_of[text] for text in spoken], grammar)
                wrong = 0
                for text in spoken:
                    errors = distance(words(text), heard.get(name_of[text], []))
                    wrong += errors
                    if errors:
                        heard_wrong.append(f"{name}, {where.name}: {text!r} was heard as {' '.join(heard.get(name_of[text], []))!r}")
                shares.append(100 * (1 - wrong / total))
            print(f"{name:24}{total:6}{shares[0]:9.1f}%{shares[1]:11.1f}%   ({least_wide}, {least_narrow})")
            failures += [f"{name}: {share:.1f} % is less than {least} %" for share, least in zip(shares, (least_wide, least_narrow)) if share < least]
    print("\n" + "\n".join(heard_wrong))
    if failures and not other:
        print("\n" + "\n".join(failures))
        sys.exit(1)


main()
