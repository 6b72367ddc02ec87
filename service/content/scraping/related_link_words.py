"""The words that lead from an article to others: above their headlines, or on one line with one."""

import re

from service.content.scraping.boilerplate_words import whole

# After such a line there are headlines of other articles, as far as they are headlines.
NEXT = whole(
    r"(?:read|watch|listen to|see) (?:this )?(?:next|more|also|on)|read this(?: too)?|what to read next|"
    r"up next|next up|keep reading|continue reading|also read|see also|also see|also on .{1,40}",
    r"(?:related|similar|recent|latest|popular|featured|recommended|trending|further|other|top|"
    r"more)(?: (?:internet|articles?|stor(?:y|ies)|posts?|news|content|topics?|links?|coverage|reading|"
    r"videos?|"
    r"headlines|reads))+(?: from this (?:category|section|author))?|in other news|more on this story|"
    r"you may also be interested in|most visited(?: .{1,30})?|check also|latest (?:world|national|local|"
    r"sports?)|"
    r"\w{2,12} recommends|explore (?:more|\w{6,20})|read more stories about|from around the web",
    r"related|recommended(?: for you| by .{1,30})?|more (?:from|on|about|in|like) .{1,60}|"
    r"more in this section|trending(?: now)?|popular(?: now)?|most (?:read|popular|viewed|shared|"
    r"commented|emailed)(?: .{1,30})?",
    r"(?:you|readers) (?:may|might|will)? ?(?:also |be )*(?:like|love|enjoy|interested in|"
    r"want to read)(?: .{1,40})?|top stories(?: .{1,20})?|today['’]s top .{1,30}|"
    r"editor['’]?s?['’]? picks?|don['’]t miss(?: .{1,30})?|must[ -]?(?:reads?|watch|see)|"
    r"in case you missed it|icymi",
    r"from our (?:partners|sponsors|network)|sponsored (?:content|links|stories)|promoted (?:content|"
    r"stories)|(?:around|from|elsewhere on) the web|paid content|partner content|next (?:article|post|"
    r"story)|previous (?:article|post|story)|(?:older|newer) posts?",
    r"lesen sie (?:auch|mehr|weiter|dazu|jetzt)(?: auch| dazu| hier| zum thema)?|lies auch|mehr zum thema|"
    r"mehr (?:aus|von|"
    r"zu|über) .{1,40}|das könnte (?:sie|dich|ihnen|dir) (?:auch )?(?:interessieren|gefallen)|"
    r"lies mehr(?: .{1,40})?|auch interessant|"
    r"weitere (?:artikel|themen|meldungen|nachrichten|beiträge).{0,30}|meistgelesen.{0,20}|zum thema|"
    r"weiterlesen|ähnliche (?:artikel|beiträge)|nächster (?:artikel|beitrag)|vorheriger (?:artikel|"
    r"beitrag)|verwandte (?:artikel|themen)",
    r"(?:à )?(?:lire|voir)(?: aussi| également)|sur le même (?:sujet|thème)|(?:articles?|"
    r"sujets?) (?:liés?|similaires?|associés?|connexes?)|(?:les )?(?:plus|articles les plus) (?:lus|"
    r"populaires)|plus d['’]articles.{0,30}|dans la même rubrique|article (?:suivant|précédent)|"
    r"nos dernières .{1,30}|vous aimerez aussi",
    r"(?:lea|lee|leer|mira|vea|ver|te recomendamos|le recomendamos)(?: también| más)|(?:también )?(?:te|"
    r"le) (?:puede|podría) interesar.{0,10}|(?:noticias|artículos|contenidos?|temas|"
    r"notas) relacionad[oa]s|lo más (?:leído|visto|popular)|más (?:noticias|información|"
    r"leídas)(?: .{1,30})?|mir[áa] también|saber más|relacionad[oa]s|siguiente (?:artículo|entrada)|"
    r"entrada (?:anterior|siguiente)",
    r"leggi anche|potrebbe(?:ro)? interessarti(?: anche)?|articoli (?:correlati|simili)|i più letti|"
    r"(?:leia|veja) (?:também|mais)|(?:notícias|artigos|matérias) relacionad[oa]s|mais lidas|"
    r"tópicos relacionados|mais do \w{2,12}|lees (?:ook|"
    r"meer|verder)|gerelateerde? (?:artikelen|berichten)|meer over .{1,40}|meest gelezen",
    r"läs (?:mer|också|även)|les (?:også|mer)|læs (?:også|mere)|mest lästa|czytaj (?:także|też|więcej)|"
    r"zobacz (?:także|też)|(?:читайте|смотрите) также|по теме|(?:ещё|еще) по теме|самое (?:читаемое|"
    r"популярное)|похожие (?:статьи|новости)|ilgili haberler|diğer haberler|çok okunanlar",
    r"(?:اقرأ|إقرأ|اقرا|شاهد|طالع) (?:أيضا|أيضاً|ايضا|المزيد).{0,5}|(?:مواضيع|مقالات|أخبار|"
    r"موضوعات) (?:ذات صلة|متعلقة|مشابهة)|ذات صلة|الأكثر (?:قراءة|مشاهدة)|قد يعجبك(?: أيضا| أيضاً)?|"
    r"المزيد من .{1,30}|(?:ال)?(?:موضوعات|أخبار|مواضيع) (?:ال)?(?:متعلقة|ذات صلة)|baca juga|artikel terkait|"
    r"(?:यह|ये|इसे) भी (?:पढ़ें|पढ़े|पढें|देखें)|और (?:पढ़ें|पढें|खबरें|देखें)|(?:संबंधित|सम्बंधित|अन्य|"
    r"ताज़ा|ताजा) (?:खबरें|ख़बरें|समाचार|लेख)",
    r"(?:関連|おすすめ|オススメ|人気|最新|次の|前の|注目の?|新着)(?:の)?(?:記事|ニュース|リンク|"
    r"キーワード|コンテンツ)(?:一覧)?|[あ合]わせて読みたい|"
    r"こちらも(?:おすすめ|どうぞ)|アクセスランキング|ランキング|続きを読む|もっと(?:見る|読む)",
    r"(?:相关|相關|延伸|推荐|推薦|热门|熱門|更多)"
    r"(?:阅读|閱讀|新闻|新聞|文章|内容|內容|推荐|推薦|报道|報導)|关联阅读|관련 ?(?:기사|뉴스)|추천 ?기사|"
    r"많이 본 (?:뉴스|기사)",
)

NEXT_LINE = re.compile(
    r"more (?:\w+ )?(?:news|coverage|stories)(?: (?:on|from|about) .{1,30})?\s?:\s?\S.{3,200}|"
    r"(?:read|see|also|watch|listen|must|more|related|recommended|don['’]t miss|up next)(?: (?:more|also|"
    r"next|now|here|this|read|reading|stories|story|articles?|posts?|on this|about this|"
    r"watch))*\s?[:»›>|→–—]\s?.{4,200}"
    r"|(?:lesen sie (?:auch|mehr|dazu)(?: auch)?|mehr zum thema|lies auch|zum thema|weiterlesen|"
    r"(?:à )?(?:lire|voir)(?: aussi| également)|sur le même sujet|(?:lea|lee|mira|vea|leer)(?: también|"
    r" más)|leggi anche|(?:leia|veja)(?: também| mais)|lees ook|läs (?:mer|också|även)|les også|læs også|"
    r"czytaj (?:także|też)|читайте также|(?:اقرأ|إقرأ|اقرا|شاهد) (?:أيضا|أيضاً|ايضا|المزيد)|関連記事|"
    r"[あ合]わせて読みたい|相关阅读|延伸閱讀|관련 ?기사|baca juga|(?:यह|ये|इसे) भी (?:पढ़ें|पढ़े|पढें|"
    r"देखें)|और पढ़ें|à voir aussi)"
    r"\s?[-:：»›>|→–—＞]\s?.{2,200}",
    re.IGNORECASE,
)
