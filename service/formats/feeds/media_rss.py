"""Images and attachments as Media RSS 1.5.1 (RSS Advisory Board), for Atom and RSS."""

from service.formats.feeds.feedgen_patches import MEDIA, Node, node
from service.model import Attachment, Image
from service.urls import Urls

_MEDIA = {"image", "audio", "video"}


def image_nodes(image: Image, urls: Urls) -> tuple[Node, ...]:
    """The lead image, as content and as thumbnail."""
    url = urls.absolute(image.url)
    width = str(image.width) if image.width else None
    height = str(image.height) if image.height else None
    alt = (node(f"{{{MEDIA}}}description", image.alt, type="plain"),) if image.alt else ()
    return (
        node(f"{{{MEDIA}}}content", None, *alt, url=url, medium="image", width=width, height=height),
        node(f"{{{MEDIA}}}thumbnail", url=url, width=width, height=height),
    )


def attachment_node(attachment: Attachment, urls: Urls) -> Node:
    """An attachment with all its known properties; the duration is in seconds."""
    medium = attachment.mime_type.partition("/")[0]
    title = (node(f"{{{MEDIA}}}title", attachment.title, type="plain"),) if attachment.title else ()
    return node(
        f"{{{MEDIA}}}content",
        None,
        *title,
        url=urls.absolute(attachment.url),
        fileSize=str(attachment.length) if attachment.length is not None else None,
        type=attachment.mime_type,
        medium=medium if medium in _MEDIA else "document",
        duration=str(attachment.duration) if attachment.duration is not None else None,
    )
