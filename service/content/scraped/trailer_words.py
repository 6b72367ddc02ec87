"""The words by which the furniture around an article is known, by what it is for. All without regard to case.

Each is matched against a whole line, without the marks around it. They are the words of the trade, in the
languages pages are written in; what only one publisher says stands in `[[scraped]]` of its own site.toml.
"""

import re


def whole(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)


# After such a line there are only the words of readers, to the end.
COMMENTS = whole(
    r"comments? \(\d+ \w+\)?",
    r"(?:\(?\d+\)? |all |user |reader |readers['’] |facebook |latest |recent |top )*comments?(?: section|"
    r" policy)?(?:\s?[(\[:]\s?\d+\s?[)\]]?)",
    r"(?:\d+ |all |user |reader |readers['’] |facebook |latest |recent |top )*comments(?: section| policy|"
    r" are closed| \d+)?|\d+ comment",
    r"(?:leave|post|write|add|submit|make) (?:a|your) (?:comment|reply|response)(?: below)?|"
    r"leave a reply.{0,40}",
    r"join the (?:conversation|discussion)|have your say|be the first to (?:comment|reply|share).{0,40}",
    r"\d+ (?:responses?|thoughts?|replies|reactions?)(?: (?:to|on) .{1,200})?|(?:view|show|read|see|"
    r"load) (?:all |the |more )*(?:\d+ )?comments(?: \(?\d+\)?)?",
    r"comments? (?:policy|guidelines|rules)|community guidelines|disqus|conversation \(\d+\)|"
    r"discussion \(\d+\)",
    r"(?:\d+ |leser)?kommentare(?:\s?\(?\d+\)?)?|\d+ kommentar|"
    r"(?:schreiben? (?:sie )?)?(?:einen? )?kommentar (?:schreiben|verfassen|hinterlassen|abgeben)|"
    r"schreiben? (?:sie )?einen kommentar.{0,30}|diskutieren sie mit|diskussion \(\d+\)",
    r"(?:\d+ |(?:vos|tous|les) )*commentaires?(?:\s?\(?\d+\)?)|(?:\d+ |(?:vos|tous|les) )*commentaires|"
    r"(?:laisser|ajouter|écrire|poster) un commentaire|vos réactions|réagir",
    r"(?:\d+ )?comentarios?(?:\s?\(?\d+\)?)|comentarios|(?:deja|dejar|escribe|añade|publicar) (?:un|"
    r"tu) comentario|deja una respuesta",
    r"(?:\d+ )?commenti(?:\s?\(?\d+\)?)?|(?:lascia|scrivi|aggiungi) un commento|"
    r"(?:\d+ )?comentários(?:\s?\(?\d+\)?)?|(?:deixe|escreva) (?:um|o seu|seu) comentário",
    r"(?:\d+ )?reacties(?:\s?\(?\d+\)?)?|(?:laat|geef|plaats) een reactie.{0,20}|"
    r"(?:\d+ )?kommentarer(?:\s?\(?\d+\)?)?|(?:lämna|skriv|legg igjen) en kommentar|kommentarer",
    r"(?:\d+ )?komentarze(?:\s?\(?\d+\)?)?|dodaj komentarz|(?:\d+ )?комментари[ия](?:\s?\(?\d+\)?)?|"
    r"(?:оставить|добавить|написать) комментарий|yorumlar(?:\s?\(?\d+\)?)?|yorum (?:yap|yaz)",
    r"(?:ال)?تعليقات(?:\s?\(?[\d٠-٩]+\)?)?|(?:اترك|أضف|اكتب) تعليق.{0,20}|شارك برأيك|نظرات|تגובות|תגובות",
    r"コメント(?:する|を書く|を残す|一覧|欄)?(?:\s?[(（]?\d+件?[)）]?)?|みんなのコメント|(?:网友|網友)?[评評][论論](?:\s?[(（]?\d+[)）]?)?|"
    r"发表评论|留言|댓글(?: ?\d+| 쓰기)?",
)

# After such a line there are headlines of other articles, as far as they are headlines.
NEXT = whole(
    r"(?:read|watch|listen to|see) (?:this )?(?:next|more|also|on)|read this(?: too)?|what to read next|"
    r"up next|next up|keep reading|continue reading|also read|see also|also see|also on .{1,40}",
    r"(?:related|similar|recent|latest|popular|featured|recommended|trending|further|other|"
    r"more)(?: (?:articles?|stor(?:y|ies)|posts?|news|content|topics?|links?|coverage|reading|videos?|"
    r"headlines|reads))+",
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
    r"lesen sie (?:auch|mehr|weiter|dazu)(?: auch| dazu| hier| zum thema)?|lies auch|mehr zum thema|"
    r"mehr (?:aus|von|"
    r"zu|über) .{1,40}|das könnte (?:sie|dich) (?:auch )?interessieren|auch interessant|"
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
    r"leídas)(?: .{1,30})?|relacionad[oa]s|siguiente (?:artículo|entrada)|entrada (?:anterior|siguiente)",
    r"leggi anche|potrebbe(?:ro)? interessarti(?: anche)?|articoli (?:correlati|simili)|i più letti|"
    r"(?:leia|veja) (?:também|mais)|(?:notícias|artigos|matérias) relacionad[oa]s|mais lidas|lees (?:ook|"
    r"meer|verder)|gerelateerde? (?:artikelen|berichten)|meer over .{1,40}|meest gelezen",
    r"läs (?:mer|också|även)|les (?:også|mer)|læs (?:også|mere)|mest lästa|czytaj (?:także|też|więcej)|"
    r"zobacz (?:także|też)|(?:читайте|смотрите) также|по теме|(?:ещё|еще) по теме|самое (?:читаемое|"
    r"популярное)|похожие (?:статьи|новости)|ilgili haberler|diğer haberler|çok okunanlar",
    r"(?:اقرأ|إقرأ|اقرا|شاهد|طالع) (?:أيضا|أيضاً|ايضا|المزيد).{0,5}|(?:مواضيع|مقالات|أخبار|"
    r"موضوعات) (?:ذات صلة|متعلقة|مشابهة)|ذات صلة|الأكثر (?:قراءة|مشاهدة)|قد يعجبك(?: أيضا| أيضاً)?|"
    r"المزيد من .{1,30}",
    r"(?:関連|おすすめ|オススメ|人気|最新|次の|前の|注目の?|新着)(?:の)?(?:記事|ニュース|リンク|キーワード|コンテンツ)(?:一覧)?|[あ合]わせて読みたい|"
    r"こちらも(?:おすすめ|どうぞ)|アクセスランキング|ランキング|続きを読む|もっと(?:見る|読む)",
    r"(?:相关|相關|延伸|推荐|推薦|热门|熱門|更多)"
    r"(?:阅读|閱讀|新闻|新聞|文章|内容|內容|推荐|推薦|报道|報導)|关联阅读|관련 ?(?:기사|뉴스)|추천 ?기사|"
    r"많이 본 (?:뉴스|기사)",
)

SHARE = whole(
    r"like loading\.*|loading\.{2,}|contribuer|réutiliser ce contenu|offrir(?: l['’]article)?|"
    r"(?:les )?(?:réactions|commenter)",
    r"(?=.*(?:share|tweet|print|e-?mail|copy link|link copied|pin it|bookmark)\b|(?:\W*(?:facebook|"
    r"twitter|x|linked ?in|whats ?app|reddit|telegram|pinterest|instagram|youtube|messenger|flipboard|"
    r"bluesky|threads|tumblr)\b){2})(?:share|tweet|pin(?: it)?|print|e-?mail|save|like|whats ?app|"
    r"facebook|twitter|x|linked ?in|reddit|telegram|pinterest|flipboard|messenger|instagram|youtube|"
    r"tumblr|bluesky|mastodon|threads|copy link|link copied|copy|bookmark|rss|more|\d+(?:[.,]\d+)?k?|"
    r"shares?|on|via|to|and|this|[,|/·•&+:-]|\s)+",
    r"(?:share|tweet|post|email|print|send|save|bookmark|like) (?:this|it|the|on|via|with|to|us|article|"
    r"story)(?: .{0,60})?|click to (?:share|email|print).{0,60}|share your thoughts.{0,40}|(?:\d+ )?shares",
    r"(?:follow|like|find|join|connect with) (?:us|me|@\w+)(?: (?:on|at|in|via|for) .{0,80})?|(?:follow|"
    r"like|find|join|watch|add) .{2,60} (?:on|at|as) .{0,20}(?:facebook|twitter|x|instagram|youtube|"
    r"linkedin|telegram|whatsapp|bluesky|mastodon|google(?: news)?)\b.{0,60}",
    r"(?:artikel |beitrag |jetzt )?(?:teilen|drucken|merken|versenden|twittern)(?: .{0,30})?|"
    r"folgen sie .{2,60}|partager(?: .{0,40})?|imprimer|envoyer(?: par e-?mail)?|suivez[- ](?:nous|"
    r".{2,40} sur).{0,60}",
    r"compart(?:ir|e|ilhar|ilhe|elo)(?: .{0,40})?|imprimir|s[íi]gue(?:nos|\s).{0,60}|"
    r"condividi(?: .{0,40})?|stampa|seguici .{0,40}|partilhar(?: .{0,40})?|siga[- ]nos.{0,40}|"
    r"deel(?: dit)?(?: .{0,30})?|dela(?: .{0,30})?|del artikkelen|udostępnij(?: .{0,30})?|"
    r"поделиться(?: .{0,40})?|paylaş",
    r"(?:شارك|مشاركة|شاركها|شارك المقال|طباعة|نسخ الرابط|إرسال|تابعونا|تابعنا)(?: .{0,40})?|シェア(?:する)?|"
    r"ツイート(?:する)?|ポスト(?:する)?|印刷(?:する)?|フォロー(?:する)?|保存|分享(?:到.{0,10})?|打印|공유(?:하기)?|인쇄",
)
NEWSLETTER = whole(
    r"an? (?:(?:daily|weekly|monthly|free|our) )*newsletter (?:about|on|for|from|with) .{1,120}|"
    r"e-?mail(?: address)? ?(?:\(required\)?|\*)|by (?:submitting|providing|entering) .{1,200}",
    r"(?:please )?(?:sign[- ]?up|subscribe|register|log ?in|sign in|opt in)\b(?! (?:said|was|"
    r"were)).{0,160}|(?:get|receive|want|stay|never miss)\b.{0,140}\b(?:newsletters?|inbox|e-?mail|"
    r"alerts?|up to date|updates|daily briefing)\b.{0,60}|(?:the |our |free |daily |weekly |"
    r"e-?mail )*newsletters?(?: sign-?up)?|enter your e-?mail.{0,80}|your e-?mail(?: address)?",
    r"(?:please )?(?:support|help fund) (?:us|our|independent|quality|this|local|"
    r"free)\b.{0,60}(?:journalism|reporting|work|newsroom|site|website|blog|press|mission|us)\b.{0,80}|"
    r"donate(?: now| here| today| to .{1,60})?|contribute(?: now| here| today)?|make a donation.{0,40}|"
    r"become an? .{0,30}(?:member|subscriber|supporter|patron|friend)\b.{0,80}|download (?:our|"
    r"the) .{0,40}\bapps?\b.{0,60}|(?:get|try) (?:our|the) (?:[\w'’ ]{0,40} )?app\b.{0,60}|join (?:our|"
    r"the|us on) .{0,60}(?:newsletter|channel|mailing list|telegram|whatsapp|group|community).{0,40}|"
    r"thank(?:s| you) for (?:subscribing|reading|signing up).{0,60}|already (?:a |an )?(?:subscriber|"
    r"member|registered).{0,60}",
    r"(?:newsletter|jetzt|hier|kostenlos).{0,40}(?:abonnieren|bestellen|anmelden|sichern|testen).{0,60}|"
    r"abonnieren sie.{0,120}|melden sie sich.{0,80}(?:newsletter|an).{0,40}|unterstützen sie (?:uns|"
    r"unsere).{0,100}|(?:abonnez-vous|inscrivez-vous|je m['’]abonne|s['’]abonner|s['’]inscrire)\b.{0,140}|"
    r"(?:recevez|retrouvez|téléchargez) .{0,80}(?:newsletter|lettre|application|appli).{0,60}|"
    r"soutenez .{0,80}",
    r"(?:suscr[íi]b(?:e|a|ete|ase|irse|ete)|reg[íi]str(?:ate|ese)|apúntate)\b.{0,140}|"
    r"recib[ea] .{0,100}(?:newsletter|bolet[íi]n|correo).{0,40}|(?:iscriviti|abbonati|"
    r"registrati)\b.{0,140}|(?:assine|inscreva-se|subscreva|cadastre-se|receba)\b.{0,140}|(?:abonneer|"
    r"meld je aan|schrijf je in)\b.{0,140}|prenumerera\b.{0,100}|(?:zapisz się|zaprenumeruj)\b.{0,100}|"
    r"подпи(?:шитесь|сывайтесь|саться|ска)\b.{0,140}|abone ol.{0,60}",
    r"(?:اشترك|إشترك|سجل|النشرة البريدية|للاشتراك|حمل تطبيق)\b.{0,140}|(?:メルマガ|メールマガジン|"
    r"ニュースレター)(?:の)?(?:登録|購読|配信)?.{0,40}|(?:無料)?会員登録.{0,40}|.{0,20}(?:ご登録|購読)(?:は|する).{0,30}|(?:订阅|訂閱|下载|"
    r"下載).{0,30}|구독(?:하기)?.{0,20}",
)
SHOP = whole(
    r"(?:visit |browse |go to )?(?:our |the )?(?:[\w'’&.-]+ ){0,3}(?:(?:web|online|gift|book)?(?:store|"
    r"shop)|merch(?:andise)?|boutique|tienda|negozio|loja|winkel|webwinkel|sklep|магазин|mağaza|متجر|ショップ|"
    r"ストア|商店)",
    r"(?:shop|buy|order|get yours)(?: now| here| online| today| all| the .{1,40}| our .{1,40}| it (?:now|"
    r"here|on .{1,20}))|buy (?:on|at|from) .{2,30}|(?:zum|im) (?:online-?)?shop|jetzt (?:kaufen|"
    r"bestellen)|(?:acheter|commander)(?: maintenant| sur .{1,20})?|comprar(?: ahora| agora| en .{1,20})?|"
    r"acquista(?: ora)?|(?:this (?:post|article|page) (?:contains|may contain)|we (?:may )?(?:earn|"
    r"receive)) .{0,30}(?:affiliate|commission).{0,120}|as an \w+ associate.{0,100}",
)
COPYRIGHT = re.compile(
    r"(?:©|\(c\)\s|&copy;|copyright\b|copyrights?:|all rights reserved|alle rechte vorbehalten|"
    r"tous droits réservés|"
    r"(?:todos los )?derechos (?:de autor|reservados)|tutti i diritti riservati|"
    r"todos os direitos reservados|alle rechten voorbehouden|"
    r"все права защищены|wszelkie prawa zastrzeżone|tüm hakları saklıdır|جميع الحقوق محفوظة|حقوق (?:النشر|"
    r"الطبع)|"
    r"無断(?:転載|複製)|禁(?:無断)?転載|本サイト.{0,30}無断|"
    r"版权所有|版權所有|版权声明|未经.{0,20}(?:授权|许可)|저작권자|무단 ?전재|"
    r"(?:this|the) (?:material|article|content|story|report) may not be (?:published|reproduced|copied)|"
    r"(?:reproduction|republication|redistribution|republishing) .{0,80}(?:prohibited|permission|"
    r"forbidden)).{0,300}"
    r"|.{0,120}(?:©|\(c\)|copyright) ?(?:19|20)\d\d.{0,120}|.{0,160}(?:all rights reserved|"
    r"alle rechte vorbehalten|tous droits réservés|"
    r"derechos reservados|diritti riservati|direitos reservados|無断転載.{0,10}|所有权利保留)\.?",
    re.IGNORECASE,
)
ADVERTISEMENT = whole(
    r"(?:advertisements?|advertising|advert|ads?|sponsored|promoted|paid post)(?: by .{1,30})?|(?:story|"
    r"article|content|text|post) continues (?:below|after).{0,30}|continue reading (?:below|"
    r"the main story)|scroll (?:down )?to continue.{0,30}|skip (?:ad|advertisement|past .{1,40})|"
    r"remove ads|report (?:this )?ad",
    r"(?:- ?)?(?:anzeige|werbung)(?: ?-)?|publicité|la suite après (?:la|cette) publicité|publicidade?|"
    r"anuncio|pubblicità|continua (?:a leggere )?(?:dopo la pubblicità|la lettura)|advertentie|annons|"
    r"annonse|annonce|reklama|реклама|reklam|إعلان|اعلان|広告|[ＡA][ＤD]|ＰＲ|PR|スポンサーリンク|广告|廣告|광고",
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
    r"[あ合]わせて読みたい|相关阅读|延伸閱讀|관련 ?기사)\s?[:：»›>|→–—＞]\s?.{2,200}",
    re.IGNORECASE,
)
NAVIGATION = whole(
    r"reuse this content|was this (?:\w+ )?helpful\??|thank you for your feedback\.?|report an? (?:error|"
    r"mistake)|"
    r"journalistic standards|diskussion|discussion",
    r"(?:back|return|jump|go) to (?:the )?(?:top|home|main|homepage|article|start).{0,30}|skip to .{0,30}|"
    r"(?:main )?menu|home|homepage|search(?: this site| for:?)?|navigation|toggle .{1,30}|close|open menu|"
    r"log ?in|log ?out|sign in|my account|contact(?: us)?|about(?: us)?|sitemap|site map|help|faqs?|"
    r"careers|advertise(?: with us)?",
    r"(?:privacy|cookie|terms|legal|editorial|accessibility)(?: (?:policy|policies|notice|settings|"
    r"preferences|of (?:use|service|sale)|and conditions|& conditions|"
    r"statement))?(?:\s?[|·•,/&]\s?.{1,120})?|cookies?|manage (?:cookies|consent).{0,30}|"
    r"do not sell .{0,40}|(?:we|this (?:web)?site) uses? cookies.{0,300}|by (?:continuing|using|"
    r"clicking) .{0,200}cookies.{0,100}|(?:accept|reject)(?: all)?(?: cookies)?|got it!?|i agree",
    r"(?:load|show|see|view) (?:more|all|less)(?: .{0,30})?|click here.{0,120}|tap here.{0,120}|"
    r"powered by .{1,60}|(?:next|previous|prev|older|newer)(?: page)?(?:\s?[|/·]\s?(?:next|previous|prev|"
    r"older|newer))?|page \d+ of \d+|\d+ (?:of|/) \d+|listen to (?:this )?(?:article|story).{0,40}|"
    r"listen(?: now)?|play|pause|(?:report|suggest|submit) (?:a |an )?(?:typo|error|correction|"
    r"abuse).{0,60}|(?:did you )?spot(?:ted)? an? (?:error|mistake|typo).{0,120}|send (?:us )?(?:feedback|"
    r"a tip).{0,60}|permalink|reprints?(?: and permissions)?|rights & permissions",
    r"impressum|datenschutz.{0,30}|agb|zur startseite|nach oben|zum seitenanfang|startseite|suche|menü|"
    r"mehr anzeigen|fehler (?:gefunden|melden).{0,40}|mentions légales|politique de confidentialité|"
    r"haut de page|retour .{1,30}|accueil|recherche|aviso legal|política de privacidad.{0,20}|inicio|"
    r"buscar|volver (?:arriba|al inicio)|informativa (?:sulla )?privacy|torna su|início|topo|"
    r"política de privacidade|naar boven|zoeken|наверх|главная|поиск|الرئيسية|بحث|القائمة|"
    r"العودة إلى .{1,20}|ホーム|トップ(?:ページ)?(?:へ(?:戻る)?)?|"
    r"ページ(?:の先頭|トップ)へ(?:戻る)?|メニュー|検索|お問い合わせ|プライバシーポリシー|"
    r"利用規約|首页|返回顶部|목록",
)
READING_TIME = whole(
    r"\d+ (?:minut[io]|min\.?) di lettura|(?:\d+ )?min(?:utos?)? de leitura|leitura:? \d+ min.{0,6}|"
    r"(?:last )?updated (?:\d+|an?) (?:minutes?|hours?|days?) ago",
    r"(?:estimated |reading |read )?(?:time|read)?:?\s?~?\d+[- ]?(?:min(?:ute)?s?|mins?\.?)(?:[- ](?:read|"
    r"of reading|reading))?(?: time)?|(?:lesezeit|lesedauer)\s?:?.{0,20}|(?:ca\. )?\d+ (?:min(?:uten|"
    r"\.)?) lesezeit|(?:temps de )?lecture\s?:?\s?\d+.{0,10}|(?:tiempo de lectura|tempo di lettura|"
    r"tempo de leitura|leestijd)\s?:?.{0,20}|\d+ min(?:utos?|uti|uten)? de lectura|"
    r"время (?:на )?чтени[ея].{0,20}|وقت القراءة.{0,20}|この記事は\d+分で読めます|読了時間.{0,15}",
    r"\d[\d,.]*k? (?:views?|shares?|likes?|reads?|reactions?|comments?|replies|aufrufe|vues|visitas|"
    r"просмотров|مشاهدة)|\d+ (?:minutes?|hours?|days?|weeks?|months?) ago|just now|vor \d+ (?:minuten|"
    r"stunden|tagen)|il y a \d+ .{3,10}|hace \d+ .{3,10}",
)
TAGS = re.compile(
    r"(?:tags?|tagged(?: (?:with|as|in))?|topics?|keywords?|filed under|posted in|categor(?:y|ies)|"
    r"labels?|subjects?|in this (?:story|article)|"
    r"schlagw(?:ö|oe)rter|schlagworte?|themen|stichw(?:ö|o)rter|stichworte|kategorien?|mots[- ]clés|"
    r"étiquettes?|thèmes?|catégories?|etiquetas|palabras clave|temas|categor[íi]as?|argomenti|"
    r"parole chiave|categori[ae]|palavras-chave|assuntos|trefwoorden|onderwerpen|taggar|emner|tagi|"
    r"słowa kluczowe|теги|метки|темы|etiketler|"
    r"(?:ال)?وسوم|الكلمات (?:الدلالية|المفتاحية)|كلمات مفتاحية|"
    r"タグ|キーワード|カテゴリー?|标签|標籤|关键词|關鍵字|"
    r"태그)\s?[:：]\s?(?P<names>.{1,300})",
    re.IGNORECASE,
)
