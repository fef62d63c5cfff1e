"""The page in headless Chromium: whole without a network and without scripts, usable by keyboard,
readable on a phone, in the dark and in print."""

import shutil
from pathlib import Path

import pytest
from compare_tables import two_machines

from argand.compare.page import compare

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
                None)  # fmt: skip
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: .ci/run installs the distribution's"
)
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def browser():
    arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def visit(browser, built):
    """Opens the page with the network off; fails on any request beyond the page, and on any
    message of the console."""
    opened, said, asked, paths = [], [], [], []

    def open_page(path: Path = built, **options):
        context = browser.new_context(offline=True, **{"viewport": DESK} | options)
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        paths.append(path)
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not said
    assert [
        url for url in asked if not url.startswith(("data:", *(path.as_uri() for path in paths)))
    ] == []


@pytest.fixture(scope="module", params=["report", "comparison"])
def each(request, built, tmp_path_factory):
    """The report's page, then a comparison's."""
    if request.param == "report":
        return built
    out = tmp_path_factory.mktemp("compared") / "compare.html"
    compare(two_machines(), out)
    return out


def names(page):
    return [t.strip() for t in page.locator("#page-answer tbody tr:visible th").all_inner_texts()]


@pytest.fixture(scope="module")
def several(built, tmp_path_factory):
    """The page with its one row three times under other names and shares: enough to sort."""
    text = built.read_text(encoding="utf-8")
    start = text.index('<tr role="row" data-kinds')
    end = text.index("</tbody>", start)
    row = text[start:end]
    rows = [
        row.replace(">square<", f">{name}<")
        .replace('data-sort="square"', f'data-sort="{name}"')
        .replace('data-kinds="wrong ', f'data-kinds="{kinds} ')
        for name, kinds in (("beta", "wrong"), ("alpha", "faster"), ("gamma", "wrong"))
    ]
    path = tmp_path_factory.mktemp("several") / "index.html"
    path.write_text(text[:start] + "".join(rows) + text[end:], encoding="utf-8")
    return path


def test_it_opens_on_the_answer(visit):
    page = visit()
    assert page.title().startswith("argand")
    box = page.locator("#page-answer tbody tr").first.bounding_box()
    assert box["y"] + box["height"] < DESK["height"]


def test_a_heading_sorts_up_and_down_and_says_so(browser, several):
    page = browser.new_page()
    page.goto(several.as_uri())
    assert names(page) == ["beta", "alpha", "gamma"]
    head = page.locator("#page-answer thead th").first
    head.locator("button").click()
    assert names(page) == ["alpha", "beta", "gamma"]
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")  # the button has the focus
    assert names(page) == ["gamma", "beta", "alpha"]
    assert head.get_attribute("aria-sort") == "descending"
    page.close()


def test_the_filter_keeps_what_matches_and_counts_it(browser, several):
    page = browser.new_page()
    page.goto(several.as_uri())
    page.get_by_label("filter").fill("  AL auto")
    assert names(page) == ["alpha"]
    assert page.locator("#page-shown").inner_text() == "1 of 3 shown"
    page.get_by_label("filter").fill("")
    page.get_by_label("show").select_option("wrong")
    assert names(page) == ["beta", "gamma"]
    page.close()


def test_without_scripts_it_is_a_plain_whole_table(visit):
    page = visit(java_script_enabled=False)
    assert names(page) == ["square"]
    assert page.locator(".controls").is_hidden()
    assert page.locator("#page-answer button").count() == 0
    assert page.locator("#square h2").is_visible()


def test_links_lead_where_they_say(visit, each):
    page = visit(each)
    for link in page.locator("a[href^='#']").all():
        target = link.get_attribute("href")
        link.evaluate("a => a.click()")
        assert page.evaluate("decodeURIComponent(location.hash)") == target
        assert page.evaluate("document.querySelector(':target') !== null"), target


def test_every_picture_has_words_and_was_drawn(visit):
    page = visit()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    pictures = page.locator("svg[role=img]").all()
    assert len(pictures) > 10
    for picture in pictures:
        assert picture.get_attribute("aria-label")
        box = picture.bounding_box()
        assert min(box["width"], box["height"]) > 15
    for image in page.locator("svg image").all():
        assert image.evaluate(
            "async i => { const m = new Image(); m.src = i.getAttribute('href'); "
            "await m.decode(); return m.naturalWidth; }"
        )


def test_every_map_fills_its_frame_whether_its_picture_is_its_own_or_an_earlier_one(visit):
    page = visit()
    assert page.locator(".plots svg > use:first-child").count() > 0
    for opened in ("false", "true"):
        page.evaluate(f"document.querySelectorAll('details').forEach(d => d.open = {opened})")
        places = page.evaluate(
            """() => [...document.querySelectorAll('.plots svg')].filter(s => s.checkVisibility())
            .map(s => {
                const all = s.getBoundingClientRect(), k = 196 / all.width;
                const own = s.firstElementChild.getBoundingClientRect();
                return [own.left - all.left, own.top - all.top, own.width, own.height]
                    .map(v => k * v);
            })"""
        )
        assert len(places) > 5
        for place in places:
            assert place == pytest.approx([34, 4, 150, 150], abs=0.5)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation_with_everything_open(visit, each, scheme, viewport):
    page = visit(each, color_scheme=scheme, viewport=viewport, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe.Axe().run(page).response
    assert found["passes"]
    assert any(rule["id"] == "color-contrast" for rule in found["passes"])
    serious = [(v["id"], [n["html"][:200] for n in v["nodes"]][:3])
               for v in found["violations"] if v["impact"] in SERIOUS]  # fmt: skip
    assert not serious


def _luminance(rgb):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
              for c in (part / 255 for part in rgb)]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_charts_colours_stand_out_from_the_paper(visit, scheme):
    """axe looks at text alone; lines and marks need a contrast of 3 (WCAG 1.4.11)."""
    page = visit(color_scheme=scheme)
    colours = page.evaluate(
        """() => ["--paper", ...[...Array(8).keys()].map(k => "--series-" + k)].map(name => {
            const probe = document.createElement("i");
            probe.style.color = `var(${name})`;
            document.body.append(probe);
            return getComputedStyle(probe).color.match(/[0-9]+/g).map(Number);
        })"""
    )
    paper, *series = (_luminance(c) for c in colours)
    for k, colour in enumerate(series):
        high, low = max(paper, colour), min(paper, colour)
        assert (high + 0.05) / (low + 0.05) >= 3, k


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_never_scrolls_sideways(visit, each, scripts):
    page = visit(each, viewport=PHONE, java_script_enabled=True)
    if not scripts:
        page.evaluate("document.documentElement.classList.remove('scripted')")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_everything_is_reached_by_keyboard_and_its_focus_is_seen(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert {"A", "INPUT", "SELECT", "BUTTON"} <= seen


def test_in_print_there_is_no_control_and_ink_is_black(visit):
    page = visit(color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator(".controls").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
