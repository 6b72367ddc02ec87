"""Removes captions and credits of pictures, which a scraper leaves among the paragraphs."""

import re
from functools import cache
from itertools import pairwise

from service.content.scraping.lines.line_buffer import LineBuffer, display_width, ends_sentence, is_prose
from service.content.scraping.vocabulary import alternatives, phrase_pattern

_LONGEST_CAPTION = 500
_LONGEST_SIGNED = 200
_MANY_SENTENCES = 2
_LONGEST_FILE_CAPTION = 2000
_LONGEST_CREDIT = 180
CAPTION_REASON = "is the caption or credit of a picture"
_PHOTO_BY = re.compile(
    r"(?i:(?:file )?photos?|photographs?|photography|illustrations?|images?|video|fotos?) (?:by|von|par|por|"
    r"courtesy of) [A-ZÀ-Þ]"
)
_BY_AT_END = re.compile(
    r"[.!?”\"]\s*[(\[]?(?:photos?|photographs?|fotos?|image)(?: \w+)? (?:by|von|par|"
    r"por) [A-ZÀ-Þ][^.!?]{2,50}$",
    re.IGNORECASE,
)
# What a scraper leaves of the picture itself.
_PICTURE = re.compile(
    r"!\[[^\]]*\]\([^()\s]*\)|<(?:img|image|figure|picture)\b[^<>]*>.*|data:image/\S+|\S+\.(?:jpe?g|png|"
    r"gif|webp)",
    re.IGNORECASE,
)
_TAIL_CREDIT = re.compile(
    r"(?:[^\s.]|[”\"»«“])\s(?:Foto|Photo|Bild|Picture|Image|Beeld|Fot\.|Photograph|Zdjęcie|"
    r"Фото)s?\s?[:：]\s?[A-ZÀ-Þ©][^.!?]{1,60}$"
    r"|[.!?”\"]\s(?:[A-Z][\w.'’-]+ ){1,2}[A-Z][\w'’-]+/(?:[A-Z][\w.]*(?:\s|$)){1,4}$"
    r"|[.!?]\s(?:REUTERS|AFP|AP Photo|EPA)\s?/\s?[A-Z][\w'’.-]+ [A-Z].{0,120}$"
    r"|\s?[(（](?:[A-Z][\w.&-]* ){0,3}[Pp]hotos?[)）]\.?$"
    r"|[.!?”\"]\s?[(（](?:[A-Z][\w.&'-]* ?){1,5}(?:: ?|/)(?:[A-Z][\w.&'-]* ?){1,5}[)）]$"
    r"|\b(?i:image|photo|picture) (?i:source|credit|courtesy)\s?[:：].{0,60}$"
    r"|[(（](?:AFP|AP|EPA|ロイター|共同|時事)(?:時事|通信社?)?[)）]$"
)
# Agencies begin a caption with place and day.
_PLACE_AND_DAY = re.compile(
    r"[A-Z][A-Z .,'’-]{2,50} [-–] (?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|"
    r"DEC)[A-Z]* \d{1,2}(?:, \d{4})?: "
)
# Agencies end a report so; a paragraph with this end is not a caption.
_SIGN_OFF = re.compile(
    r"[.!?”\"“»]\s*(?:[—–-]+\s*|[(\[])?(?:[a-z]{2,4}/)*(?:AFP|AP|Reuters|REUTERS|dpa|EFE|ANSA|Xinhua|UPI|"
    r"IANS|PTI|Agencies)"
    r"(?:/[a-z]{2,4}|/dpa|/AFP|/AP)*[)\]]?\.?$"
)
_INITIALS = re.compile(r"[.!?”\"“»]\s(?:[a-z]{2,4}/)*(?:AFP|AP|Reuters|dpa|epd|KNA|SID|APA)(?:/[a-z]{2,4})+$")
_STOP = re.compile(r"[.!?…][”\"»)]*\s+(?=[A-ZÀ-Þ“\"„«])")
_FILE = re.compile(
    r"FILE\s*(?:PHOTO)?\s*[-–—:]\s*|\(?File photo\b|In this .{3,60}? (?:file )?(?:photo|image|"
    r"picture)\b[^.]{0,60},"
)
_AGENCY_NAMES = (
    r"(?<!\w)(?:AFP|AP Photo|Getty|Reuters|REUTERS|AP|EPA|dpa|EFE|ANSA|Xinhua|Shutterstock|iStock|"
    r"Unsplash|Flickr|"
    r"Wikimedia|ロイター|共同|時事)(?!\w)"
)
_AGENCY = re.compile(
    rf"(?:\s[-–—|/]\s?|©\s?|[.!]\s+)[^()\[\]（）.!]{{0,60}}?{_AGENCY_NAMES}[^()\[\]（）.]{{0,40}}[)\]）]?$"
)
_NAMED = re.compile(_AGENCY_NAMES)
_SLASHED = re.compile(
    r"[^.!?]{3,80}\s?/\s?(?:AFP|AP|Getty(?: Images)?|Reuters|REUTERS|EPA|dpa|EFE|ANSA|Shutterstock)\)?$"
)
_HOLDER = re.compile(r"©\s?[^\d\W][^.]{1,80}$")
_PLAYED = re.compile(r".{3,120}\s\(?\d{1,2}:\d{2}\)?")
_NAMED_BY_SPEAKER = re.compile(
    r"\b(?:told|to|with|by|from|said|says|an|the|and|of|via)\s+(?:the\s+)?[\w ]{0,20}[)\]]?$"
)
_AGENCY_AT_END = re.compile(r"\w (?:AFP|AP|EPA|REUTERS|Reuters|dpa|EFE|ANSA|TT|NTB)$")


def drop_captions(buffer: LineBuffer) -> None:
    """Cut the captions among the paragraphs, and the title of a video between its button and its length."""
    lines = buffer.lines
    labelled: set[int] = set()
    for above, below in pairwise(lines):
        after_label = is_bare_label(above.text) and display_width(below.text) < _LONGEST_CREDIT
        after_button = phrase_pattern("player_buttons").fullmatch(above.text) and _PLAYED.fullmatch(
            below.text
        )
        if after_label or (after_button and not ends_sentence(below.text)):
            labelled.add(below.position)
    for line in lines:
        if line is lines[-1] and _SIGN_OFF.search(line.text):
            continue
        if is_caption(line.text) or line.position in labelled:
            buffer.cut([line], "caption", CAPTION_REASON)


def ends_in_agency(text: str) -> bool:
    """Whether a line above the text ends in the name of an agency, as captions do, but no sentence."""
    return bool(_AGENCY_AT_END.search(text)) and not (_NAMED_BY_SPEAKER.search(text) or is_prose(text))


def is_bare_label(text: str) -> bool:
    """Whether `text` only announces a caption, which then stands on the next line."""
    label = phrase_pattern("caption_labels").match(text)
    return label is not None and not text[label.end() :].strip(" ,،，:")


def is_caption(text: str) -> bool:
    """Whether a whole line is a caption or credit: it begins or ends as they do."""
    end = text[-_LONGEST_CREDIT:]
    if len(text) > _LONGEST_CAPTION:
        return len(text) < _LONGEST_FILE_CAPTION and bool(
            _FILE.match(text) and _credit_in_brackets().search(end)
        )
    if phrase_pattern("caption_labels").match(text) or _PICTURE.fullmatch(text):
        return True
    if _opening().match(text) or phrase_pattern("caption_buttons").fullmatch(text):
        return True
    if any(pattern.match(text) for pattern in (_PLACE_AND_DAY, _PHOTO_BY, _FILE, _HOLDER)):
        return True
    long = display_width(text) > _LONGEST_SIGNED or len(_STOP.findall(text)) >= _MANY_SENTENCES
    if _INITIALS.search(text) or (long and _SIGN_OFF.search(text)):
        return False
    if _TAIL_CREDIT.search(end) or _credit_in_brackets().search(end) or _BY_AT_END.search(end):
        return True
    # `…, he told Reuters` is running text that merely names an agency.
    if not _NAMED.search(end[-60:]) or _NAMED_BY_SPEAKER.search(end):
        return False
    return bool(_AGENCY.search(end) or ("/" in end and _SLASHED.search(end)))


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(
        rf"{alternatives('caption_words')}(?:\s(?:by|credit|courtesy(?: of)?|von|de|di|par))?"
        r"\s?[:：=＝／/©|]",
        re.IGNORECASE,
    )


@cache
def _credit_in_brackets() -> re.Pattern[str]:
    return re.compile(
        rf"[(\[（【［]\s?{alternatives('caption_words')}\s?(?:[)\]）】］]\.?$|(?:[:：＝=／/©|]|\b(?:by|courtesy|credit|von|via|par|"
        rf"por)\b)"
        rf"[^()\[\]（）【】]{{0,80}}[)\]）】］]?\.?$)"
        rf"|(?:^|[.!?”\"。]\s?)[(\[（][^()\[\]（）]{{0,60}}{_AGENCY_NAMES}[^()\[\]（）]{{0,60}}[)\]）]$"
        rf"|[(\[（][^()\[\]（）]{{0,60}}(?:AP Photo|Getty Images|(?:{_AGENCY_NAMES})\s?/|"
        rf"/\s?(?:{_AGENCY_NAMES}))[^()\[\]（）]{{0,60}}[)\]）]\.?$",
        re.IGNORECASE,
    )
