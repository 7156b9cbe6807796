"""The photo archive in a real browser."""

from pathlib import Path
from typing import Any

import pytest

from photos.models import Photo
from tests.factories import image_bytes, make_user
from tests.support import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Any, address: str) -> None:
    make_user("reporter", username="phong-vien", language="vi")
    page.goto(f"{address}/admin/login/")
    page.fill("#id_username", "phong-vien")
    page.fill("#id_password", "mat-khau-thu-1")
    page.click("[type=submit]")


def test_a_reporter_uploads_photos_and_sets_a_focal_point_by_a_click(
    page: Any, live_server: Any, tmp_path: Path
) -> None:
    files = [tmp_path / "mot.jpg", tmp_path / "hai.jpg", tmp_path / "ba.svg"]
    for file in files[:2]:
        file.write_bytes(image_bytes(1200, 600))
    files[2].write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(f"{said.text} {said.location['url']}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/admin/photos/photo/")
    page.click("text=Tải lên nhiều ảnh")
    page.set_input_files("#id_files", [str(file) for file in files])
    page.fill("#id_credit", "Hoài Anh")
    page.click("input[type=submit]")
    assert page.locator(".photo-results__item").count() == 3
    assert "không phải là ảnh" in page.locator(".photo-results__item--refused").inner_text()
    assert Photo.objects.filter(credit="Hoài Anh").count() == 2

    page.click(".photo-results a >> nth=0")
    stage = page.locator("[data-stage] img")
    box = stage.bounding_box()
    stage.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.25})
    assert abs(float(page.input_value("#id_focal_x")) - 0.9) < 0.01
    assert "100%" in page.locator("[data-crop] img").evaluate("e => e.style.objectPosition")
    page.fill("#id_caption", "Bến tàu chiều")
    page.click("[name=_save]")
    page.wait_for_url("**/admin/photos/photo/")
    photo = Photo.objects.get(caption="Bến tàu chiều")
    assert abs(photo.focal_x - 0.9) < 0.01
    assert abs(photo.focal_y - 0.25) < 0.01
    assert page.locator(".photo-thumbnail").count() == 2
    wait_until(
        page,
        "[...document.querySelectorAll('.photo-thumbnail')].every(e => e.naturalWidth === 320)",
    )
    # The site has an icon only where its front page is.
    assert [text for text in complaints if not text.endswith("/favicon.ico")] == []


def test_without_script_the_numbers_do_the_same(
    page_without_script: Any, live_server: Any, tmp_path: Path
) -> None:
    page = page_without_script
    file = tmp_path / "mot.jpg"
    file.write_bytes(image_bytes(1200, 600))
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/admin/photos/photo/add/")
    page.set_input_files("#id_original", str(file))
    page.click("[name=_save]")
    assert page.locator("[data-crop]").is_hidden()
    page.fill("#id_focal_x", "0.2")
    page.click("[name=_save]")
    assert Photo.objects.get().focal_x == 0.2
