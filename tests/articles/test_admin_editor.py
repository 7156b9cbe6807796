"""The rich-text editor in a real browser: what is shown again is what was saved."""

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from articles.models import Article
from core.editor import EditorWidget
from tests.factories import make_article, make_category, make_draft
from tests.factories import make_user as make_staff

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head>
<body><!--StartFragment--><p class=MsoNormal style='color:red;mso-fareast-font-family:Calibri'>
<b><span lang=VI style='font-size:14.0pt'>Quảng Ninh</span></b> đón khách.<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>&nbsp;</p>
<!--EndFragment--></body></html>
"""
# One of each thing that is stored, in the stored form.
STORED = "\n".join(
    (
        "<p>Đoạn có <strong>chữ đậm</strong>, <em>nghiêng</em> và"
        ' <a href="https://vi.example/a?b=1&amp;c=2">liên kết</a>.</p>',
        "<h2>Tít phụ một</h2>",
        "<h3>Tít phụ hai &amp; ba</h3>",
        "<ul><li>một</li><li>hai</li></ul>",
        "<ol><li>nhất</li></ol>",
        "<blockquote><p>Lời trích</p></blockquote>",
        '<blockquote class="pull"><p>Nổi bật</p><p>— Người nói</p></blockquote>',
        '<aside class="info"><h3>Cần biết</h3><ul><li>một</li></ul><p>hai</p></aside>',
        "<p>[photo(1)]</p>",
        '<figure data-photo-id="7"><figcaption>Chú thích</figcaption></figure>',
        "<table><tbody><tr><td>ô</td><td>ô hai</td></tr></tbody></table>",
        "<p>[links()]</p>",
    )
)


def test_the_configuration_keeps_the_risky_parts_off() -> None:
    widget = EditorWidget()
    widget.get_context("body", "", {"id": "id_body"})
    config = widget.config
    assert config["versionCheck"] is False
    assert config["entities"] is False
    assert config["customConfig"] == ""
    for plugin in ("iframe", "flash", "preview", "uploadimage", "docprops", "codesnippetgeshi"):
        assert plugin in config["removePlugins"].split(",")
    assert "sourcearea" in config["removePlugins"].split(",")
    assert "filebrowserUploadUrl" not in config


@pytest.mark.django_db
def test_the_packages_own_upload_views_are_not_there(client: Any) -> None:
    assert client.get("/ckeditor/upload/").status_code == 404
    assert client.get("/ckeditor/browse/").status_code == 404


def sign_in(page: "Page", live_server: Any, user: Any) -> None:
    page.goto(f"{live_server.url}{reverse('admin:login')}")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "mat-khau-thu-1")
    page.click("[type=submit]")


def open_article(page: "Page", live_server: Any, article: Article) -> None:
    page.goto(f"{live_server.url}{reverse('admin:articles_article_change', args=[article.pk])}")
    wait_for_editor(page)


def wait_for_editor(page: "Page") -> None:
    # Not by a function in the page: its policy allows no eval.
    page.wait_for_selector("#cke_id_body .cke_wysiwyg_frame")
    page.frame_locator(".cke_wysiwyg_frame").locator("body[contenteditable=true]").wait_for()


@pytest.mark.django_db(transaction=True)
def test_an_untouched_text_is_saved_as_it_was(page: "Page", live_server: Any) -> None:
    draft = make_draft(body=STORED)
    stored = Article.objects.get().body
    sign_in(page, live_server, make_staff("editor"))
    open_article(page, live_server, draft)
    page.fill("#id_headline", "Tít đã sửa")
    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    draft.refresh_from_db()
    assert draft.headline == "Tít đã sửa"
    assert draft.body == stored == STORED


@pytest.mark.django_db(transaction=True)
def test_an_editor_writes_pastes_saves_and_publishes(page: "Page", live_server: Any) -> None:
    category = make_category()
    make_article(headline="Bài cũ", category=category)
    outside: list[str] = []
    faults: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server.url, "data:", "blob:"))
            else outside.append(request.url)
        ),
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: faults.append(message.text) if message.type == "error" else None,
    )
    sign_in(page, live_server, make_staff("editor"))
    page.goto(f"{live_server.url}{reverse('admin:articles_article_add')}")
    wait_for_editor(page)
    page.select_option("#id_category", str(category.pk))
    page.fill("#id_headline", "Đông Triều vào hội")
    text = page.frame_locator(".cke_wysiwyg_frame").locator("body")
    text.click()
    page.keyboard.type("Tiếng Việt có dấu: ủy, thủy, đường")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("chữ đậm")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.click(".cke_button__newsroomphoto")
    page.click(".cke_button__newsroomlinks")
    page.keyboard.type("Đoạn cuối.")
    page.evaluate(
        """html => {
            const editor = CKEDITOR.instances.id_body
            const data = new CKEDITOR.plugins.clipboard.dataTransfer()
            data.setData("text/html", html)
            editor.fire("paste", {type: "auto", dataValue: html, method: "paste",
                                  dataTransfer: data})
        }""",
        WORD,
    )
    text.get_by_text("đón khách").wait_for()
    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    wait_for_editor(page)
    article = Article.objects.get(headline="Đông Triều vào hội")
    lines = article.body.splitlines()
    assert lines[:5] == [
        "<p>Tiếng Việt có dấu: ủy, thủy, đường</p>",
        "<p><strong>chữ đậm</strong></p>",
        "<p>[photo(1)]</p>",
        "<p>[links()]</p>",
        lines[4],
    ]
    assert "<strong>Quảng Ninh</strong> đón khách." in article.body
    for rubbish in ("mso", "Mso", "style", "span", "class", "<o:p>", "&nbsp;"):
        assert rubbish not in article.body
    body = article.body
    # Shown again and saved again: nothing moves.
    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    article.refresh_from_db()
    assert article.body == body
    page.click("button[value=publish]")
    page.click("button.verb")
    page.click(".messagelist a")
    page.wait_for_selector("h1:has-text('Đông Triều vào hội')")
    assert not outside
    assert not faults


@pytest.mark.django_db(transaction=True)
def test_buttons_write_what_can_be_placed_in_a_text(page: "Page", live_server: Any) -> None:
    draft = make_draft(body="<p>Một.</p><p>Hai.</p><p>Ba.</p>")
    answers = iter(("2-3", "https://youtu.be/aqz-KE-bpKQ", "/tin-(12).html"))
    page.on("dialog", lambda dialog: dialog.accept(next(answers)))
    sign_in(page, live_server, make_staff("editor"))
    open_article(page, live_server, draft)
    page.get_by_text("Những gì đặt được vào nội dung").click()
    assert page.get_by_text("[gallery(2-5)]").is_visible()
    text = page.frame_locator(".cke_wysiwyg_frame").locator("body")
    text.get_by_text("Ba.").click()
    for name in ("gallery", "embed", "related"):
        page.click(f".cke_button__newsroom{name}")
    text.get_by_text("Một.").click()
    page.click(".cke_button__newsroompull")
    text.get_by_text("Hai.").click()
    page.click(".cke_button__newsroominfo")
    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    draft.refresh_from_db()
    assert draft.body.splitlines() == [
        '<blockquote class="pull"><p>Một.</p></blockquote>',
        '<aside class="info"><p>Hai.</p></aside>',
        "<p>Ba.</p>",
        "<p>[gallery(2-3)]</p>",
        "<p>[embed(https://youtu.be/aqz-KE-bpKQ)]</p>",
        "<p>[related(/tin-12.html)]</p>",
    ]
    wait_for_editor(page)
    for words, name in (("Một.", "pull"), ("Hai.", "info")):
        text.get_by_text(words).click()
        page.click(f".cke_button__newsroom{name}")
    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    draft.refresh_from_db()
    assert draft.body.splitlines()[:2] == ["<p>Một.</p>", "<p>Hai.</p>"]


def asked_when_leaving(page: "Page") -> bool:
    """Whether the browser asks before it goes on to another page; it is told to go."""
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", answer)
    page.goto(f"{page.url.partition('/admin/')[0]}/admin/")
    if not asked:
        page.remove_listener("dialog", answer)
    return asked == ["beforeunload"]


@pytest.mark.django_db(transaction=True)
def test_leaving_asks_only_when_something_is_unsaved(page: "Page", live_server: Any) -> None:
    editor = make_staff("editor")
    article = make_draft(category=make_category(), body=STORED, created_by=editor)
    sign_in(page, live_server, editor)
    open_article(page, live_server, article)
    page.click("#id_headline")
    assert not asked_when_leaving(page)
    open_article(page, live_server, article)
    page.fill("#id_headline", "Tít mới")
    assert asked_when_leaving(page)
    open_article(page, live_server, article)
    body = page.frame_locator("iframe.cke_wysiwyg_frame").first.locator("body")
    body.locator("p").first.click()
    page.keyboard.type("Thêm ")
    assert asked_when_leaving(page)
    open_article(page, live_server, article)
    page.fill("#id_headline", "Tít mới")
    page.click("[name=_continue]")
    wait_for_editor(page)
    page.click("#id_headline")
    assert not asked_when_leaving(page)
    article.refresh_from_db()
    assert article.headline == "Tít mới"


@pytest.mark.django_db(transaction=True)
def test_the_buttons_are_dark_where_the_page_is(open_browser: Any, live_server: Any) -> None:
    editor = make_staff("editor")
    article = make_draft(category=make_category(), created_by=editor)
    filters = {}
    for scheme in ("light", "dark"):
        page = open_browser(color_scheme=scheme).new_page()
        sign_in(page, live_server, editor)
        open_article(page, live_server, article)
        toolbar = page.locator(".cke_top").first
        filters[scheme] = toolbar.evaluate("one => getComputedStyle(one).filter")
    assert filters["light"] == "none"
    assert "invert" in filters["dark"]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_the_form_lies_over_or_beside_its_page(
    open_browser: Any, live_server: Any
) -> None:
    editor = make_staff("editor")
    article = make_article(category=make_category(), headline="Nghe dân nói ở nhà văn hóa Bến Lau")
    for width in (1280, 360):
        page = open_browser(viewport={"width": width, "height": 800}).new_page()
        sign_in(page, live_server, editor)
        open_article(page, live_server, article)
        right = box(page, "#content")["x"] + box(page, "#content")["width"]
        for selector in ("#id_headline", "#id_standfirst", "#cke_id_body"):
            assert box(page, selector)["x"] + box(page, selector)["width"] <= right, selector
        headline = box(page, "#content > h2")
        for tool in page.locator(".object-tools a").all():
            place = tool.bounding_box()
            assert place and place["y"] >= headline["y"] + headline["height"], width
            assert width == 1280 or place["height"] >= 44


def box(page: "Page", selector: str) -> Any:
    return page.locator(selector).bounding_box()
