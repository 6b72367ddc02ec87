"""What has nothing to resolve, decode or fold in it takes a short way: it leads where the long one does."""

from hypothesis import given
from hypothesis import strategies as st

from service.content.identity.permalinks import site_path
from service.markup import resolve
from service.model import slugify

PLAIN = st.text(alphabet=st.sampled_from("aZ0-_.~/"), max_size=20)
BASES = (
    "/files/",
    "/files/posts/",
    "/files/a%20b/c.md",
    "/files/a/../b/",
    "/x/y/",
    "/",
    "https://example.org/x/",
)


@given(PLAIN, st.sampled_from(BASES))
def test_a_plain_reference(name: str, base: str) -> None:
    name = name.lstrip("/") or "a"
    assert resolve(name, base) == resolve(f"./{name}", base)
    assert resolve(f"/{name}", base) == resolve(f"/./{name}", base)


@given(PLAIN)
def test_a_plain_address(path: str) -> None:
    assert site_path(path) == site_path(f"{path}?")


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_a_name_in_ascii(name: str) -> None:
    assert slugify(f"{name} 中") == f"{slugify(name)}-中".removeprefix("-")
