"""The recipe for nginx with Debian's libnginx-mod-http-brotli-static."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from bench.serving import recipe, start_nginx
from tests.pagestore.conftest import Paper, free_port

MODULES = Path(os.environ.get("NGINX_MODULES", "/usr/lib/nginx/modules"))
MODULE = MODULES / "ngx_http_brotli_static_module.so"

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        not (shutil.which("nginx") and MODULE.exists()),
        reason="needs the Debian package libnginx-mod-http-brotli-static",
    ),
]


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    for folder in (tmp_path, *tmp_path.parents):
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(0o755)
    paper = Paper(tmp_path)
    paper.go_behind_nginx()
    paper.start_server()
    paper.front_port = free_port()
    http = recipe(tmp_path / "data", paper.front_port, paper.server_port, paper.inner_port)
    http = http.replace("news.example", "news.test")
    on = "brotli_static on;\n    open_file_cache_valid 0;\n    gzip_static on;"
    http = http.replace("gzip_static on;", on)
    nginx = start_nginx(tmp_path, "nginx", http, main=f"load_module {MODULE};")
    paper.wait(paper.front_port)
    yield paper
    nginx.terminate()
    nginx.wait()
    paper.stop()


def test_each_reader_gets_the_smallest_form_it_reads_and_never_an_old_one(paper: Paper) -> None:
    store = paper.store_behind_nginx()
    for number in range(5):
        paper.write(f"Lần {number}")
        store.drop(["page"])
        plain = paper.ask("/a.html")
        assert f"Lần {number} " in plain.text
        for accepted, encoding in (("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")):
            packed = paper.ask("/a.html", Accept_Encoding=accepted)
            assert packed.headers["Content-Encoding"] == encoding
            assert packed.headers["Vary"] == "Accept-Encoding"
            assert packed.headers["Server"].startswith("nginx")
            assert packed.headers["Content-Type"] == "text/html; charset=utf-8"
        best = paper.ask("/a.html", Accept_Encoding="br")
        assert brotli.decompress(best.body) == plain.body
        etag = best.headers["ETag"]
        again = paper.ask("/a.html", Accept_Encoding="br", If_None_Match=etag)
        assert again.status == 304
    assert paper.renders() == 5
