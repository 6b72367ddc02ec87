"""XML feeds are well-formed and valid for any text."""

from hypothesis import given
from hypothesis import strategies as st

from service.formats.feeds.atom import ATOM
from service.formats.feeds.rss import RSS
from service.model import Attachment, Image, Source
from tests.support.builders import article, listing, site
from tests.support.feed_rules import atom_faults, rss_faults
from tests.support.sample_site import URLS

# Any text whatever, weighted towards what XML minds; half a surrogate pair too.
TEXTS = st.text(st.characters() | st.sampled_from("\x00\x0b\x1f\ufffe\uffff\ud800&<>]\r\n"), max_size=12)


@given(TEXTS, TEXTS, TEXTS)
def test_feed_renders_any_text(title: str, text: str, name: str) -> None:
    one = article(
        title=title,
        content_html=text,
        summary=text,
        language="fr",
        tags=(name,),
        authors=(f"x{name}",),
        rights=text,
        correction=text,
        source=Source(name, "x", f"https://x.example/{name}", title, text, None, f"https://y.example/{name}"),
        image=Image("/files/x.png", alt=text),
        attachments=(Attachment("/files/x.mp3", "audio/mpeg", None, title, 3),),
    )
    page = listing(one, article("second"), of=site(description=text, rights=text))
    for form, faults in ((ATOM, atom_faults), (RSS, rss_faults)):
        assert faults(form.listing(page, URLS)) == []
