"""The bytes of a file as text, in the encoding of its language where they are not UTF-8."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content import load, read, scan
from service.content.parsing.decoding import decode
from service.errors import ContentError
from service.model import Site

TEXTS = {
    "ru": "Совет города проголосовал за новый мост — после долгого обсуждения. «Да», сказал мэр.",
    "uk": "Рада міста проголосувала за новий міст; ґанок, їжак, Єдність.",
    "bg": "Съветът на града гласува за новия мост.",
    "pl": "Zażółć gęślą jaźń – rada miasta, źdźbło, Łódź.",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy, říká starosta.",
    "hu": "Árvíztűrő tükörfúrógép, mondta a polgármester.",
    "el": "Το συμβούλιο της πόλης ψήφισε για τη νέα γέφυρα.",
    "tr": "Belediye meclisi köprüye evet dedi: ığüşçö, İstanbul.",
    "he": "מועצת העיר הצביעה בעד הגשר החדש.",
    "ar": "صوت مجلس المدينة لصالح الجسر الجديد.",
    "lt": "Miesto taryba balsavo už naują tiltą: ąčęėįšųūž.",
    "th": "สภาเมืองลงมติสร้างสะพานใหม่",
    "ja": "市議会は新しい橋に賛成した。カタカナもある。",
    "zh": "市议会投票赞成建设新桥。",
    "zh-TW": "市議會投票贊成建設新橋。",
    "ko": "시의회는 새 다리에 찬성했다.",
}
ENCODED = [
    *(("ru", codec) for codec in ("cp1251", "koi8_r", "iso8859_5")),
    *(("uk", codec) for codec in ("cp1251", "koi8_u")),
    *(("pl", codec) for codec in ("cp1250", "iso8859_2")),
    *(("cs", codec) for codec in ("cp1250", "iso8859_2")),
    *(("el", codec) for codec in ("cp1253", "iso8859_7")),
    *(("ja", codec) for codec in ("cp932", "euc_jp", "iso2022_jp")),
    *(("zh", codec) for codec in ("gb18030", "gbk", "big5hkscs")),
    *(("zh-TW", codec) for codec in ("big5", "gb18030")),
    *(("bg", "cp1251"), ("hu", "cp1250"), ("tr", "cp1254"), ("he", "cp1255"), ("ar", "cp1256")),
    *(("lt", "cp1257"), ("th", "cp874"), ("ko", "cp949"), ("ko", "euc_kr")),
]


@pytest.mark.parametrize(("language", "codec"), ENCODED)
def test_a_file_is_read_in_an_encoding_of_its_language(language: str, codec: str) -> None:
    data = TEXTS[language].encode(codec, "ignore")
    text, note = decode(data, lambda: [language])
    assert text == data.decode(codec)
    assert note
    assert "save the file as UTF-8" in note.message


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "text", ['{"title": "橋", "text": "é"}', "---\ntitle: 橋 é\n---\n", "# " + TEXTS["zh"]]
)
def test_wide_characters_need_no_mark_after_ascii(codec: str, text: str) -> None:
    assert decode(text.encode(codec)) == (text, None)


@pytest.mark.parametrize("data", [b"L\0\0\0\x01\x14\x02\0\0\0\0\0", b"\0" * 8, b"A\0B\0\0\xd8C\0", b"a\0"])
def test_zero_bytes_alone_are_no_wide_characters(data: bytes) -> None:
    with pytest.raises(ContentError, match="this is not text"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        ("One.\nCaf\ufffd.\ufffd\n".encode(), 2, "U+FFFD (�) stands for what was lost"),
        (b"\xef\xbb\xbfOne.\r\nTwo \xff.\r\n", 2, "the bytes ff are not UTF-8, which the byte order mark"),
        ("One.\n\nTwo.".encode("utf-16")[:-1], 3, "the bytes 2e are not UTF-16-LE"),
        ("\ufeffA\n".encode("utf-16-be") + b"\xd8\0\0a", 2, "the bytes d8 00 are not UTF-16-BE"),
        ("\ufeffA\n".encode("utf-32-le") + b"\0\0\0\1", 2, "the bytes 00 00 00 01 are not UTF-32-LE"),
    ],
)
def test_characters_that_are_lost_are_noted(data: bytes, line: int, message: str) -> None:
    text, note = decode(data)

    assert note
    assert (note.line, message in note.message) == (line, True), note
    assert "\ufffd" in text
    assert note.harmless == (data == text.encode())


@pytest.mark.parametrize("language", [*TEXTS, "en"])
@pytest.mark.parametrize("byte", [b"\xe9", b"\x81", b"\xc3", b"\xff"])
def test_one_wrong_byte_leaves_the_rest_as_it_is(byte: bytes, language: str) -> None:
    for text in TEXTS.values():
        data = f"{text}\nCafé.\n".encode() + byte + b"\n"
        decoded, note = decode(data, lambda: [language])
        assert decoded == f"{text}\nCafé.\n\ufffd\n"
        assert note
        assert note.line == 3
        assert note.message.startswith(f"byte 0x{byte.hex()} in column 1 is not UTF-8, which the rest")


@pytest.mark.parametrize("beginning", [b"# A picture\n\n", b"---\ntitle: A\n---\n", b"", "Größe\n".encode()])
@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1" + b"text " * 100,
        bytes(range(256)) * 20,
        b"PK\3\4\x14\0\x08\x08" + bytes(range(0xC0, 0x100)) * 2,
    ],
)
def test_binary_data_is_no_text(beginning: bytes, data: bytes) -> None:
    with pytest.raises(ContentError, match="not text; save it as UTF-8") as caught:
        decode(beginning + data)
    invalid = next(offset for offset, byte in enumerate(data) if byte > 127)
    if "binary" in caught.value.message:
        line_beginning = data.rfind(b"\n", 0, invalid) + 1
        column = (
            invalid
            - line_beginning
            + 1
            + (0 if line_beginning or beginning[-1:] in b"\n" else len(beginning))
        )
        assert f"byte 0x{data[invalid]:02x} in column {column} is binary data" in caught.value.message
        assert caught.value.line == 1 + (beginning + data[:invalid]).count(b"\n")


@pytest.mark.parametrize("language", [*TEXTS, "en", "de", ""])
def test_a_western_text_is_windows_1252_on_any_site(language: str) -> None:
    text = "The café – a “naïve” façade for €5, and Größe."
    decoded, note = decode(text.encode("cp1252"), lambda: [language])
    assert decoded == text
    assert note
    assert "read as Windows-1252" in note.message


@pytest.mark.parametrize("language", [*TEXTS, "en", "de", ""])
def test_utf_8_is_utf_8_on_any_site(language: str) -> None:
    for text in TEXTS.values():
        assert decode(text.encode(), lambda: [language]) == (text, None)


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_bytes_that_windows_1252_does_not_have_set_the_article_aside(byte: int) -> None:
    data = b"---\ntitle: A vote\n---\nA text \xe9 " + bytes([byte]) + b" of no known encoding.\n"
    loaded = load(Path("/nowhere"), "a.md", data, Site())
    assert loaded.articles == ()
    [fault] = loaded.faults
    assert (fault.line, "is neither UTF-8 nor Windows-1252" in fault.message) == (4, True)


RUSSIAN = f"---\ntitle: Мост\n---\n{TEXTS['ru']}\n".encode("cp1251")


@pytest.mark.parametrize(
    ("path", "data", "language"),
    [
        ("a.md", RUSSIAN, "ru"),
        ("a.ru.md", RUSSIAN, "en"),
        ("a.md", RUSSIAN.replace(b"---\n", b"---\nlang: ru\n", 1), "en"),
        ("a.md", RUSSIAN.replace(b"---\n", b"---\nlanguage: 'ru_RU'\n", 1), "en"),
        (
            "a.html",
            "---\ntitle: Мост\n---\n<meta charset=koi8-r>Да, сказал мэр.".encode("koi8-r"),
            "en",
        ),
        (
            "a.html",
            (
                '<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
                f"<body><h1>Мост</h1><p>{TEXTS['ru']}</p></body></html>"
            ).encode("cp1251"),
            "en",
        ),
    ],
)
def test_the_language_of_an_article_decides_on_its_encoding(path: str, data: bytes, language: str) -> None:
    loaded = load(Path("/nowhere"), path, data, Site(language=language))
    [article] = loaded.articles
    assert article.title == "Мост"
    assert "сказал мэр." in article.content_text


def test_the_language_of_a_folder_decides_on_the_encoding(tmp_path: Path) -> None:
    for name, data in {"en/a.md": b"---\ntitle: A\n---\nText.", "ru/a.md": RUSSIAN}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(data)
    scanned = scan(tmp_path)
    loaded = load(tmp_path, "ru/a.md", read(tmp_path, "ru/a.md"), Site(), scanned.context)
    assert [article.title for article in loaded.articles] == ["Мост"]


CONTROLS = [
    ("a.md", "---\ntitle: It\x92s \x93a vote\x94\n---\nYes, it\x92s \x93a vote\x94.\n"),
    ("a.html", "---\ntitle: It\x92s &#147;a vote&#148;\n---\n<p>Yes, it&#146;s &#x93;a vote&#148;.</p>\n"),
    ("a.md", "---\ntitle: It&#146;s “a vote&#148;\n---\nYes, it&#146;s &#147;a vote&#x94;.\n"),
    ("a.txt", "---\ntitle: It’s “a vote”\n---\nYes, it\x92s \x93a vote\x94.\n"),
    ("a.json", r'{"title": "It\u0092s \u0093a vote\u0094", "text": "Yes, it\u0092s \u0093a vote\u0094."}'),
    ("a.json", r'{"title": "It’s “a vote”", "content_html": "<p>Yes, it\u0092s \u0093a vote\u0094.</p>"}'),
]


@pytest.mark.parametrize(("path", "text"), CONTROLS)
def test_c1_controls_stand_for_characters_of_windows_1252(path: str, text: str) -> None:
    [article] = load(Path("/nowhere"), path, text.encode(), Site()).articles
    assert (article.title, article.content_text) == ("It’s “a vote”", "Yes, it’s “a vote”.")


@given(
    st.text(st.sampled_from("aé <b>&#;x\x80\x81\x85\x8d\x9d\x9f\xa0")),
    st.sampled_from(["a.md", "a.html", "a.txt"]),
    st.sampled_from(["&#129;", "&#x9d;", "\x8d", "&#128;"]),
)
def test_no_c1_control_reaches_an_article(text: str, path: str, control: str) -> None:
    data = f"---\ntitle: T {control}\nsummary: S {control}\nauthor: A {control}\n---\nText {control} {text}\n"
    for article in load(Path("/nowhere"), path, data.encode(), Site()).articles:
        values = (article.title, article.content_html, article.content_text, article.summary)
        assert not any("\x80" <= character <= "\x9f" for value in values for character in value)
        assert not any("\x80" <= character <= "\x9f" for character in article.authors[0].name)


@given(st.binary(max_size=60), st.sampled_from([*TEXTS, "en"]))
def test_any_bytes_are_text_or_a_fault(data: bytes, language: str) -> None:
    try:
        text, _ = decode(data, lambda: [language])
    except ContentError:
        return
    assert not any("\x80" <= character <= "\x9f" for character in text)
