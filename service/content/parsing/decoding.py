"""Decode the bytes of a file."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable

from service.errors import ContentError
from service.markup import drop_illegal

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in _MARKS)
# Scraped text may hold a NUL; more than one in twenty bytes is an image, or UTF-16 without a mark.
_NULS_IN_TEXT = 20

# The usual encodings of languages: names of codecs, the commonest first, and the script of their letters.
_ENCODINGS = {
    language: (tuple(codec_names.split()), scripts)
    for languages, codec_names, scripts in (
        ("ru be bg mk sr", "cp1251 koi8_r iso8859_5", ("CYRILLIC",)),
        ("uk", "cp1251 koi8_u iso8859_5", ("CYRILLIC",)),
        ("pl cs sk hu sl hr ro bs sq", "cp1250 iso8859_2", ("LATIN",)),
        ("el", "cp1253 iso8859_7", ("GREEK",)),
        ("tr az", "cp1254", ("LATIN",)),
        ("he yi", "cp1255 iso8859_8", ("HEBREW",)),
        ("ar fa ur", "cp1256 iso8859_6", ("ARABIC",)),
        ("et lv lt", "cp1257 iso8859_13", ("LATIN",)),
        ("vi", "cp1258", ("LATIN",)),
        ("th", "cp874", ("THAI",)),
        ("ja", "cp932 euc_jp", ("CJK", "HIRAGANA", "KATAKANA")),
        ("zh", "gb18030 big5hkscs", ("CJK",)),
        ("ko", "cp949", ("HANGUL", "CJK")),
    )
    for language in languages.split()
} | dict.fromkeys(("zh-tw", "zh-hk", "zh-mo", "zh-hant"), (("big5hkscs", "gb18030"), ("CJK",)))
_LABELS = {
    "cp932": "Shift_JIS",
    "cp949": "EUC-KR",
    "cp874": "Windows-874",
    "big5hkscs": "Big5",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
}
_CODECS = frozenset({"cp1252", *(name for names, _ in _ENCODINGS.values() for name in names)})
# ISO-2022-JP is ASCII with escape sequences (RFC 1468), so that it is UTF-8 as well.
_JAPANESE_ESCAPES = (b"\x1b$B", b"\x1b$@")
_DECLARED = re.compile(
    rb"""<meta[^<>]{0,200}?charset\s*=\s*["']?([\w:-]{2,40})|<\?xml[^<>]{0,60}?encoding=["']([\w:-]{2,40})""",
    re.IGNORECASE,
)
# Labels that mean another encoding than Python's codec of that name (https://encoding.spec.whatwg.org/#names-and-labels).
_WEB_LABELS = {
    "ascii": "cp1252",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "latin1": "cp1252",
    "shift_jis": "cp932",
    "us-ascii": "cp1252",
}
# The zero bytes in the first four of a text in UTF-16 or UTF-32 that begins with ASCII, as JSON does.
_WIDE_BEGINNINGS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
_NOT_TEXT = "save it as UTF-8, or move it out of the content folder"
_REPLACED = (
    "U+FFFD (�) stands for what was lost when the file was saved in another encoding; write what was there"
)
# No legacy encoding of text has bytes of control characters; a few are damage, more are another kind of file.
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1a\x1b"})
_FEWEST_CONTROLS = 2
_CONTROLS_IN_TEXT = 500
_DECLARATION_BYTES = 1024
# Spaces of no width, marks of direction, the soft hyphen, and byte order marks of files that were joined.
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\u180e"
_LEAST_LETTERS = 0.9
_LEAST_FOREIGN = 0.3
# A capital after a small letter, and a mark within a word, as a wrong encoding gives them.
_MISPLACED = re.compile(
    r"(?<=[^\W\d_a-zA-ZÀ-ÞА-Я])[À-ÞА-Я]|(?<=[^\W\d_])[^\w\s\x00-\x7f\xad·’‐–—](?=[^\W\d_])"
)
_MARK_CATEGORIES = frozenset({"Cc", "Cn", "Co", "So", "Sk", "No", "Sm", "Sc"})


def decode(
    data: bytes, read_languages: Callable[[], Iterable[str]] = tuple
) -> tuple[str, ContentError | None]:
    """`data` as text with `\\n` as line end and without control characters; a note on what is doubtful.

    Invisible characters at its start are left out: front matter begins with the first that is seen.

    UTF-8, or UTF-16 and UTF-32 that begin with a byte order mark or ASCII; else the encoding that a page
    declares, else UTF-8 where most characters are, else a usual encoding of the languages that
    `read_languages` returns, else Windows-1252. Raises
    ContentError if the bytes are not text, or in none of these encodings.
    """
    text, note = as_written(data, read_languages)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufffd" in text and note is None:
        note = ContentError(text.count("\n", 0, text.index("\ufffd")) + 1, _REPLACED, harmless=True)
    return drop_illegal(text).lstrip(_INVISIBLE), note


def as_written(
    data: bytes, read_languages: Callable[[], Iterable[str]] = tuple
) -> tuple[str, ContentError | None]:
    """As `decode`, with all characters and line ends unchanged."""
    if data.startswith(_ANY_MARK):
        mark, encoding = next(known for known in _MARKS if data.startswith(known[0]))
        return _decode_marked(data[len(mark) :], encoding)
    if 0 in data and data.count(0) > len(data) // _NULS_IN_TEXT:
        wide_encoding = find_wide_encoding(data)
        wide_text = _try_codec(data, wide_encoding) if wide_encoding else None
        if wide_text is not None and "\0" not in wide_text:
            return wide_text, None
        raise ContentError(1, f"this is not text; {_NOT_TEXT}")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return _decode_other(data, error.start, read_languages())
    if b"\x1b" in data and any(escape in data for escape in _JAPANESE_ESCAPES):
        line = data.count(b"\n", 0, data.find(b"\x1b")) + 1
        japanese = _try_codec(data, "iso2022_jp")
        return (japanese, _guess_note(line, "iso2022_jp")) if japanese is not None else (text, None)
    return text, None


def _decode_marked(data: bytes, encoding: str) -> tuple[str, ContentError | None]:
    """The text behind a byte order mark; U+FFFD for what is not in its encoding, and a note on the first."""
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding).count("\n") + 1
        invalid = data[error.start : error.end].hex(" ")
        note = ContentError(
            line,
            f"the bytes {invalid} are not {encoding.upper()}, which the byte order mark of the file declares;"
            " they are shown as U+FFFD (�): save the file as UTF-8",
        )
        return data.decode(encoding, "replace"), note


def find_wide_encoding(data: bytes) -> str | None:
    """The codec of a text in UTF-16 or UTF-32, by its byte order mark or zero bytes; None for any other."""
    mark = next(((mark, codec) for mark, codec in _MARKS if data.startswith(mark)), None)
    if mark:
        return None if mark[0] == codecs.BOM_UTF8 else mark[1]
    return _WIDE_BEGINNINGS.get(tuple(byte == 0 for byte in data[:4]))


def _decode_other(data: bytes, start: int, languages: Iterable[str]) -> tuple[str, ContentError]:
    """`data`, which is not UTF-8 from the offset `start` on. Raises ContentError."""
    line = data.count(b"\n", 0, start) + 1
    column = start - data.rfind(b"\n", 0, start)
    byte = f"byte 0x{data[start]:02x} in column {column}"
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > max(_FEWEST_CONTROLS, len(data) // _CONTROLS_IN_TEXT):
        raise ContentError(line, f"{byte} is binary data, not text; {_NOT_TEXT}")
    if declared := _declared_codec(data):
        text = _try_codec(data, declared)
        if text is not None:
            return text, ContentError(
                line, f"not UTF-8 from here on: read as {_label(declared)}, as declared"
            )
    if (text := _replace_few(data)) is not None:
        return text, ContentError(
            line,
            f"{byte} is not UTF-8, which the rest of the file is; it is shown as U+FFFD (�): write what was"
            " there",
        )
    for language in languages:
        tag = language.lower()
        names, scripts = _ENCODINGS.get(tag) or _ENCODINGS.get(tag.partition("-")[0]) or ((), ())
        texts = [(name, text) for name in names if (text := _try_codec(data, name)) is not None]
        scores = {name: _share_of_letters(text, scripts) for name, text in texts}
        best = max(scores, key=lambda name: scores[name], default=None)
        if best and scores[best] >= _LEAST_LETTERS:
            return dict(texts)[best], _guess_note(line, best)
    text = _try_codec(data, "cp1252")
    if text is None:
        raise ContentError(
            line,
            f"{byte} is neither UTF-8 nor Windows-1252, nor in an encoding of the language of the site; save"
            " the file as UTF-8, or name its language (site.toml, or a folder such as ru/)",
        )
    return text, _guess_note(line, "cp1252")


def _replace_few(data: bytes) -> str | None:
    """`data` as UTF-8 with U+FFFD for what is not; None if fewer characters beyond ASCII are than are not.

    Texts in other encodings have few bytes that are UTF-8 by chance.
    """
    text = data.decode("utf-8", "replace")
    invalid = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    valid = sum(character > "\x7f" for character in text) - invalid
    return text if valid >= invalid else None


def _declared_codec(data: bytes) -> str | None:
    """The codec of the encoding that a page or an XML document declares at its beginning."""
    match = _DECLARED.search(data[:_DECLARATION_BYTES])
    if not match:
        return None
    label = (match[1] or match[2]).decode("ascii", "ignore").lower()
    try:
        name = codecs.lookup(_WEB_LABELS.get(label, label)).name.replace("-", "_")
    except (LookupError, ValueError):
        return None
    return name if name in _CODECS else None


def _try_codec(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _share_of_letters(text: str, scripts: tuple[str, ...]) -> float:
    """How much of what is beyond ASCII are letters of `scripts`; 0 where too little of the text is.

    Symbols and what is misplaced within a word count against it: that tells KOI8-R from Windows-1251, and
    ISO 8859-2 from Windows-1250.
    """
    beyond = [character for character in text if character > "\x7f"]
    letters = [character for character in beyond if character.isalpha()]
    of_script = sum(unicodedata.name(letter, "").startswith(scripts) for letter in letters)
    if "LATIN" not in scripts:
        latin = sum(character.isalpha() for character in text if character < "\x80")
        if of_script < _LEAST_FOREIGN * (of_script + latin):
            return 0  # a text in another language, whose few letters with accents would be read as these
    marks = sum(unicodedata.category(character) in _MARK_CATEGORIES for character in beyond)
    misplaced = sum(unicodedata.category(match[0])[0] != "M" for match in _MISPLACED.finditer(text))
    counted = len(letters) + marks + 2 * misplaced
    return of_script / counted if counted else 0


def _guess_note(line: int, codec: str) -> ContentError:
    return ContentError(line, f"not UTF-8 from here on: read as {_label(codec)}; save the file as UTF-8")


def _label(codec: str) -> str:
    """The usual name of an encoding: `cp1251` → `Windows-1251`."""
    name = _LABELS.get(codec) or codec.replace("cp", "Windows-").replace("iso8859_", "ISO-8859-")
    return name.replace("_", "-").upper() if name.startswith(("koi8", "gb")) else name
