"""Names of months and weekdays that CLDR leaves out: other Arabic names, other calendars, common spellings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Added to the month's number, so that a month of another calendar is never taken for a Gregorian one.
JALALI: Final = 100
HIJRI: Final = 200

Table = Mapping[int, str | tuple[str, ...]]


def _endings(stems: str, endings: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
    """Twelve months with each of some endings."""
    return {i: tuple(stem.strip() + ending for ending in endings) for i, stem in enumerate(stems.split(","), 1)}


def _numbered(names: str, offset: int = 0) -> dict[int, tuple[str, ...]]:
    """Twelve months (or seven weekdays) separated by commas, spellings of one by bars."""
    return {i + offset: tuple(part.strip() for part in one.split("|")) for i, one in enumerate(names.split(","), 1)}


#: Lebanon, Syria, Jordan, Palestine, Iraq.
LEVANTINE: Final = _numbered(
    "كانون الثاني|كانون ثاني|كانون ثان, شباط, آذار, نيسان, أيار|ايار|نوار, حزيران, تموز, آب, أيلول, "
    "تشرين الأول|تشرين أول, تشرين الثاني|تشرين ثاني|تشرين ثان, كانون الأول|كانون أول"
)

#: Egypt and the Gulf; Morocco; Algeria and Tunisia. One group: all of them are Gregorian names in Arabic letters.
ARABIC: Final = (
    _numbered(
        "يناير, فبراير|فبرابر, مارس, أبريل|إبريل, مايو, يونيو|يونيه, يوليو|يوليه, أغسطس|اغسطس|آغسطس, سبتمبر, أكتوبر|اوكتوبر, نوفمبر, ديسمبر"
    ),
    _numbered("يناير, فبراير, مارس, أبريل, ماي, يونيو|يونيوز, يوليوز, غشت, شتنبر, أكتوبر, نونبر, دجنبر"),
    _numbered("جانفي, فيفري, مارس, أفريل, ماي, جوان, جويلية|جويليه, أوت, سبتمبر, أكتوبر, نوفمبر, ديسمبر"),
)

#: Monday first. With and without hamza folds to the same; the bare forms stand after "يوم" or without the article.
ARABIC_WEEKDAYS: Final[Table] = {
    0: ("الاثنين", "الإثنين", "الأثنين"),
    1: ("الثلاثاء", "الثلاثا"),
    2: ("الأربعاء", "الاربعا"),
    3: ("الخميس",),
    4: ("الجمعة",),
    5: ("السبت",),
    6: ("الأحد",),
}

_IRANIAN = _numbered("فروردین, اردیبهشت, خرداد, تیر, مرداد|امرداد, شهریور, مهر, آبان, آذر, دی, بهمن, اسفند", JALALI)
_AFGHAN = _numbered("حمل, ثور, جوزا, سرطان, اسد, سنبله, میزان, عقرب, قوس, جدی, دلو, حوت", JALALI)
_PASHTO = _numbered("وری, غویی, غبرګولی, چنګاښ, زمری, وږی, تله, لړم, لیندۍ, مرغومی, سلواغه, کب", JALALI)
_ISLAMIC = _numbered(
    "محرم|محرم الحرام, صفر, ربيع الأول|ربيع أول|ربیع‌الاول, ربيع الآخر|ربيع الثاني|ربیع‌الثانی, جمادى الأولى|جمادى الأول|جمادی‌الاول, "
    "جمادى الآخرة|جمادى الثانية|جمادى الآخر|جمادى الثاني|جمادی‌الثانی, رجب, شعبان, رمضان, شوال, ذو القعدة|ذي القعدة|ذوالقعدة|ذیقعده, "
    "ذو الحجة|ذي الحجة|ذوالحجة|ذیحجه",
    HIJRI,
)


def _both(*tables: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    return {number: names for table in tables for number, names in table.items()}


def _merged(one: Mapping[int, tuple[str, ...]], other: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    return {number: one[number] + other[number] for number in one}


#: Months of other calendars, by the languages that use them.
CALENDARS: Final[Mapping[str, Table]] = {
    "ar": _ISLAMIC,
    "ur": _ISLAMIC,
    "fa": _both(_merged(_IRANIAN, _AFGHAN), _ISLAMIC),
    "ps": _both(_merged(_merged(_IRANIAN, _AFGHAN), _PASHTO), _ISLAMIC),
}

MORE_MONTHS: Final[Mapping[str, Table]] = {
    "en": {9: "sept"},
    "de": {
        1: ("jänner", "jan"),
        2: ("feber", "feb"),
        3: ("mrz", "maerz"),
        4: "apr",
        6: "jun",
        7: "jul",
        8: "aug",
        9: ("sep", "sept"),
        10: "okt",
        11: "nov",
        12: "dez",
    },
    "es": {9: ("setiembre", "sep", "sept", "set")},
    "fr": {1: "jan", 2: ("fev", "fevr"), 4: "avr", 7: "juil", 9: ("sept", "sep"), 10: "oct"},
    "it": {1: ("genn", "gen"), 2: "febbr", 4: "apr", 7: "lugl", 9: ("sett", "set"), 10: "ott"},
    "pt": {9: "set", 10: "out", 12: "dez"},
    "nl": {3: "mrt", 9: "sept", 10: "okt"},
    "nb": {9: ("sep", "sept"), 10: "okt", 12: "des"},
    "da": {9: ("sep", "sept"), 10: "okt", 12: "dec"},
    "sv": {9: ("sep", "sept"), 10: "okt", 12: "dec"},
    "fi": {
        1: "tammi",
        2: "helmi",
        3: "maalis",
        4: "huhti",
        5: "touko",
        6: "kesä",
        7: "heinä",
        8: "elo",
        9: "syys",
        10: "loka",
        11: "marras",
        12: "joulu",
    },
    "ru": {
        1: "янв",
        2: ("фев", "февр"),
        3: "мар",
        4: "апр",
        6: "июн",
        7: "июл",
        8: "авг",
        9: ("сен", "сент"),
        10: "окт",
        11: ("ноя", "нояб"),
        12: "дек",
    },
    "uk": {
        1: "січ",
        2: ("лют", "лютий"),
        3: ("бер", "берез"),
        4: ("кві", "квіт"),
        5: ("тра", "трав"),
        6: ("чер", "черв"),
        7: "лип",
        8: ("сер", "серп"),
        9: ("вер", "верес"),
        10: ("жов", "жовт"),
        11: ("лис", "лист", "листоп"),
        12: ("гру", "груд"),
    },
    "id": {2: "pebruari", 8: ("ags", "agt", "agu"), 11: ("nop", "nopember"), 12: "des"},
    "hi": {9: "सितम्बर", 10: "अक्तूबर", 11: ("नवंबर", "नवम्बर"), 12: ("दिसंबर", "दिसम्बर")},
    "hu": {9: "szept"},
    "hr": {
        1: "siječnju",
        2: "veljači",
        3: "ožujku",
        4: "travnju",
        5: "svibnju",
        6: "lipnju",
        7: "srpnju",
        8: "kolovozu",
        9: "rujnu",
        10: "listopadu",
        11: ("studenom", "studenome", "studenog"),
        12: "prosincu",
    },
    "bg": {
        1: ("ян", "яну"),
        2: ("фев", "февр"),
        3: "мар",
        4: "апр",
        8: "авг",
        9: ("сеп", "септ"),
        10: "окт",
        11: ("ное", "ноем"),
        12: "дек",
    },
    "bn": {1: "জানুয়ারী", 2: "ফেব্রুয়ারী"},
    "th": dict(enumerate(["มกรา", "กุมภา", "มีนา", "เมษา", "พฤษภา", "มิถุนา", "กรกฎา", "สิงหา", "กันยา", "ตุลา", "พฤศจิกา", "ธันวา"], 1)),
    "vi": dict(
        enumerate(
            [
                ("tháng một", "tháng giêng"),
                "tháng hai",
                "tháng ba",
                ("tháng tư", "tháng bốn"),
                "tháng năm",
                "tháng sáu",
                "tháng bảy",
                "tháng tám",
                "tháng chín",
                "tháng mười",
                "tháng mười một",
                ("tháng mười hai", "tháng chạp"),
            ],
            1,
        )
    ),
    "eu": _endings(
        "urtarril, otsail, martxo, apiril, maiatz, ekain, uztail, abuztu, irail, urri, azaro, abendu", ("aren", "ak", "a", "ren")
    ),
    "lv": _endings("janvār, februār, mart, aprīl, maij, jūnij, jūlij, august, septembr, oktobr, novembr, decembr", ("ā", "ī")),
    "tg": _endings("январ, феврал, март, апрел, май, июн, июл, август, сентябр, октябр, ноябр, декабр", ("и",)),
    "mn": _endings(
        "нэгдүгээр, хоёрдугаар, гуравдугаар, дөрөвдүгээр, тавдугаар, зургаадугаар, долоодугаар, наймдугаар, есдүгээр, аравдугаар, "
        "арван нэгдүгээр, арван хоёрдугаар",
        (" сарын", " сар"),
    ),
    "ro": {1: "ian", 5: "mai", 6: "iun", 7: "iul", 9: "sept", 11: "noi"},
    "fa": {5: ("می", "مه"), 7: ("جولای", "ژوئیه"), 8: ("اوت", "آگوست"), 9: "سپتامبر"},
}

MORE_WEEKDAYS: Final[Mapping[str, Table]] = {
    "en": {1: "tues", 2: "weds", 3: ("thur", "thurs")},
    "de": {5: ("samstag", "sonnabend")},
    "pt": {0: "segunda feira", 1: ("terça feira", "terca-feira"), 2: "quarta feira", 3: "quinta feira", 4: "sexta feira"},
    "zh": {i: (f"周{c}", f"週{c}", f"星期{c}", f"礼拜{c}", f"禮拜{c}") for i, c in enumerate("一二三四五六日")}
    | {6: ("周天", "星期天", "周日", "週日", "星期日")},
    "ja": {i: (f"{c}曜日", f"{c}曜") for i, c in enumerate("月火水木金土日")},
    "ko": {i: (f"{c}요일",) for i, c in enumerate("월화수목금토일")},
}
