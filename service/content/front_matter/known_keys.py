"""The top-level keys of front matter that Broadsheet and common generators read, in their normal form.

A key in none of these tables may be a misspelling (see `fields.misspelled_keys`): a missing key causes a
false report, a superfluous one hides a misspelling.
"""

from functools import lru_cache

_SCHEDULING = """
    date published expires publish_date publishdate pubdate pub_date published_at publishedat published_on
    date_published datepublished posted post_date created created_at createdat date_created
    expire expiry_date expirydate expires_at unpublish_date unpublishdate
    publish_on publishon publish_at publishat publish_after publishafter scheduled_for scheduledfor
    scheduled_at scheduledat embargo embargo_until embargountil embargoed_until embargo_date
"""
_HIDING = """
    draft published publish public hidden hide headless unlisted private drafts is_draft isdraft _hidden
    eleventyexcludefromcollections is_published ispublished is_public ispublic is_private isprivate is_hidden
    ishidden is_unlisted isunlisted hide_in_list hideinlist listed dg_publish members_only membersonly
    subscribers_only subscribersonly paywall paywalled premium encrypt encrypted trashed deleted is_deleted
    visible is_visible isvisible confidential embargoed
"""
_DRAFTS = """
    draft drafts is_draft isdraft in_draft indraft draft_mode draftmode draft_post draftpost post_draft
    postdraft
"""
# Each says by itself that an article is not for the public; so rare that no other key is a misspelling of it.
_NOT_PUBLIC = """
    unpublished is_unpublished isunpublished unpublish no_publish nopublish do_not_publish donotpublish
    dont_publish dontpublish not_public notpublic nonpublic non_public invisible is_invisible isinvisible
    hide_post hidepost hidden_post hiddenpost password_protected passwordprotected email_only emailonly
    login_required loginrequired requires_login requireslogin requires_auth requiresauth auth_required
    authrequired internal_only internalonly sponsors_only sponsorsonly patrons_only patronsonly paid_only
    paidonly supporters_only supportersonly is_trashed istrashed is_wip iswip is_premium ispremium
"""
# So rare that no other key is a misspelling of one.
_RARELY_SCHEDULING = """
    published_date publisheddate published_time publishedtime pubdatetime posted_at postedat posted_on
    go_live golive go_live_date golivedate go_live_at visible_from publish_from publishfrom show_after
    not_before expires_on expireson expire_at expireat expire_date expiredate visible_until publish_until
    publishuntil hide_after remove_after
"""

DATES = frozenset((_SCHEDULING + _RARELY_SCHEDULING).split())
"""When an article is served, and until when."""

DRAFT_WORDS = tuple(
    """
    entwurf brouillon borrador bozza rascunho utkast kladde luonnos taslak koncept черновик чернетка 草稿
    下書き 초안
    """.split()
)
"""The words for a draft in other languages than English."""

DRAFTS = (*_DRAFTS.split(), *DRAFT_WORDS)
"""Whether an article is a draft."""

NOT_PUBLIC = frozenset(_NOT_PUBLIC.split())

BOOLEANS = frozenset((*_HIDING.split(), *DRAFTS, *NOT_PUBLIC))
"""Whether an article is served."""

PASSWORDS = ("password", "post_password", "passwd", "pwd", "passphrase", "passcode")

STATUSES = frozenset({"status", "post_status"})

LISTS = frozenset({"hide", "eleventyexcludefromcollections"})
"""Those of `BOOLEANS` that may be lists: what MkDocs Material hides of a page, collections of Eleventy."""

_BUILD = frozenset({"build", "_build"})
DECIDING = DATES | BOOLEANS | STATUSES | _BUILD | {*PASSWORDS, "visibility", "withdrawn", "render", "wip"}
"""Everything that decides who may see an article, or when."""

NEVER_EMPTY = DECIDING - LISTS - _BUILD
"""Those whose value, if there is one, is no empty list or map."""

_DESCRIBING = """
    title headline title_derived subtitle kicker deck standfirst tagline subheading summary description
    excerpt custom_excerpt teaser abstract lead updated lastmod modified last_modified last_modified_at
    updated_at updatedat updateddate date_modified datemodified date_updated modified_at last_updated
    lastupdated last_update author authors byline writer writers creator creators author_url authorurl
    author_name authorname author_names authornames author_full_name authorfullname author_display_name
    written_by writtenby posted_by postedby primary_author guest_author guestauthor coauthors co_authors
    coauthor co_author author_link authorlink author_website authorwebsite author_homepage author_uri
    author_twitter authortwitter author_github authorgithub
    tags categories category keywords keyword topics topic taxonomies language lang locale slug
    permalink aliases alias redirect_from addresses guid redirect_to redirect redirect_url redirect_link
    image featured_image feature_image featuredimage cover_image coverimage cover hero_image heroimage
    hero header_image banner thumbnail thumb og_image social_image images image_alt featured_image_alt
    feature_image_alt cover_alt thumbnail_alt attachments enclosures enclosure audio audio_url podcast
    external_url source_url external_link link_url link canonical canonical_url canonicalurl rights
    series series_name seriesname series_title seriestitle series_order seriesorder series_weight
    seriesweight series_part seriespart series_index seriesindex series_number seriesnumber
    series_position seriesposition featured is_featured isfeatured featured_post featuredpost pinned
    is_pinned ispinned sticky is_sticky issticky copyright source dateline correction
    withdrawn visibility password format base media_subpath img_path
    translation_key translationkey translation_id translation_group lang_ref menu
"""

OURS = tuple(dict.fromkeys((_SCHEDULING + _HIDING + " status post_status " + _DESCRIBING).split()))
"""The keys that Broadsheet reads, the usual ones first; of two equally near keys the first is suggested.

Keys of two or three letters are left out, since too many words resemble them.
"""

_BY_OTHERS = {
    # Other keys that Broadsheet reads: short names, keys of some kinds of files, and settings of themes.
    "Broadsheet": """
        id by uid url tag alt img mp3 ref path name text html body markdown content content_html wip
        access audience access_level accesslevel acl permission permissions privacy privacy_status
        post_visibility postvisibility viewable_by visible_to visibleto enabled active is_enabled isenabled
        is_active isactive live is_live islive online is_online isonline released is_released isreleased
        approved is_approved isapproved ready is_ready isready ready_to_publish show show_post display
        restricted protected is_protected isprotected secret is_secret issecret internal is_internal
        isinternal paid is_paid ispaid pending removed is_removed isremoved trash disabled is_disabled
        isdisabled inactive is_inactive isinactive deactivated unfinished incomplete in_review needs_review
        state stage post_state publish_state publishstate statut estado stato zustand
        publish_status publishstatus publication_state publication_status publicationstatus
        workflow_state editorial_status kind meta metadata frontmatter front_matter attributes fields custom
        custom_fields properties publishing publication workflow sys eleventycomputed
        content_text dc_creator excerpt_separator untranslated translated layout template type build
        _build extra params cascade header directory_tags translations formats word_count reading_minutes
        wordpress_id wordpress_url short_name role position bio avatar job_title social socials
        organization redirectto redirecturl render_with_liquid disablenunjucks templateengineoverride
    """,
    "Hugo": """
        alias aliases build cascade date description draft expirydate headless isCJKLanguage keywords kind
        lang lastmod layout linktitle markup menu menus modified outputs params pubdate publishdate
        published resources sitemap slug summary title translationkey type unpublishdate url videos weight
        series toc math mathjax katex mermaid showtoc tocopen comments disable_comments socialshare
        hidemeta hidesummary show_reading_time showreadingtime readingtime showdate showauthor
        showpagination showrelatedcontent featured pinned private public commentable editable gallery
        projects profile image_preview publication publication_types publication_short publications
        abstract_short url_pdf url_code url_dataset url_poster url_project url_slides url_source url_video
        url_preprint links doi authors_corresponding author_notes event event_url location address
        date_end all_day slides share highlight highlight_languages reading_time show_related show_date
        show_breadcrumb profile_pic view cms_exclude sections design design_team no_list simple_list
        toc_hide hide_summary hide_feedback content_type weightings lead_image lightgallery code toc_open
        license nolicense rootcss katexjs reward adsense hiddenfromhomepage hiddenfromsearch hiddenfromrss
        hiddenfromfeed hiddenfromrelated fontawesome linktomarkdown linktosource linktoedit linktoreport
        featuredimagepreview resources_dir
    """,
    "Jekyll": """
        layout permalink published date category categories tags title excerpt excerpt_separator output
        ext path id collection name sitemap lang locale nav nav_order nav_title parent grand_parent
        has_children has_toc nav_exclude search_exclude render_with_liquid pagination paginate toc
        toc_label toc_icon toc_sticky classes header author_profile read_time comments share related
        sidebar breadcrumbs gallery feature_row pin math mermaid media_subpath img_path tagline show_date
        show_excerpts entries_layout taxonomy last_modified_at redirect_from redirect_to image teaser
        overlay_image overlay_color overlay_filter jekyll_seo seo robots noindex sort_by sort_order
        sort_rank hidden order css js scripts styles giscus_comments related_posts related_publications
        importance img thumbnail bibliography distill citation tikzjax pseudocode chart code_diff map
        pretty_table featured horizontal inline background subtitle full_width header_img header_style
        header_mask catalog iframe multilingual cover_img cover_size share_img share_title
        share_description thumbnail_img thumbnail_size social_share nav_short ext_js ext_css footer_extra
        before_content after_content head_extra language_tabs slug wide side aside key mode theme
        article_header show_title show_edit_on_github show_subscribe lightbox mathjax_autonumber license
        usemath use_math use_katex use_mathjax clean_urls guid reviewer reviewers
        editor editors translator translators translator_name
        translators_notes contributor contributors maintainer maintainers
    """,
    "Zola": """
        title description date updated weight draft slug path aliases authors in_search_index template
        taxonomies extra sort_by page_template paginate_by paginate_path paginate_reversed
        insert_anchor_links render redirect_to transparent generate_feeds generate_feed generate_rss
    """,
    "Eleventy": """
        layout permalink tags pagination date eleventynavigation eleventycomputed
        eleventyexcludefromcollections eleventyimport templateengineoverride override
        eleventyallowmissingextension eleventydatasschema metadata meta metatitle metadescription
        templateclass eleventy setup
    """,
    "Docusaurus": """
        id title title_meta hide_title hide_table_of_contents toc_min_heading_level toc_max_heading_level
        sidebar_label sidebar_position sidebar_class_name sidebar_custom_props displayed_sidebar
        pagination_label pagination_next pagination_prev parse_number_prefixes custom_edit_url keywords
        description image slug tags draft unlisted last_update sidebar wrapperclassname authors author
        author_url author_image_url author_title date truncate hide_reading_time
    """,
    "Gatsby": """
        path title date template featuredimage hero description tags slug templatekey featuredpost
        featuredpostimage blurb blurbs intro main pricing testimonials attributes timetoread frontmatter
        fields excerpt canonicallink seotitle seodescription socialimage published author author_link
        authorlink twitter github bannercredit bannerurl banner_credit banner_url category categories
    """,
    "Pelican": """
        title date modified category tags keywords slug author authors summary lang translation status
        template save_as url_path private_url cover header_cover og_image translated gallery image series
        series_index series_title related_posts url save_url save
    """,
    "Hexo": """
        layout title date updated comments tags categories permalink excerpt disablenunjucks lang
        published photos link top top_img sticky cover toc toc_number toc_style_simple copyright_author
        copyright_author_href copyright_url copyright_info mathjax katex aplayer highlight_shrink aside
        swiper_index top_group_index ai music index_img banner_img banner_mask_height sticky_top hide
        archive excerpt_img math mermaid sponsor reward donate thumbnail plugins widgets sidebar wordcount
        original password abstract message wrong_pass_message wrong_hash_message theme abbrlink uuid
        home_cover cover_index quicklink no_word_count indexing noindex headimg headicon
    """,
    "Ghost": """
        id uuid title slug html plaintext mobiledoc lexical comment_id feature_image feature_image_alt
        feature_image_caption featured status visibility created_at updated_at published_at custom_excerpt
        codeinjection_head codeinjection_foot custom_template canonical_url authors tags primary_author
        primary_tag url excerpt reading_time access comments og_image og_title og_description
        twitter_image twitter_title twitter_description meta_title meta_description email_subject
        frontmatter email_only newsletter email_recipient_filter type page created_by updated_by
        published_by author_id email_segment tiers show_title_and_feature_image locale
    """,
    "WordPress": """
        post_id post_title post_name post_type post_date post_date_gmt post_modified post_modified_gmt
        post_author post_content post_excerpt post_status post_password post_parent post_format
        comment_status ping_status menu_order guid wordpress_id wordpress_url meta wp_id sticky terms
        coauthors parent postid nid vid original_post_id _thumbnail_id _edit_last _yoast_wpseo_title
        _yoast_wpseo_metadesc geo_public dsq_thread_id disqus_identifier disqus_id disqus blogger_blog
        blogger_author blogger_permalink blogger_id blogger_orig_url
    """,
    "Nikola": """
        title slug date tags category link description type author data enclosure filters hidetitle
        has_math hyphenate nocomments password previewimage pretty_url priority section status template
        updated url_type guid medium maths latex retired
    """,
    "MkDocs": """
        title description author date template hide icon status subtitle tags search social icons authors
        categories draft pin links readtime slug nav_order comments exclude_from_blog pagination
        search_exclude boost edit_url repo_url source path revision_date disable_toc render_macros inherit
        ignore_macros icon_material visible render
    """,
    "Obsidian": """
        aliases alias tags tag cssclasses cssclass css_class publish permalink description image cover
        created updated modified date_created date_modified kanban_plugin banner banner_x banner_y
        banner_icon obsidianuifocus dg_publish dg_home dg_permalink dg_pinned excalidraw_plugin id up down
        same next prev parent parents child children related sibling siblings source sources topic topics
        state status due due_date start_date end_date completed priority project projects area areas
        people rating location reviewed isbn pages read share_link share_updated sticker color cards_deck
    """,
    "Astro": """
        layout title description pubdate updateddate heroimage heroimagealt publishdate publisheddate
        published_date publishedtime published_time modifieddate modified_date modifiedtime modified_time
        moddatetime pubdatetime ogimage canonicalurl editurl head tableofcontents lastupdated prev next
        pagefind banner hero sidebar template i18nready minutesread readtime snippet updatedate
        update_date ispinned isdraft is_draft postslug coverimagealt
    """,
    "VuePress and VitePress": """
        title titletemplate description head lang layout hero features navbar sidebar aside outline
        lastupdated editlink footer pageclass isHome prev next meta canonicalurl search dir index order
        icon category tag star sticky article timeline breadcrumb toc comment contributors changelog home
        herotext herofullscreen actions actiontext actionlink bgimage backtotop permalink permalinkpattern
        sitemap feed headerdepth editlinktext editlinkpattern original hidden isoriginal watermark
        published location date author catalogue heading
    """,
    "Quarto, R Markdown and others": """
        title subtitle author date date_format date_modified date_meta output format execute editor
        bibliography csl nocite params citation image image_alt listing categories toc toc_depth
        number_sections code_fold engine jupyter kernelspec documentclass geometry fontsize linkcolor
        urlcolor lang abstract abstract_title keywords affiliation affiliations doi funding appendix css
        theme draft aliases filters header_includes include_before include_after vignette knit runtime
        resource_files slides pdf_engine marp class paginate footer size style marpit export epub pdf docx
        orcid venue journal volume issue issn pages publisher institution thanks
    """,
    "Feeds and pages": """
        viewport generator robots googlebot theme_color referrer application_name color_scheme charset
        rating distribution copyright og_title og_type og_url og_image og_description twitter_card
        twitter_site twitter_creator twitter_image meta_description meta_title meta_keywords meta_image
        seo_title seo_description episode episodes season duration explicit itunes itunes_duration
        transcript chapters show shows guest guests host hosts hosted video videos video_url youtube vimeo
        poster mp4 ogg mime_type
    """,
    # Words that many blogs use as keys of their own and that resemble one of `OURS` by chance.
    "Blogs": """
        data dates part parts feature features serie
        sub_title date_end date_start day end start state site site_id city math place region
        country section sections since case cases paths test tests texts next tex head read load over
        hover side wide tabs tab long land line lines links like likes poster posts post plug gate rate
        late states stat stats craft crafted drift statute statutes update updates related covers banners
        thumbs titles tile tiles local locals lights right tonic passport created_on updated_on posted_on
        modified_on published_by sources authored edited_on bath list lists leader leads leaf mentions
        creation creates images imagedir modify modifier guide guides built builds building publisher
        publishers publishing published_in headlines header headers layout locales languages topical
    """,
}
KNOWN = DECIDING | frozenset(OURS) | {key.lower() for words in _BY_OTHERS.values() for key in words.split()}
"""Every key that is not a misspelling."""

_TWO_EDITS_FROM = 8  # letters of the whole key
_TWO_EDITS_IN_A_WORD_FROM = 6  # so that `due_date` is not taken for `pub_date`


@lru_cache(maxsize=4096)
def near_keys(key: str) -> tuple[str, ...]:
    """The keys of `OURS` that an unknown key may be a misspelling of: the nearest ones, usually none.

    They are within one edit, or two for keys of eight letters or more. An edit adds, removes or changes a
    letter, or swaps neighbours (optimal string alignment distance).
    """
    near: dict[int, list[str]] = {}
    letters = _letters(key)
    for name, known_letters in _LETTERS_OF_OURS:
        # Two edits change at most four letters.
        if abs(len(name) - len(key)) <= 2 and (letters ^ known_letters).bit_count() <= 4:
            distance = _distance(key, name)
            if distance == 1 or (distance == 2 and _allows_two_edits(key, name)):
                near.setdefault(distance, []).append(name)
    return tuple(near[min(near)]) if near else ()


def _allows_two_edits(key: str, name: str) -> bool:
    if sum(map(str.isalpha, name)) < _TWO_EDITS_FROM:
        return False
    words, known = key.split("_"), name.split("_")
    return len(words) != len(known) or all(
        len(known_word) >= _TWO_EDITS_IN_A_WORD_FROM or _distance(word, known_word) < 2
        for word, known_word in zip(words, known, strict=True)
    )


def _distance(first: str, second: str) -> int:
    """How many edits lead from `first` to `second`: the optimal string alignment distance."""
    before: list[int] = []
    last = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        current = [row]
        for column, wanted in enumerate(second, 1):
            edits = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == wanted:
                edits = min(edits, before[column - 2] + 1)
            current.append(edits)
        before, last = last, current
    return last[-1]


def _letters(key: str) -> int:
    """The letters that occur in `key`, as bits."""
    bits = 0
    for letter in key:
        bits |= 1 << (ord(letter) & 63)
    return bits


_LETTERS_OF_OURS = tuple((name, _letters(name)) for name in OURS)
