"""What the sanitiser lets through is safe, as another sanitiser, made by others, sees it."""

import re

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.markup import SELF, SITE, TextFormat, drop_illegal, render
from service.markup.references import SCHEMES
from service.markup.sanitise import ATTRIBUTES, ELEMENTS

BASE = "/files/posts/"
TAG = re.compile("<[^>]*>")
OTHER = nh3.Cleaner(
    tags=set(ELEMENTS),
    attributes={name: set(allowed) for name, allowed in ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    link_rel=None,
)

UNKNOWN = """
    annotation-xml applet base body button custom-element desc embed fieldset font foreignObject form frame
    frameset head html iframe image input isindex keygen label legend link listing malignmark marquee math
    meta mglyph mi mtext nobr noembed noframes noscript object optgroup option param plaintext rb rtc script
    select style svg template textarea title x xmp
"""
ODD_ATTRIBUTES = [
    *(
        "href=x",
        "href=' java\nscript:a'",
        "href=//a.b/c",
        "HREF='data:text/html,a'",
        "src=x",
        "src='&#106;avascript:a'",
    ),
    *(
        "srcset='a 2x, javascript:b'",
        "poster=p",
        "cite='vbscript:a'",
        "onclick=a",
        "style='a:url(b)'",
        "xlink:href=a",
    ),
    *(
        "formaction=a",
        "srcdoc='<script>a</script>'",
        "id=a",
        "id='a b'",
        "class='language-a b'",
        "title='<b>\"'",
    ),
    *('alt="&quot;&lt;\'"', "lang=fr", "data-a", "name=a", "target=_blank", "type='text/html'", "action=a"),
]
ODD_TEXTS = r"""
    a é & &amp; &lt &#39; &#x3c;b&#62; &nbsp; &bogus; < > <!-- --> <!--a--> <![CDATA[a]]> <?a?> <!doctype\ta>
    </a> </p> </b> </x> </svg> </math> </style> </script> </select> </table> </template> </textarea> </title>
    ]]> <a/b=c> <b\t<i> <p/>
"""


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element, known or not, ended or not, that holds some of `inner`."""
    names = [*sorted(ELEMENTS), *UNKNOWN.split()]
    attributes = st.lists(st.sampled_from(ODD_ATTRIBUTES), max_size=2)
    return st.builds(
        lambda name, given, held, end: f"<{' '.join([name, *given])}>{''.join(held)}{end and f'</{name}>'}",
        st.sampled_from(names),
        attributes,
        st.lists(inner, max_size=3),
        st.booleans(),
    )


HTML = st.lists(
    st.recursive(st.sampled_from([text.replace(r"\t", "\t") for text in ODD_TEXTS.split()]), element),
    max_size=5,
).map("".join)


def without_marks(html: str) -> str:
    return html.replace(f'="{SITE}/', '="/').replace(f", {SITE}/", ", /").replace(f'="{SELF}', '="')


@settings(max_examples=3 * settings().max_examples)
@given(HTML, st.sampled_from(("html", "markdown")))
def test_another_sanitiser_finds_nothing_to_remove(text: str, form: TextFormat) -> None:
    html = without_marks(render(text, form, BASE).html)
    assert drop_illegal(html) == html
    # Elements that HTML does not allow in each other may be separated again, but none becomes another.
    assert set(TAG.findall(OTHER.clean(html))) == set(TAG.findall(html))


ATTACKS = r"""
<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>
<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>
<noscript><p title='</noscript><img src=x onerror=alert(1)>'>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<math><annotation-xml encoding='text/html'><style><img src onerror=alert(1)></style></annotation-xml></math>
<select><template><style><!--</style><a rel='--></style></template></select><img src onerror=alert(1)>'>
<table><caption><svg><title><table><caption></svg><style><img src onerror=alert(1)></style>
<a href='&#x6A;avascript&colon;alert(1)'>a</a>
<a href='\x01javascript:alert(1)'>a</a>
<a href='java\tscript:alert(1)'>a</a>
<img src=x onerror=alert(1) / >
<svg/onload=alert(1)>
<<script>alert(1)//<</script>
<iframe src='javascript:alert(1)'></iframe>
<iframe srcdoc='<script>alert(1)</script>'></iframe>
[a](javascript:alert(1)) ![a](javascript:alert(1)) <javascript:alert(1)>
[a](&#x6A;avascript:alert(1))
"""


@pytest.mark.parametrize("form", ["html", "markdown"])
@pytest.mark.parametrize("attack", ATTACKS.strip().split("\n"))
def test_known_attacks_leave_no_script(attack: str, form: TextFormat) -> None:
    text = attack.replace(r"\x01", "\x01").replace(r"\t", "\t")
    html = without_marks(render(text, form, BASE).html)
    assert OTHER.clean(html) == html
    assert not re.search(r"""(?:href|src|cite)="\s*javascript:""", html)
    tags = TAG.findall(re.sub('"[^"]*"', '""', html))
    assert not [tag for tag in tags if re.match(r"<(?:script|style|svg|math|iframe|form)\b|.*\son\w+=", tag)]
