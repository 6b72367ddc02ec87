"""The words by which bylines are known, in the languages they are written in. All in lower case."""

import re

# What stands before a name, at the beginning of a line.
_BY = r"""
    by(?:\ ?:)? | written\ by(?:\ ?:)? | posted\ by(?:\ ?:)? |
    story\ by | reported\ by | report\ by | reporting\ by | words\ by |
    text\ by |
    author\ ?: |
    authors\ ?: | words\ ?: | an?\ (?:opinion|guest\ post|commentary|analysis)\ by |
    von | text\ von | ein(?:e)?\ (?:\w+\ )?
    (?:beitrag|kommentar|gastbeitrag|reportage|bericht|analyse|interview|essay|porträt|gespräch)\ von |
    autor(?:in|en|innen)?\ ?: | verfasst\ von | geschrieben\ von | veröffentlicht\ von |
    par | écrit\ par | publié\ par | rédigé\ par | propos\ recueillis\ par | auteur(?:e|s)?\ ?: |
    por | escrito\ por | publicado\ por | texto\ de | autora?\ ?: | autore[si]?\ ?: |
    di | scritto\ da | a\ cura\ di | pubblicato\ da | door | geschreven\ door | auteur\ ?: |
    av | skriven\ av | skrevet\ av | af | skrevet\ af | tekst\ ?: | autor\ ?: | autorzy\ ?: | napisał(?:a)? |
    oprac\. | opracowanie\ ?: |
    автор(?:ы)?\ ?: | текст\ ?: | yazan\ ?: | yazar\ ?: | írta\ ?: | kirjoittanut\ ?:? | oleh\ ?:? |
    autor\ článku\ ?: | penulis\ ?:?
"""
BY = re.compile(rf"(?:{_BY})\s+", re.IGNORECASE | re.VERBOSE)
BY_ALONE = re.compile(rf"(?:{_BY})\s*:?", re.IGNORECASE | re.VERBOSE)

# The same in scripts that have no capitals, and where no space need follow.
BY_UNCASED = re.compile(
    r"(?:بقلم|كتبه|كتبت|كتب|الكاتب|إعداد|تقرير|نویسنده|מאת|من(?=\s+(?!ه[ويم]\s)\S+(?:\s+\S+){1,2}$)|"
    r"(?:लेखक|लेखिका|द्वारा|रिपोर्टर?|संवाददाता|प्रस्तुति|संकलन|संपादन|लेखन)(?=\s?[:：|–-])|"
    r"(?:取材・文|執筆者|執筆|文・写真|文責|著者|筆者|記者|作者|撰文|文字|文|글)(?=\s?[:：＝=／/・]))"
    r"\s*[:：＝=／/・|–-]?\s*"
)
BY_AFTER = re.compile(r"(?P<name>[\u3000-\u9fff々ー]{2,8}|[가-힣]{2,4})\s?(?:記者|记者|기자|특파원)")

AND = re.compile(
    r"\s*,?\s+(?:and|und|et|y|e|ed|och|og|en|oraz|ve|и|és|ja|dan|with|mit|avec)\s+|\s+&\s+|\s*[、，،]\s*|"
    r"\s+و\s?(?=\w)"
)

PARTICLES = frozenset(
    """
    al al- abu ad af an ap as at av bin bint d da dal de del dela della den der des di do dos du e el
    ibn i la las le les lo los mac mc of san st ter ten the to und van vande vander vom von y zu zum zur ’t 't
    """.split()  # noqa: SIM905 - a table of words
)

# A part of a byline that holds one of these is no person: a publication, a place of work, a role.
INSTITUTIONS = frozenset(
    """
    analyst board ceo director executive fellow founder manager minister president secretary
    afp agence agência agenzie agencies agency agenzia agencia
    agentur ansa ap associated associate bbc bloomberg broadcasting
    bureau business chief cnn columnist columnists contributing contributor contributors correspondent
    correspondents daily dpa editor editors editorial efe freelance freelancer foreign for herald in institute
    interfax itar-tass journal korrespondent korrespondentin kyodo lusa magazine media news newspaper
    newsroom office online press producer professor redaktion reporter reporters reuters review
    rédaction redacción redazione redação senior service services special staff student tass team times
    paper edition studio today today's today’s tribune tv university upi weekly wire writer writers
    xinhua zeitung الأناضول رويترز وكالات
    एजेंसी एजेंसियां पीटीआई भाषा आईएएनएस एएनआई ब्यूरो डेस्क संवाददाता टीम न्यूज न्यूज़ वार्ता रॉयटर्स रॉयटर एएफपी
    """.split()  # noqa: SIM905 - a table of words
)

# What may stand glued to a byline or alone above it: a label of the page, not of the person.
LABEL = (
    r"(?:must[ -]?read|must[ -]?watch|exclusive|breaking(?: news)?|featured?|opinion|analysis|commentary|"
    r"editorial|news|world|politics|top stor(?:y|ies)|editor['’]?s['’]? (?:pick|choice)|trending|sponsored|"
    r"premium|subscribers? only|column|interview|review|investigation|special report|long read|live)"
)
GLUED_LABEL = re.compile(rf"{LABEL}\s*[:|–—-]?\s*(?=By\s+[A-Z])", re.IGNORECASE)
ROLE = re.compile(
    r"(?:[\w'’-]+\s+){0,4}(?:reporter|news director|photographer|producer|writer|writers|correspondents?|"
    r"editor|editors|columnist|bureau chief|"
    r"staff|contributor|contributors|news service|redakteur(?:in)?|korrespondent(?:in)?|journaliste|"
    r"redactora?|"
    r"giornalista|jornalista)(?:\s*,\s*[\w'’ -]{1,30})?",
    re.IGNORECASE,
)

# The sections of a newspaper, which stand above a headline without being about the article.
SECTION = (
    r"(?:(?:local|national|international|foreign|latest|top|us|u\.s\.|uk|city|state|regional) )?"
    r"(?:news|world|politics|politik|politique|política|business|wirtschaft|économie|economía|economy|"
    r"culture|"
    r"kultur|cultura|sports?|deportes|technology|tech|science|wissenschaft|health|lifestyle|life|"
    r"entertainment|"
    r"arts?|books|travel|environment|education|crime|society|gesellschaft|société|sociedad|europe|asia|"
    r"africa|"
    r"middle east|americas|international|inland|ausland|panorama|actualité|mundo|internacional|"
    r"nacional|esteri|"
    r"top stor(?:y|ies)|live|breaking(?: news)?|featured?|trending|premium|sponsored|must[ -]?(?:read|watch)|"
    r"how[- ]to|explainers?|guides?|(?:for immediate|press|news) release|pressemitteilung|"
    r"communiqué de presse|nota de prensa|"
    r"(?:us|u\.s\.) (?:&|and) canada|uk|cities|communities|climate|money|features?|video|"
    r"regional(?:es)?|wissen|meinung|netzwelt|sport|feuilleton|"
    r"monde|planète|sciences?|santé|idées|france|régions?|"
    r"cronaca|politica|interni|economia|spettacoli|salute|scienze?|mondo|"
    r"brasil|cotidiano|esportes?|desporto|saúde|ciência|"
    r"españa|opini[óo]n|opinião|salud|ciencia|tecnolog[íi]a|"
    r"binnenland|buitenland|economie|cultuur|politiek|inrikes|utrikes|ekonomi|polska|świat|gospodarka|"
    r"новости|общество|политика|экономика|культура|спорт|в мире|россия|происшествия|наука|"
    r"gündem|siyaset|dünya|spor|"
    r"أخبار|سياسة|اقتصاد|رياضة|ثقافة|العالم|عربي|دولي|محليات|مجتمع|صحة|علوم|تكنولوجيا|"
    r"ニュース|社会|政治|経済|国際|スポーツ|文化|科学|暮らし|生活|地域|エンタメ|"
    r"新闻|新聞|要闻|国内|国际|國際|经济|經濟|财经|財經|体育|體育|科技|军事|"
    r"경제|정치|사회|국제|세계|스포츠|문화|연예)"
)
