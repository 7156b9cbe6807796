"""The pages a paper keeps about itself, and who may write them."""

import pytest
from django.test import Client

from accounts.models import User
from masthead.models import StandingPage
from tests.factories import make_masthead, make_partner_link, make_user
from tests.support import assert_public


@pytest.fixture
def page(db: None) -> StandingPage:
    make_masthead(name="Báo Sông Quê", licence="Số 1/GP", editor_in_chief="Nguyễn Thị Thu Hà")
    return StandingPage.objects.create(
        title="Quyền riêng tư", body="<p>Không cookie.</p><script>alert(1)</script>"
    )


def test_readers_find_a_page_from_the_foot_of_any_other(client: Client, page: StandingPage) -> None:
    make_partner_link(name="Đài bạn")
    html = client.get("/").content.decode()
    assert '<a href="/toa-soan/quyen-rieng-tu/">Quyền riêng tư</a>' in html
    assert "Đài bạn" in html
    response = client.get("/toa-soan/quyen-rieng-tu/")
    assert_public(response)
    html = response.content.decode()
    assert "<p>Không cookie.</p>" in html
    assert "alert(1)" not in html


def test_a_hidden_page_is_nowhere(client: Client, page: StandingPage) -> None:
    page.is_public = False
    page.save()
    assert client.get(page.get_absolute_url()).status_code == 404
    for address in ("/", "/toa-soan/"):
        assert "quyen-rieng-tu" not in client.get(address).content.decode()


def test_the_imprint_has_an_address_of_its_own(client: Client, page: StandingPage) -> None:
    response = client.get("/toa-soan/")
    assert_public(response)
    html = response.content.decode()
    for words in ("Báo Sông Quê", "Số 1/GP", "Nguyễn Thị Thu Hà", "Quyền riêng tư"):
        assert words in html


def test_a_page_is_in_its_own_language_throughout(client: Client, page: StandingPage) -> None:
    english = StandingPage.objects.create(title="Privacy", language="en", body="<p>None.</p>")
    assert english.get_absolute_url() == "/en/toa-soan/privacy/"
    html = client.get(english.get_absolute_url()).content.decode()
    assert '<html lang="en"' in html
    assert client.get("/toa-soan/privacy/").status_code == 404
    assert "All sections" in html
    assert "Quyền riêng tư" not in html
    assert "Privacy" not in client.get("/").content.decode()


@pytest.mark.parametrize(("role", "may"), [("chief", True), ("editor", False), ("reporter", False)])
def test_the_chief_editor_writes_them(
    client: Client, page: StandingPage, role: str, may: bool
) -> None:
    user: User = make_user(role)
    client.force_login(user)
    data = {"title": "Liên hệ", "language": "vi", "body": "<p>Gọi.</p>", "position": 1}
    data["is_public"] = "on"
    response = client.post("/admin/masthead/standingpage/add/", data)
    assert response.status_code == (302 if may else 403)
    assert StandingPage.objects.filter(slug="lien-he").exists() is may


def test_a_second_page_of_one_address_is_refused_with_what_was_typed(
    client: Client, page: StandingPage
) -> None:
    client.force_login(make_user("chief"))
    data = {"title": "Quyền riêng tư", "language": "vi", "body": "<p>Lời mới.</p>", "position": 1}
    response = client.post("/admin/masthead/standingpage/add/", data)
    html = response.content.decode()
    assert "Đã có trang dùng đường dẫn này" in html
    assert "Lời mới." in html
    assert StandingPage.objects.count() == 1


def test_the_address_stays_when_the_title_changes(client: Client, page: StandingPage) -> None:
    client.force_login(make_user("chief"))
    data = {"title": "Riêng tư", "slug": "khac", "language": "vi", "body": "", "position": 1}
    data["is_public"] = "on"
    response = client.post(f"/admin/masthead/standingpage/{page.pk}/change/", data)
    assert response.status_code == 302
    page.refresh_from_db()
    assert (page.title, page.slug) == ("Riêng tư", "quyen-rieng-tu")
