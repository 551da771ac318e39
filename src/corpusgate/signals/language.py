"""The language of each record: as its column says, else by script and function words. It only sorts records into slices."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusgate.kernels.characters import classes
from corpusgate.kernels.haystack import Haystack, Ints
from corpusgate.kernels.languages import count_words, hash_points
from corpusgate.kernels.lookup import Slots, index

#: Bytes of text looked at.
LOOKED_AT = 3000

#: Function words of one language that are enough, if no other language has more than half as many.
SURE = 10

#: Commonest short words of running text, chosen to set neighbours apart.
FUNCTION_WORDS = {
    "en": "the of and to in is that for was with as it on by at from this have are not",
    "fr": "le la les des et est une dans que pour qui sur pas au avec du ce par plus son",
    "de": "der die und das den von zu mit ist im nicht ein eine auf für dem sich des wird auch",
    "es": "el la los las de que y en un una por con del para se su como más lo al",
    "pt": "o os as de que e em um uma por com do da para se não como mais no na dos",
    "it": "il lo la gli di che e in un una per con del della sono non si dal nel anche",
    "nl": "de het een van en in is dat op te voor met zijn niet aan door ook er bij naar",
    "pl": "i w na z do się nie że jest to o po przez od jak za ale dla przy oraz",
    "tr": "ve bir bu için ile olarak da de daha çok olan gibi sonra kadar en ne var mi ancak",
    "id": "yang dan di dari untuk dengan ini itu pada tidak dalam akan ke oleh juga ada adalah telah",
    "sv": "och att det som en på är av för med till den har inte om ett de från vid",
    "cs": "a v na se je že to s z do o k za by pro jako ale podle po při",
    "ru": "и в не на что с по как это из к у за от для его но был так же",
    "uk": "і в не на що з та як до у це за від його для але про також був які",
    "bg": "и в на да се за от с не е са по че като при към който след има до",
    "ar": "في من على إلى عن أن التي الذي هذا هذه مع كما بعد بين وقد قال ما لا كان وفي",
    # The last six are spelled with the yeh and kaf of Arabic, as in damaged text.
    "fa": "در به از که این را با است برای آن می های کرد شد یک تا خود بر شده هم كه اين مي هاي براي يك",
    "ur": "کے کی میں ہے کا اور سے نے کو پر کہ یہ ہیں اس جو بھی تھا کر وہ ایک",
}

_SCRIPTS = (
    "",
    "latin",
    "cyrillic",
    "greek",
    "arabic",
    "hebrew",
    "han",
    "kana",
    "hangul",
    "devanagari",
    "bengali",
    "thai",
    "armenian",
    "georgian",
)
_RANGES = (
    ("latin", 0x0000, 0x024F), ("latin", 0x1E00, 0x1EFF), ("greek", 0x0370, 0x03FF), ("greek", 0x1F00, 0x1FFF),
    ("cyrillic", 0x0400, 0x052F), ("armenian", 0x0530, 0x058F), ("hebrew", 0x0590, 0x05FF), ("arabic", 0x0600, 0x08FF),
    ("arabic", 0xFB50, 0xFDFF), ("arabic", 0xFE70, 0xFEFF), ("devanagari", 0x0900, 0x097F), ("bengali", 0x0980, 0x09FF),
    ("thai", 0x0E00, 0x0E7F), ("georgian", 0x10A0, 0x10FF), ("kana", 0x3000, 0x30FF), ("hangul", 0x1100, 0x11FF),
    ("hangul", 0xAC00, 0xD7FF), ("han", 0x3400, 0x9FFF),
)  # fmt: skip

#: Languages that have a script to themselves here.
_ALONE = {
    "greek": "el", "hebrew": "he", "kana": "ja", "hangul": "ko", "devanagari": "hi", "bengali": "bn", "thai": "th", "armenian": "hy",
    "georgian": "ka", "han": "zh",
}  # fmt: skip


_KANA = _SCRIPTS.index("kana")
_BY_SCRIPT = tuple(_ALONE.get(script, "") for script in _SCRIPTS)
#: What a text is taken for whose words tell nothing.
_ELSE = tuple("ar" if script == "arabic" else "" for script in _SCRIPTS)


@lru_cache(maxsize=1)
def _tables() -> tuple[Slots, Ints, Ints, Ints]:
    bits: dict[int, int] = {}
    for i, words in enumerate(FUNCTION_WORDS.values()):
        for word in words.split():
            key = int(hash_points(np.array([ord(c) for c in word], np.int64)))
            bits[key] = bits.get(key, 0) | 1 << i
    keys = np.array(sorted(bits), np.int64)
    blocks = np.zeros(512, np.int64)
    for script, low, high in _RANGES:
        blocks[low >> 7 : (high >> 7) + 1] = _SCRIPTS.index(script)
    return index(keys), keys, np.array([bits[key] for key in keys.tolist()], np.int64), blocks


def languages(declared: pa.Array, haystack: Haystack) -> list[str]:
    """Two-letter language codes, one a record; empty where text is too short or in no known script.

    Args:
        declared: the mapped language column, null where there is none.
        haystack: the records' searched fields; the text is looked at, and the headline where there is no text.
    """
    codes = pc.fill_null(declared, "").dictionary_encode()
    distinct = [code.strip().lower().replace("_", "-").split("-", 1)[0] for code in codes.dictionary.to_pylist()]
    index = codes.indices.to_numpy()
    out = [distinct[i] for i in index.tolist()]
    known = np.array([len(code) in (2, 3) for code in distinct], np.bool_)
    silent = np.flatnonzero(~known[index])
    if not len(silent):
        return out
    text, headline = haystack.segment("text")[silent], haystack.segment("headline")[silent]
    chosen = np.where(haystack.ends[text] > haystack.starts[text], text, headline)
    start = haystack.starts[chosen]
    end = np.minimum(haystack.ends[chosen], start + LOOKED_AT)
    # Step back to a code point's first byte.
    for _ in range(3):
        inside = end < haystack.ends[chosen]
        end -= (inside & (haystack.data[np.minimum(end, len(haystack.data) - 1)] & 0xC0 == 0x80)).astype(np.int64)
    slots, keys, values, blocks = _tables()
    words, letters = count_words(
        haystack.data, classes(), start, end, slots, keys, values, len(FUNCTION_WORDS), blocks, len(_SCRIPTS), SURE
    )
    script = letters[:, 1:].argmax(axis=1) + 1
    script[(script == _SCRIPTS.index("han")) & (letters[:, _SCRIPTS.index("kana")] * 10 > letters[:, _SCRIPTS.index("han")])] = _KANA
    script[letters[:, 1:].sum(axis=1) == 0] = 0
    spoken = [*FUNCTION_WORDS, ""]
    said = np.where(words.max(axis=1) >= 2, words.argmax(axis=1), len(FUNCTION_WORDS))
    for record, written, word in zip(silent.tolist(), script.tolist(), said.tolist(), strict=True):
        out[record] = _BY_SCRIPT[written] or spoken[word] or _ELSE[written]
    return out
