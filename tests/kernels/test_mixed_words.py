"""Words of two scripts, beside a slow and obvious reading of the same rule."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.kernels.mixed_words import ALIKE, LATIN, LEAST, letters, mixed_words


def script(character: str) -> int:
    return int(letters()[ord(character)]) & 3 if character < "\U00010000" else 0


def slowly(text: str) -> list[tuple[int, int]]:
    out, start = [], 0
    for place, character in enumerate(text + " "):
        if script(character):
            continue
        word = text[start:place]
        scripts = [script(letter) for letter in word]
        kinds = sorted(set(scripts), key=scripts.count)
        if len(word) < LEAST or len(kinds) != 2:
            pass
        elif 2 * scripts.count(kinds[0]) == len(word):
            foreign = max(kinds)
            passes = [letter in ALIKE[(foreign, LATIN)] for letter in word if script(letter) == foreign] if LATIN in kinds else [False]
            genuine = any(letter not in ALIKE[(LATIN, foreign)] for letter in word if script(letter) == LATIN)
            if all(passes) and genuine and scripts[-1] == LATIN:
                out.append((start, place))
        else:
            rarer, main = kinds
            alike = all(letter in ALIKE.get((rarer, main), "") for letter in word if script(letter) == rarer)
            if alike and (rarer == LATIN or scripts[-1] == main):
                out.append((start, place))
        start = place + 1
    return out


text = st.text(st.sampled_from("aaoexlMzTРПоаскМщΑοωλΤ .-é中\U0001f600"), max_size=24)


@settings(max_examples=400, deadline=None)
@given(st.lists(text, max_size=3))
def test_the_kernel_agrees(segments: list[str]) -> None:
    parts = [segment.encode() for segment in segments]
    ends = np.cumsum([len(part) + 1 for part in parts], dtype=np.int64) - 1
    starts = ends - np.array([len(part) for part in parts], np.int64)
    data = np.frombuffer(b"\n".join(parts) + b"\n" + b" " * 16, np.uint8)
    got = []
    for segment, start, end in mixed_words(data, starts, ends, letters()).tolist():
        before = len(data[starts[segment] : start].tobytes().decode())
        got.append((segment, before, before + len(data[start:end].tobytes().decode())))
    assert got == [(number, *span) for number, segment in enumerate(segments) for span in slowly(segment)]


def test_every_look_alike_is_a_letter_of_its_script() -> None:
    for (own, _), characters in ALIKE.items():
        assert {script(character) for character in characters} == {own}
