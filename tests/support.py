"""What many tests say about a page, said once."""

import re

from django.http import HttpResponse


def assert_public(response: HttpResponse, *, status: int = 200) -> None:
    """The page is the same for every reader, safe to keep, and has one main heading."""
    assert response.status_code == status
    assert not response.cookies, "a public page must not set a cookie"
    assert "Set-Cookie" not in response.headers
    vary = [name.strip().lower() for name in response.headers.get("Vary", "").split(",")]
    assert "cookie" not in vary, "a public page must not vary by cookie"
    assert response.headers.get("X-Content-Type-Options") == "nosniff"
    policy = response.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    if response.headers.get("Content-Type", "").startswith("text/html"):
        html = response.content.decode()
        assert len(re.findall(r"<h1[\s>]", html)) == 1, "a page has one h1"
        assert "csrfmiddlewaretoken" not in html
