"""Hypothesis strategies for texts that several test modules use."""

from hypothesis import strategies as st

_FRAGMENTS = r"""
    <b> </b> <br> <p> <script> &amp; & &lt;b> &#38; AT&T [a](b) ![a](b) [x]: [[a]] [[a|b]] **b** *i* _u_ ~~d~~
    ==m== %%c%% `c` `` $x$ $$ ; , # #tag C# | 1. 1) 12. - + > --- === :smile: : a: [_] [^1] {{x}} {%x%}
    {{<x>}} {x} \ \* ' " null true 2017 2019-01-28 1.50 ~ ! !x @a a@b.example Ann<a@b.example> By by: (x)
    https://x.example/?a=1&b=2 www.x.example Option<T> <!--c--> بغداد 東京 🚢 é … ( )
"""
_PIECES = [*_FRAGMENTS.split(), " ", "e\u0301", "\u200d", "\u00ad", "\ufeff"]


def _joined(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())


_CHARACTERS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufffe\uffff"), max_size=6
)
PLAIN_TEXTS = (
    st.lists(st.sampled_from(_PIECES) | _CHARACTERS, min_size=1, max_size=6).map(_joined).filter(bool)
)
"""One line of plain text as a reader of a field returns it: without white space around, or two spaces inside.

It is likely to hold what Markdown, HTML, YAML or a convention of front matter gives a meaning.
"""
