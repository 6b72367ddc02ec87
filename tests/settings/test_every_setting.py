"""Every setting refuses a value of any kind that it cannot use, with a message that says what is expected."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.errors import SettingsError
from service.settings import SETTINGS
from service.settings.values import InvalidTables, invalid
from tests.support.load_settings import load_settings

TOML_VALUES = (
    *("0", "-1", "5", "1e400", "nan", "1.5", "true", f"0x{'f' * 5000}", "9" * 4000),
    *('""', '" "', '"x"', r'"\u0000"', r'"a\nb"', f'"{"x" * 5000}"', '"é\u2028"', '"\U0010ffff"'),
    *('"http://["', '"http://a..b/"', '"http:///"', '"sqlite:///"', '"file:///"', '"s3://"', '"(("'),
    *("[]", "[[]]", "[{}]", "[1, 'x', {}]", "{}", "{a = 1}", '{"" = 1}', "{name = 5}", '[{files = "("}]'),
    *("1979-05-27", "09:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
)
PYTHON_WORDS = re.compile(
    r"\b(?:Errno|NoneType|codec|literal for|unhashable|subscriptable|dict|tuple|datetime|int|str|bool|float|"
    r"embedded null|Invalid IPv6|out of range|Exceeds)\b|<[a-z]|Traceback"
)
IN_FILE = [setting for setting in SETTINGS if setting.in_file]


def test_a_value_of_any_kind_is_read_or_refused_at_its_line(tmp_path: Path) -> None:
    """All settings have a value of the same kind, so that those which cannot use it refuse it together."""
    file = tmp_path / "site.toml"
    names = [setting.name for setting in IN_FILE]
    refused = set()
    for value in TOML_VALUES:
        file.write_text("".join(f"{name} = {value}\n" for name in names), "utf-8")
        with pytest.raises(SettingsError) as caught:
            load_settings({"content": str(tmp_path)}, {})
        for problem in caught.value.problems:
            line, name, message = problem.removeprefix(f"{file}:").split(": ", 2)
            assert names[int(line) - 1] == name.partition(",")[0], problem
            check_message(message)
            refused.add(name)
    assert refused >= set(names)


def check_message(message: str) -> None:
    """Assert that a message is one readable sentence, none of Python's."""
    assert (
        "expected " in message or "is missing" in message or "no such key" in message or "is empty" in message
    )
    without_value = re.sub(r"invalid value .*?: expected", "", message, flags=re.DOTALL)
    assert not PYTHON_WORDS.search(without_value), message
    assert "\n" not in message
    assert len(message) < 400


RAW = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.dates(),
        st.datetimes(timezones=st.none() | st.timezones()),
        st.times(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(RAW)
@example({"\n": False})
@example({"0\n": False})
def test_a_reader_returns_or_says_what_it_expects(raw: object) -> None:
    for setting in IN_FILE:
        try:
            setting.read(raw)
        except InvalidTables as error:
            for fault in error.faults:
                check_message(fault.message)
        except ValueError as error:
            check_message(invalid(raw, error))


@given(st.text(max_size=40))
def test_a_variable_is_read_or_refused(text: str) -> None:
    for setting in SETTINGS:
        try:
            setting.read(text)
        except ValueError as error:
            check_message(invalid(text, error))
