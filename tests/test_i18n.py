"""Words in every language, and the pages: what is put in cannot break them, and what is missing has a stand-in."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.catalogue import read_catalogue, set_apart
from bot.errors import BadPage
from bot.i18n import Dated, FullDate, Month, Text, Weekday, Words, _, n_
from bot.pages import Pages, render
from bot.settings import Settings
from tests import extract
from tests.spoken import words_of, write_language

HELLO = _("Hello <b>{name}</b>.")
DAYS = n_("I'll keep it for {n} day.", "I'll keep it for {n} days.")

CATALOGUES = {
    "en": ("nplurals=2; plural=(n != 1);", "", ()),
    "cy": (
        "nplurals=6; plural=(n==0) ? 0 : (n==1) ? 1 : (n==2) ? 2 : (n==3) ? 3 : (n==6) ? 4 : 5;",
        "Helo <b>{name}</b>.",
        ("{n} diwrnod (0)", "{n} diwrnod (1)", "{n} ddiwrnod (2)", "{n} diwrnod (3)", "{n} diwrnod (6)", "{n} diwrnod"),
    ),
    "pl": (
        "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
        "Cześć <b>{name}</b>.",
        ("{n} dzień", "{n} dni (2)", "{n} dni (5)"),
    ),
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
        "مرحبا <b>{name}</b>.",
        ("لا أيام", "يوم واحد", "يومان", "{n} أيام", "{n} يومًا", "{n} يوم"),
    ),
}
"""The rule, HELLO and DAYS of each language. The words are made up for the test."""


def write_catalogue(folder: Path, language: str, *, fuzzy: bool = False, days: tuple[str, ...] | None = None) -> None:
    rule, hello, plurals = CATALOGUES[language]
    path = write_language(folder, language) / "LC_MESSAGES" / "ivbot.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    forms = plurals if days is None else days
    listed = "".join(f'msgstr[{i}] "{form}"\n' for i, form in enumerate(forms or ("", "")))
    path.write_text(
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: {rule}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        f'{"#, fuzzy" if fuzzy else "#:"}\nmsgid "{HELLO.msgid}"\nmsgstr "{hello}"\n\n'
        f'msgid "{DAYS.msgid}"\nmsgid_plural "{DAYS.plural}"\n{listed}',
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    folder = tmp_path_factory.mktemp("locales")
    for language in CATALOGUES:
        write_catalogue(folder, language)
    return Words(folder, ["en", "cy", "pl", "ar"])


# Values


@given(value=st.text())
def test_no_value_makes_a_tag(words: Words, value: str) -> None:
    """Whatever a name consists of, a message has the tags its sentence has, and shows the name as it was typed."""
    for language in words.languages:
        said = words.html(HELLO.fill(name=value), language)
        inside = re.fullmatch(r"\S+ <b>(.*)</b>\.", said, re.DOTALL)

        assert inside, said
        assert not re.search(r"[<>\"']", inside[1])
        assert Markup(inside[1]).unescape().strip("\u2068\u2069") == value.strip("\u2068\u2069")


@given(value=st.text())
def test_a_label_shows_a_value_as_it_is(words: Words, value: str) -> None:
    """Plain text is for buttons and files: nothing in it is escaped and nothing is filled in twice."""
    assert words.plain(_("{name}").fill(name=value), "en").strip("\u2068\u2069") == value.strip("\u2068\u2069")


def test_a_list_is_escaped_part_by_part(words: Words) -> None:
    """Every part of a list is escaped; the words between the parts are the language's own."""
    likes = _("{likes}").fill(likes=["<i>chess</i>", "art & music"])

    assert words.html(likes, "en") == "&lt;i&gt;chess&lt;/i&gt; and art &amp; music"
    assert words.html(likes, "pl") == "&lt;i&gt;chess&lt;/i&gt; i art &amp; music"


def test_markup_and_texts_are_taken_as_they_are(words: Words) -> None:
    """What is markup already is not escaped again, and a text inside a text is said in the same language."""
    outer = _("{inner} {more}").fill(inner=HELLO.fill(name="<Sam>"), more=Markup("<i>x</i>"))

    assert words.html(outer, "pl") == "Cześć <b>&lt;Sam&gt;</b>. <i>x</i>"
    assert words.plain(_("{more}").fill(more=Markup("<i>x</i>")), "pl") == "x"


def test_a_yes_has_words_of_its_own(words: Words) -> None:
    """True and False are never shown to anybody."""
    with pytest.raises(TypeError):
        words.html(HELLO.fill(name=True), "en")


def test_names_are_set_apart_where_directions_meet(words: Words) -> None:
    """In Arabic every name is isolated; in English only a name that runs the other way."""
    assert words.html(HELLO.fill(name="Sam"), "ar") == "مرحبا <b>\u2068Sam\u2069</b>."
    assert words.html(HELLO.fill(name="Sam"), "en") == "Hello <b>Sam</b>."
    assert words.html(HELLO.fill(name="سامي"), "en") == "Hello <b>\u2068سامي\u2069</b>."
    assert (words.language("ar").right_to_left, words.language("cy").right_to_left) == (True, False)


DAY = dt.date(2026, 6, 13)
TOLD = (
    DAY,
    FullDate.of(DAY),
    Dated.of(DAY),
    Month(2026, 6),
    dt.time(14, 5),
    dt.time(9),
    Weekday(0),
    12000,
    ["x", "y", "z"],
)
OWN_WAY = {
    "en": (
        "Saturday 13 June", "Saturday 13 June 2026", "13 June 2026", "June 2026",
        "2:05 pm", "9 am", "Monday", "12,000", "x, y and z",
    ),
    "cy": (
        "Dydd Sadwrn 13 Mehefin", "Dydd Sadwrn 13 Mehefin 2026", "13 Mehefin 2026", "Mehefin 2026",
        "14:05", "09:00", "Dydd Llun", "12,000", "x, y, z",
    ),
    "ar": (
        "السبت، 13 يونيو", "السبت، 13 يونيو 2026", "13 يونيو 2026", "يونيو 2026",
        "2:05 م", "9:00 ص", "الاثنين", "12,000", "x وy وz",
    ),
    "fa": (
        "شنبه ۱۳ جون", "شنبه ۱۳ جون ۲۰۲۶", "۱۳ جون ۲۰۲۶", "جون ۲۰۲۶",
        "۱۴:۰۵", "۹:۰۰", "دوشنبه", "۱۲٬۰۰۰", "x، y، و z",
    ),
    "pl": (
        "sobota, 13 czerwca", "sobota, 13 czerwca 2026", "13 czerwca 2026", "czerwiec 2026",
        "14:05", "09:00", "poniedziałek", "12 000", "x, y i z",
    ),
    "uk": (
        "субота, 13 червня", "субота, 13 червня 2026 року", "13 червня 2026 року", "червень 2026 року",
        "14:05", "09:00", "понеділок", "12 000", "x, y і z",
    ),
}  # fmt: skip
"""A day, with its year, a date, a month, two times, a day of the week, a number and a list, as it is written."""


def test_numbers_to_ring_keep_their_order_from_right_to_left() -> None:
    """Numbers, commands and references written into an Arabic sentence are isolated; tags and times are not."""
    apart = set_apart("<b>اتصل</b> 0800 1111 أو 116 123، أرسل /stop أو IV-7K3Q-M. في 14:30، 3 أيام، a/b {n} 20")

    assert re.findall("\u2068(.*?)\u2069", apart) == ["0800 1111", "116 123", "/stop", "IV-7K3Q-M"]
    page = Pages(Words(extract.LOCALES, ["ar"], Settings().placeholders), "england").get("complain", "ar")
    assert page
    assert "\u2068" in page.html


@pytest.mark.parametrize("language", OWN_WAY)
def test_days_times_numbers_and_lists_are_the_languages_own(language: str) -> None:
    """By CLDR, with the exceptions of locales/LANG/language.toml: docs/translation.md has them."""
    ours = Words(extract.LOCALES, [language])
    told = [ours.plain(_("{it}").fill(it=it), language) for it in TOLD]

    assert [
        re.sub("[\u200e\u200f\u2066-\u2069]", "", one).replace("\xa0", " ").replace("\u202f", " ") for one in told
    ] == [*OWN_WAY[language]]


# Languages


@pytest.mark.parametrize(("language", "expected"), [
    ("en", {1: "I'll keep it for 1 day.", 0: "I'll keep it for 0 days.", 5: "I'll keep it for 5 days."}),
    ("pl", {1: "1 dzień", 2: "2 dni (2)", 5: "5 dni (5)", 12: "12 dni (5)", 22: "22 dni (2)"}),
    ("cy", {0: "0 diwrnod (0)", 1: "1 diwrnod (1)", 2: "2 ddiwrnod (2)", 3: "3 diwrnod (3)", 6: "6 diwrnod (6)"}),
    ("cy", {4: "4 diwrnod", 9: "9 diwrnod", 100: "100 diwrnod"}),
])  # fmt: skip
def test_each_language_counts_in_its_own_way(words: Words, language: str, expected: dict[int, str]) -> None:
    """The catalogue's plural rule chooses the form: three in Polish, six in Welsh."""
    assert {n: words.html(DAYS.fill(n=n), language) for n in expected} == expected


def test_arabic_counts_in_six_ways(words: Words) -> None:
    """None, one, two, a few, many and hundreds each have their form in Arabic."""
    forms = [words.plain(DAYS.fill(n=n), "ar") for n in (0, 1, 2, 7, 30, 100)]

    assert forms[:3] == ["لا أيام", "يوم واحد", "يومان"]
    assert [form.split()[-1] for form in forms[3:]] == ["أيام", "يومًا", "يوم"]
    assert len(set(forms)) == 6


@pytest.mark.parametrize("language", ["pl", "cy", "ar"])
def test_a_missing_plural_is_said_in_english(tmp_path: Path, language: str) -> None:
    """Where a language has no words yet, one is "1 day" and two are "2 days", whatever that language's rule is."""
    count = len(CATALOGUES[language][2])
    write_catalogue(tmp_path, "en")
    write_catalogue(tmp_path, language, days=("",) * count)
    words = words_of(tmp_path, language)

    assert words.plain(DAYS.fill(n=1), language).endswith(" day.")
    assert words.plain(DAYS.fill(n=2), language).endswith(" days.")


def test_a_fuzzy_string_is_not_used(tmp_path: Path) -> None:
    """A translation that nobody has confirmed is not said: English stands in."""
    write_catalogue(tmp_path, "en")
    write_catalogue(tmp_path, "pl", fuzzy=True)

    assert words_of(tmp_path, "pl").plain(HELLO.fill(name="Sam"), "pl") == "Hello <b>Sam</b>."


def test_the_first_wish_that_is_spoken_is_chosen(words: Words) -> None:
    """What was chosen comes before what a channel hints at; pl-PL finds pl; with no wish met, the first language."""
    assert words.choose("cy", "pl") == "cy"
    assert words.choose("", "pl") == "pl"
    assert words.choose(None, "PL-pl") == "pl"
    assert words.choose("ar_EG") == "ar"
    assert words.choose("ti", "xx-YY", "") == "en"
    assert words.choose() == "en"


def test_a_language_is_named_as_its_speakers_name_it(words: Words) -> None:
    """The picker shows each language's own name; a typed answer may be in any of them."""
    assert [words.name(language) for language in ("en", "cy", "pl", "ar")] == [
        "English",
        "Cymraeg",
        "Polski",
        "العربية",
    ]
    assert words.every(HELLO.fill(name="Sam")) == {
        "Hello <b>Sam</b>.",
        "Helo <b>Sam</b>.",
        "Cześć <b>Sam</b>.",
        "مرحبا <b>\u2068Sam\u2069</b>.",
    }


def test_a_language_that_is_not_spoken_is_answered_in_english(words: Words) -> None:
    """Words asked for in a language there is no catalogue for come in English."""
    assert words.plain(HELLO.fill(name="Sam"), "ti") == "Hello <b>Sam</b>."


@pytest.mark.parametrize("content", [None, "msgid\n", "\xff"])
def test_a_catalogue_that_cannot_be_read_is_named(tmp_path: Path, content: str | None) -> None:
    """A missing or broken catalogue stops the start, with its file in the message."""
    path = tmp_path / "pl" / "LC_MESSAGES" / "ivbot.po"
    if content is not None:
        path.parent.mkdir(parents=True)
        path.write_bytes(content.encode("latin-1"))

    with pytest.raises(BadPage, match=re.escape(str(path))):
        read_catalogue(tmp_path, "pl")


def test_filling_keeps_what_was_filled_before() -> None:
    """A text is a value: filling it makes a new one, and {n} chooses the plural."""
    filled = DAYS.fill(n=1).fill(day="Friday")

    assert (filled.n, dict(filled.values)) == (1, {"n": 1, "day": "Friday"})
    assert Text("Hello <b>{name}</b>.") == HELLO


# Pages


LIKE = "machine, by a computer, on 2026-11-22; or: native, by NAME, on DAY"
MORE = "do: []\nsource: s"
READ = "review: native, by us, on 2026-11-22"
FRONT = f"title: {{title}}\nnext: [{{next}}]\ndo: []\nsource: none\n{READ}"


def write_page(folder: Path, name: str, body: str = "Body.", *, title: str = "Title", following: str = "") -> Path:
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{FRONT.format(title=title, next=following)}\n---\n{body}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("markdown", "html"), [
    ("One\ntwo.\n\nThree.", "One two.\n\nThree."),
    ("One  \ntwo.", "One\ntwo."),
    ("**Bold** and *leaning*.", "<b>Bold</b> and <i>leaning</i>."),
    ("Two:\n\n- one\n- two\n\nThen.", "Two:\n• one\n• two\n\nThen."),
    ("1. one\n2. two", "1. one\n2. two"),
    ("[A page](https://example.org/?a=1&b=2).", '<a href="https://example.org/?a=1&amp;b=2">A page</a>.'),
    ("[x](javascript:alert)", "[x](javascript:alert)"),
    ("<script>1 < 2 & 3</script>", "&lt;script&gt;1 &lt; 2 &amp; 3&lt;/script&gt;"),
    ("# No heading\n\n`no code` ![no picture](x)", '# No heading\n\n`no code` !<a href="x">no picture</a>'),
])  # fmt: skip
def test_markdown_becomes_the_tags_that_channels_share(markdown: str, html: str) -> None:
    """Bold, italics, links, bullets and numbers are kept; all else is shown as it was typed."""
    assert render(markdown, {}) == html


@given(markdown=st.text(alphabet=st.sampled_from("a<>&*_-[]()\"' \n1.\\#`!")))
def test_no_markdown_makes_another_tag(markdown: str) -> None:
    """Whatever a page says, only b, i and a come out of it, each closed."""
    html = render(markdown, {})
    opened, closed = re.findall(r"<(b|i|a)(?: href=\"[^\"<>]*\")?>", html), re.findall(r"</(b|i|a)>", html)

    assert sorted(opened) == sorted(closed)
    assert html.count("<") == len(opened) + len(closed)


@given(value=st.text())
def test_no_setting_makes_a_tag_on_a_page(value: str) -> None:
    """A service may be called what it likes."""
    assert Markup(render("Work for {service}.", {"service": value})).unescape() == f"Work for {value}."


def test_wales_has_pages_of_its_own(tmp_path: Path) -> None:
    """A page in wales/ stands in for the one of its name, in Wales only."""
    write_page(tmp_path / "en" / "pages", "rights", "England.")
    write_page(tmp_path / "en" / "pages", "other", "Both.")
    write_page(tmp_path / "en" / "pages" / "wales", "rights", "Wales.")

    assert _bodies(Pages(words_of(tmp_path, "en"), "england")) == {"rights": "England.", "other": "Both."}
    assert _bodies(Pages(words_of(tmp_path, "en"), "wales")) == {"rights": "Wales.", "other": "Both."}


def _bodies(pages: Pages) -> dict[str, str]:
    return {page.name: str(page.html) for page in pages.every()}


def test_a_page_that_is_missing_is_shown_in_english(tmp_path: Path) -> None:
    """A page not yet translated is there in English and says of itself that it is."""
    write_page(tmp_path / "en" / "pages", "rights", "England.", title="Rights")
    write_page(tmp_path / "en" / "pages", "more", "More.")
    write_page(tmp_path / "pl" / "pages", "rights", "Prawa.", title="Prawa")
    pages = Pages(words_of(tmp_path, "pl"), "england")
    rights, more = pages.get("rights", "pl"), pages.get("more", "pl")

    assert rights
    assert more
    assert (rights.title, rights.language, more.html, more.language) == ("Prawa", "pl", "More.", "en")
    assert pages.get("nothing", "pl") is None
    assert pages.names == ("more", "rights")


@pytest.mark.parametrize(("text", "problem"), [
    (f"---\ntitle: T\nnext: []\nsource: s\n{READ}\n---\nBody", "do is missing or not known"),
    (f"---\n{FRONT}\n---\nBody {{colour}}", "colour is missing or not known"),
    (f"---\ntitle: T\nnext: one\n{MORE}\n{READ}\n---\nBody", "the page cannot be read (TypeError)"),
    (f"---\ntitle: 5\nnext: []\n{MORE}\n{READ}\n---\nBody", "the page cannot be read (TypeError)"),
    ("---\ntitle: [\n---\nBody", "the page cannot be read (ParserError)"),
    (f"---\ntitle: T\nnext: []\n{MORE}\nreview: me\n---\nBody", f"review: must be like: {LIKE}"),
    (f"---\ntitle: T\nnext: [gone]\n{MORE}\n{READ}\n---\nBody", "next: there is no page gone"),
    (f"---\n{FRONT}\n---\nBody {{", "the page cannot be read (ValueError)"),
    ("Body alone", "title is missing or not known"),
])  # fmt: skip
def test_a_broken_page_is_named_with_what_is_wrong(tmp_path: Path, text: str, problem: str) -> None:
    """A page that cannot be read stops the start, with its file, what is wrong and what to do."""
    path = tmp_path / "en" / "pages" / "broken.md"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace("{title}", "T").replace("{next}", ""), encoding="utf-8")

    with pytest.raises(BadPage) as raised:
        Pages(words_of(tmp_path, "en"), "england")

    assert str(raised.value) == f"{path}: {problem}. Mend the file and start again."


def test_a_page_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    """A page saved in another encoding stops the start as well."""
    path = write_page(tmp_path / "en" / "pages", "rights")
    path.write_bytes(path.read_bytes() + b"\xff")

    with pytest.raises(BadPage, match=r"rights\.md: the page cannot be read"):
        Pages(words_of(tmp_path, "en"), "england")


def test_what_every_text_may_name_starts_a_sentence_with_a_capital() -> None:
    """The service's own values fill any text, {Name} with a capital; what a text is given itself goes first."""
    known = Words(extract.LOCALES, ["en"], {"coordinator": "the coordinator & co"})
    text = Text("{Coordinator} reads it. Ask {coordinator}.")

    assert known.html(text, "en") == "The coordinator &amp; co reads it. Ask the coordinator &amp; co."
    assert known.plain(text.fill(coordinator="Sam"), "en") == "Sam reads it. Ask Sam."
    with pytest.raises(KeyError):
        known.plain(Text("{nobody}"), "en")


def test_a_page_has_its_simple_form(tmp_path: Path) -> None:
    """`simple/NAME.md` is the same page for younger readers; Wales may have its own."""
    folder = tmp_path / "en" / "pages"
    write_page(folder, "rights", "England.")
    write_page(folder, "other", "Both.")
    for place, body in (("simple", "Easy."), ("wales/simple", "Easy Wales.")):
        (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / place / "rights.md").write_text(f"---\n{READ}\n---\n{body}")
    england, wales = (Pages(words_of(tmp_path, "en"), nation) for nation in ("england", "wales"))

    assert [page.simple for page in england.every()] == [None, "Easy."]
    assert [page.simple for page in wales.every()] == [None, "Easy Wales."]
