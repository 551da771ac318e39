"""Text decoded with the wrong character set: found where it is, named, repaired; and silence on all that only looks like it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusgate.signals import charsets
from corpusgate.signals.charset_channels import CHANNELS, CODECS, DOUBLE, UTF8

SENTENCES = {
    "ar": "أعلنت البلدية أمس أن الجسر القديم سيغلق أمام السيارات حتى نهاية الشهر.",
    "fa": "شهردار گفت که پل قدیمی تا پایان ماه به روی خودروها بسته خواهد بود.",
    "ru": "Городской совет сообщил, что старый мост закроют для машин до конца месяца.",
    "uk": "Міська рада повідомила, що старий міст закриють для автомобілів до кінця місяця.",
    "el": "Ο δήμος ανακοίνωσε ότι η παλιά γέφυρα θα μείνει κλειστή μέχρι το τέλος του μήνα.",
    "fr": "La mairie a annoncé que le vieux pont resterait fermé à la circulation jusqu'à la fête de l'été.",
    "de": "Die Stadt kündigte an, dass die alte Brücke bis Ende März für größere Fahrzeuge gesperrt bleibt.",
    "es": "El alcalde anunció ayer que el puente seguirá cerrado mañana según el último informe técnico.",
    "pt": "A câmara informou que a ponte não será aberta até ao fim do mês por razões de segurança.",
    "sv": "Kommunen meddelade i går att den gamla bron stängs för bilar fram till påsk på grund av rost.",
    "pl": "Władze miasta ogłosiły, że stary most będzie zamknięty dla samochodów aż do końca miesiąca.",
    "cs": "Město oznámilo, že starý most zůstane uzavřený pro všechna vozidla až do příštího měsíce.",
    "tr": "Belediye, eski köprünün ay sonuna kadar araç trafiğine kapalı olacağını dün açıkladı.",
    "vi": "Thành phố thông báo cây cầu cũ sẽ đóng cửa đối với xe cộ cho đến cuối tháng này.",
    "zh": "市政府昨天宣布,旧桥将对车辆关闭到本月底,请市民绕道通行。",
    "ja": "市は昨日、古い橋を月末まで車両通行止めにすると発表しました。",
    "ko": "시는 어제 오래된 다리를 이달 말까지 차량 통행을 막는다고 발표했다.",
}


def read_as(text: str, source: str, reading: str) -> str:
    """The text as a careless reader shows it; undefined bytes of windows-1252 become C1 controls, as in browsers."""
    raw = text.encode("utf-8" if source == UTF8 else CODECS[source])
    if reading == "windows-1252":
        return "".join(bytes((b,)).decode("cp1252", "ignore") or chr(b) for b in raw)
    return raw.decode(CODECS[reading], "replace")


def apply(text: str, found: list[charsets.Misreading]) -> str:
    for hit in reversed(found):
        text = text[: hit.start] + hit.repaired + text[hit.end :]
    return text


SINGLE = ("windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1256", "cp437", "cp866", "Mac Roman", "KOI8-R")


@pytest.mark.parametrize("reading", SINGLE)
@pytest.mark.parametrize("language", SENTENCES)
def test_utf8_read_as_a_code_page(language: str, reading: str) -> None:
    text = SENTENCES[language]
    damaged = read_as(text, UTF8, reading)
    found = charsets.locate(damaged)
    assert found
    assert {hit.kind for hit in found} == {"utf8"}
    if "\ufffd" not in damaged:
        assert apply(damaged, found) == text


LEGACY = [
    *((source, "windows-1252", language) for source in ("windows-1251", "KOI8-R", "ISO-8859-5") for language in ("ru",)),
    ("windows-1251", "windows-1252", "uk"),
    ("windows-1256", "windows-1252", "ar"),
    ("ISO-8859-6", "windows-1252", "ar"),
    ("windows-1253", "windows-1252", "el"),
    ("windows-1250", "windows-1252", "pl"),
    ("windows-1250", "windows-1252", "cs"),
    ("windows-1254", "windows-1252", "tr"),
    ("KOI8-R", "windows-1251", "ru"),
    ("windows-1251", "KOI8-R", "ru"),
    ("cp866", "windows-1251", "ru"),
    ("GBK", "windows-1252", "zh"),
    ("Shift-JIS", "windows-1252", "ja"),
    ("EUC-JP", "windows-1252", "ja"),
    ("EUC-KR", "windows-1252", "ko"),
]


@pytest.mark.parametrize(("source", "reading", "language"), LEGACY)
def test_one_code_page_read_as_another(source: str, reading: str, language: str) -> None:
    text = SENTENCES[language]
    damaged = read_as(text, source, reading)
    found = charsets.locate(damaged)
    assert {hit.kind for hit in found} == {"legacy"}
    names = {hit.channel.replace("latin-1", "windows-1252") for hit in found}
    assert names == {f"{source} read as {reading}"}
    assert apply(damaged, found) == text


@pytest.mark.parametrize("language", SENTENCES)
def test_twice(language: str) -> None:
    text = SENTENCES[language]
    damaged = read_as(read_as(text, UTF8, "windows-1252"), UTF8, "windows-1252")
    found = charsets.locate(damaged)
    assert apply(damaged, found) == text
    assert all(hit.channel.endswith(", twice") for hit in found)


@pytest.mark.parametrize(
    ("text", "damaged", "repaired"),
    [
        ("un cafÃ© noir", "cafÃ©", "café"),
        ("They donâ€™t know.", "donâ€™t", "don’t"),
        ("(cafÃ©), thÃ©!", "cafÃ©), thÃ©", "café), thé"),
        ("Photo Â© the author", "Â©", "©"),
        ("from Â£20 a head", "Â£20", "£20"),
        ("IвЂ™m sure", "IвЂ™m", "I’m"),
        ("naÃ¯ve dÃ©jÃ\xa0 vu", "naÃ¯ve dÃ©jÃ\xa0", "naïve déjà"),
        ("The end.Â Then more", "end.Â", "end. "),
        ("The end of itÂ", "itÂ", "it "),
        ("in PaweÅ\x82 Nowak's words", "PaweÅ\x82", "Paweł"),
    ],
)
def test_span(text: str, damaged: str, repaired: str) -> None:
    found = charsets.locate(text)
    assert (text[found[0].start : found[0].end], found[0].repaired) == (damaged, repaired)


def test_neighbours_are_joined_in_a_line_only() -> None:
    word = "tÃªte"
    assert [(hit.start, hit.end) for hit in charsets.locate(f"la {word} {word}, {word} et {word}\n{word}")] == [
        (3, 21),
        (25, 30),
        (31, 36),
    ]


SOUND = [
    "SÃO PAULO",
    "CORAÇÃO, IRMÃ, AMANHÃ",
    "«MANHû",
    "Ñandú",
    "ÉCOLE",
    "ÇA VA",
    "À LA CARTE, ÎLE DE RÉ",
    "Ærø og Øland",
    "Þórður Ægisson á Ísafirði",
    "İstanbul'da çığ düştü",
    "ʃʊɡə ˈɪŋɡlɪʃ fəˈnɛtɪks",
    "∀x ∈ ℝ: x² ≥ 0 ⇒ √x² = |x|, Δt ≈ 5 µs ± 2 %",
    "♔e1 ♚e8 1. ♘f3 ♞c6 ½–½",
    "🙂 😀🎉 ❤️ 🏳️\N{ZERO WIDTH JOINER}🌈",
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
    "print(f'{naïve!r} → {x:>10}')  # ключ = 'é'",
    "├── src\n│   ├── naïve.py\n│   └── été.py\n└── README",
    "┌──────┐\n│ café │\n╘══════╛",
    "Deutsch | Français | Español | Português | Русский | Українська | العربية | 中文 | 日本語 | 한국어 | Ελληνικά | Tiếng Việt",
    "25 °C, 5 m², 3½ km, 10 €, 7 £, § 3, © 2024 Ærø™",
    "„Ja“, sagte er, »nein« und ‚vielleicht‘ …",
    "В Берлине и В Москве; С утра",
    "Ο Β΄ Παγκόσμιος και ο Α΄ γύρος",
    "Z\N{COMBINING CARON}iz\N{COMBINING CARON}kov a\N{COMBINING ACUTE ACCENT}",
    "\N{NO-BREAK SPACE}" * 40 + "12 pm" + "\N{NO-BREAK SPACE}" * 40,
    "hyphen\N{SOFT HYPHEN}ation in Silben\N{SOFT HYPHEN}trennung",
    "Łódź, Kraków i Gdańsk",
    "Ngày mai trời sẽ mưa ở Đà Nẵng và Huế",
    "नई दिल्ली में आज बारिश हुई। ขอบคุณครับ שלום עולם",
    "می\N{ZERO WIDTH NON-JOINER}خواهم به خانه\N{ZERO WIDTH NON-JOINER}ام بروم",
    "cœur, sœur, œuvre, æquo, Œdipe",
    "Şi aţi văzut ţara? Și ați văzut țara?",
    "BÖ£ÅT ÄÑÐ £ÎGHT ÇÖMÌ ÑÖW ÄLL ØÚT ÌÑ £ÖÑDÖÑ TÖÐÄ¥",
    "KÄMÚ £ÄGÌ ÄPÄ ÐÌ SÌÑÌ, JÄÑGÄÑ £ÚPÄ MÄKÄÑ ÝÄ",
    "",
    "plain ASCII only",
]


@pytest.mark.parametrize("text", [*SENTENCES.values(), *SOUND])
def test_silent_on_sound_text(text: str) -> None:
    assert charsets.locate(text) == []
    assert charsets.locate(f"A line before.\n{text}\nAnd one after.") == []


@pytest.mark.parametrize("text", [*SENTENCES.values(), *SOUND])
def test_silent_on_capitals(text: str) -> None:
    assert charsets.locate(text.upper()) == []


def segments(texts: list[str]) -> np.ndarray:
    parts = [text.encode() for text in texts]
    ends = np.cumsum([len(part) + 1 for part in parts]) - 1
    data = np.frombuffer(b"\n".join(parts) + b"\n", np.uint8)
    return charsets.suspicious(data, (ends - [len(part) for part in parts]).astype(np.int64), ends.astype(np.int64))


def test_first_test_is_mostly_quiet_on_sound_text() -> None:
    assert not segments(list(SENTENCES.values())).any()


#: What damage is made of: letters and signs of the readings, ASCII around them, white space, the odd one out.
pieces = st.one_of(
    st.text(st.characters(max_codepoint=0x4FF, exclude_categories=["Cs"]), max_size=12),
    st.text(st.sampled_from("ÃÂâ€™œ ©Ð°РС‚пЂ╨а\xa0\ufffd.,a é\n├ طظ§„"), max_size=20),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.builds(read_as, st.sampled_from(list(SENTENCES.values())), st.just(UTF8), st.sampled_from(SINGLE)),
)
scraped = st.lists(pieces, max_size=5).map("".join)


@settings(max_examples=300, deadline=None)
@given(scraped)
def test_spans_are_in_order_disjoint_and_foreseen(text: str) -> None:
    found = charsets.locate(text)
    at = 0
    for hit in found:
        assert at <= hit.start < hit.end <= len(text)
        assert hit.repaired != text[hit.start : hit.end]
        # U+0085 and U+00A0 count as blanks, but here they are what a lead or trail byte became.
        assert not text[hit.start].isspace() or text[hit.start] in "\x85\xa0"
        at = hit.end
    assert segments([text])[0] or not found
    assert list(segments(["x", text, "é"])) == [False, bool(segments([text])[0]), False]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_never_raises(text: str) -> None:
    charsets.locate(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), st.integers(0, len(CHANNELS) - 1))
def test_undo_takes_back_what_the_reading_did(text: str, number: int) -> None:
    channel = CHANNELS[number]
    if channel.source in DOUBLE or channel.reading in DOUBLE or channel.source not in (UTF8, *CODECS):
        return
    try:
        damaged = text
        for _ in range(2 if channel.twice else 1):
            raw = damaged.encode("utf-8" if channel.source == UTF8 else CODECS[channel.source])
            damaged = raw.decode(CODECS[channel.reading])
    except UnicodeError:
        return
    # At the end of a text a lead byte may stand for itself and a trimmed blank; within it nothing is guessed.
    if " " not in damaged:
        assert charsets.undo(damaged, number, cut=False) == text


def test_long_texts_without_spaces() -> None:
    damaged = read_as(SENTENCES["zh"] * 60, UTF8, "windows-1252").replace(" ", "")
    found = charsets.locate(damaged)
    assert sum(hit.end - hit.start for hit in found) > 0.95 * len(damaged)
