"""What no address alone shows: open menus, refused forms, errors, paper, the newsroom's pages."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page], None]

EDITOR, CHIEF, ADMINISTRATOR = "bientap", "tongbientap", "quantri"
REPORTER, MODERATOR = "phongvien", "kiemduyet"
# More wrong passwords than accounts.signing_in lets pass.
TRIES = 7
# Headless Chromium has no voice: the controls are shown as the script would show them.
LISTEN = """() => {
    const listen = document.querySelector("listen-aloud");
    listen.removeAttribute("data-voice");
    const part = (name) => listen.querySelector(`[data-${name}]`);
    part("listen").hidden = true;
    part("player").hidden = false;
    listen.querySelector("select").value = "1";
    part("pause").textContent = part("pause").dataset.pause;
    part("place").textContent = part("place").dataset.text.replace("{n}", 3).replace("{all}", 18);
}"""
TOO_LONG = "(field) => { field.value = 'dài '.repeat(1_000_000) }"


def as_it_comes(page: Page) -> None:
    """The page needs nothing done to it."""


@dataclass(frozen=True)
class Scene:
    """``path`` is opened, by ``user`` if there is one, and then ``act`` is done."""

    path: str
    act: Act = as_it_comes
    user: str = ""
    on_paper: bool = False


def scenes(pages: dict[str, str], failures: dict[str, str]) -> dict[str, Scene]:
    """Those of the demo paper with these public pages, each of which is one, too.

    ``failures`` are whole pages that no address has.
    """
    return {
        **{name: Scene(path) for name, path in pages.items()},
        **_readers(pages),
        **{name: Scene("about:blank", _show(html)) for name, html in failures.items()},
        **_newsroom(pages),
    }


def _readers(pages: dict[str, str]) -> dict[str, Scene]:
    article, form = pages["article"], pages["comment form"]
    return {
        "menu": Scene(pages["front"], _click(".sections__button")),
        "English menu": Scene(pages["English front"], _click(".sections__button")),
        "reading comfort": Scene(article, _click(".comfort > summary")),
        "reading in sepia": Scene(article, _sepia),
        "listening": Scene(article, lambda page: page.evaluate(LISTEN)),
        "comment refused": Scene(form, _send_plainly),
        "comment refused at once": Scene(form, _send_comment),
        "English comment refused": Scene(pages["English comment form"], _send_plainly),
        "too long a comment": Scene(form, _send_too_long),
        "damaged address": Scene("/%00"),
        "saved list": Scene(article, _save_for_later),
        "kept list": Scene(article, _keep),
        "article on paper": Scene(pages["long article"], on_paper=True),
        "front on paper": Scene(pages["front"], on_paper=True),
    }


def _newsroom(pages: dict[str, str]) -> dict[str, Scene]:
    number = pages["article"].rsplit("-", 1)[1].removesuffix(".html")
    article, photos = f"/admin/articles/article/{number}", "/admin/photos/photo"
    comments, first = "/admin/comments/comment/", "#result_list tbody th a"
    places = {
        "desk": Scene("/admin/"),
        "article list": Scene("/admin/articles/article/"),
        "article form": Scene(f"{article}/change/"),
        "new article": Scene("/admin/articles/article/add/", _click("[name=_save]")),
        "article preview": Scene(f"{article}/preview/"),
        "article history": Scene(f"{article}/history/"),
        "withdrawing": Scene(f"{article}/withdraw/"),
        "photo archive": Scene(f"{photos}/"),
        "photo": Scene(f"{photos}/", _click(first)),
        "photo kept": Scene(f"{photos}/", _refuse_to_delete),
        "photo upload": Scene(f"{photos}/upload/"),
        "recordings": Scene("/admin/recordings/recording/"),
        "breaking news": Scene("/admin/articles/breakingnews/add/"),
        "coverages": Scene("/admin/live/liveevent/"),
        "writing live": Scene("/admin/", _click(".desk__actions a[href*='/live/']")),
        "refused": Scene("/admin/accounts/user/add/"),
        "no such page": Scene("/admin/articles/article/999999/change/"),
    }
    return {
        "signing in": Scene("/admin/login/"),
        "signing in refused": Scene("/admin/login/", _guess),
        "form expired": Scene("/admin/login/", _lose_cookies),
        **{f"newsroom {name}": Scene(one.path, one.act, EDITOR) for name, one in places.items()},
        "chief's front slots": Scene("/admin/articles/frontslot/", user=CHIEF),
        "reporter's desk": Scene("/admin/", user=REPORTER),
        "moderator's queue": Scene(comments, user=MODERATOR),
        "moderator's comment": Scene(comments, _click(first), MODERATOR),
        "administrator's desk": Scene("/admin/", user=ADMINISTRATOR),
        "administrator's people": Scene("/admin/accounts/user/", user=ADMINISTRATOR),
        "administrator's sections": Scene("/admin/categories/category/", user=ADMINISTRATOR),
        "administrator's masthead": Scene("/admin/masthead/masthead/add/", user=ADMINISTRATOR),
    }


def sign_in(page: Page, user: str, password: str) -> None:
    page.goto("/admin/login/?next=/admin/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", password)
    _send(page, "[type=submit]")
    page.wait_for_selector("#site-name, #header")


def _show(html: str) -> Act:
    return lambda page: page.set_content(html)


def _click(selector: str) -> Act:
    return lambda page: page.click(selector)


def _send(page: Page, button: str) -> None:
    """Press it and wait for the answer, whatever that is."""
    with page.expect_navigation():
        page.click(button)


def _send_comment(page: Page) -> None:
    """As the script of the form sends it."""
    page.fill("[name=email]", "bạn đọc")
    page.click(".comment-form [type=submit]")
    page.wait_for_selector(".comment-form__status:not(:empty)")


def _send_plainly(page: Page) -> None:
    """As it is sent without script."""
    page.fill("[name=email]", "bạn đọc")
    with page.expect_navigation():
        page.eval_on_selector(".comment-form", "(form) => form.submit()")


def _send_too_long(page: Page) -> None:
    page.eval_on_selector(".comment-form [name=text]", TOO_LONG)
    _send_plainly(page)


def _sepia(page: Page) -> None:
    page.evaluate("localStorage.theme = 'sepia'; localStorage.size = '150'")
    page.reload()


def _save_for_later(page: Page) -> None:
    page.click(".save-later button")
    page.wait_for_selector(".save-later a:visible")
    page.click(".save-later a")


def _keep(page: Page) -> None:
    """The service worker keeps what is read once it has the page."""
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload(wait_until="networkidle")
    page.goto("/ngoai-tuyen/")


def _guess(page: Page) -> None:
    for _ in range(TRIES):
        page.fill("[name=username]", "ban.doc")
        page.fill("[name=password]", "mat-khau")
        _send(page, "[type=submit]")


def _lose_cookies(page: Page) -> None:
    page.context.clear_cookies()
    page.fill("[name=username]", "ban.doc")
    page.fill("[name=password]", "mat-khau")
    _send(page, "[type=submit]")


def _refuse_to_delete(page: Page) -> None:
    """A photo of the list that an article shows: the first with uses."""
    used = page.locator(
        "#result_list tbody tr", has=page.locator(".field-use_count:not(:text-is('0'))")
    )
    used.first.locator("th a").click()
    with page.expect_navigation():
        page.click(".deletelink")
