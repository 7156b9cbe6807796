"""The same article in Wagtail: a virtual environment, a site and a server of its own.

``python -m bench.peer PK FILE`` writes an article of the newsroom's database for it.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parent.parent
SITE = PROJECT_DIR / "bench" / "wagtail"
WORKERS = 2


class Peer:
    """Wagtail with what a file of requirements says; its site is in ``folder``.

    The virtual environment is kept in DATA_DIR for the next run.
    """

    def __init__(self, folder: Path, requirements: str, cache: str) -> None:
        self.requirements = SITE / requirements
        data_dir = PROJECT_DIR / os.environ.get("DATA_DIR", "var")
        self.venv = data_dir / "bench" / self.requirements.stem.replace("requirements", "wagtail")
        # The migrations of its app depend on the version of Wagtail: made anew.
        migrations = folder / "paper_migrations"
        migrations.mkdir(parents=True)
        (migrations / "__init__.py").touch()
        self.environment = {
            **os.environ,
            "DATA": str(folder),
            "CACHE": cache,
            "DJANGO_SETTINGS_MODULE": "settings",
            "PYTHONPATH": str(folder),
        }

    def make(self, article: Path) -> str:
        """Install it and put the article in; gives the path of its page."""
        self._install()
        self._run("-m", "django", "makemigrations", "-v0", "paper")
        self._run("-m", "django", "migrate", "-v0")
        return self._run("fill.py", str(article)).strip()

    def _install(self) -> None:
        installed = self.venv / "requirements.txt"
        if installed.is_file() and installed.read_text() == self.requirements.read_text():
            return
        subprocess.run([sys.executable, "-m", "venv", "--clear", self.venv], check=True)
        pip = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
        self._run(*pip, "--require-hashes", "-r", str(self.requirements))
        installed.write_text(self.requirements.read_text())

    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Under gunicorn, as the project template does it; with the best cache under granian."""
        server = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
        if self.environment["CACHE"] == "best":
            server = ["granian", "--interface", "wsgi", "--port", str(port), "--no-access-log"]
            server += ["--log-level", "error"]
        return subprocess.Popen(
            [self._python, "-m", *server, "--workers", str(WORKERS), "wsgi:application"],
            cwd=SITE,
            env=self.environment,
        )

    def versions(self) -> str:
        """Such as “wagtail 8.0.1, Django 5.2.19”."""
        lines = self.requirements.read_text().splitlines()
        wanted = ("wagtail", "wagtail-cache", "django")
        pins = (line.split(" ")[0].split("==") for line in lines if "==" in line)
        return ", ".join(" ".join(pin) for pin in pins if pin[0] in wanted)

    @property
    def _python(self) -> Path:
        return self.venv / "bin" / "python"

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self._python, *arguments],
            cwd=SITE,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


def export(pk: int) -> dict[str, Any]:
    """What the other site needs of an article and its surroundings."""
    from articles.models import Article
    from categories.models import Category

    article = Article.objects.published().get(pk=pk)
    in_section = Article.objects.published().filter(category=article.category).exclude(pk=pk)
    return {
        "headline": article.headline,
        "kicker": article.kicker,
        "standfirst": article.standfirst,
        "byline": article.byline,
        # Without the marks that say where a photo or a list of links stands.
        "body": re.sub(r"<p>\s*\[[^\]]*\]\s*</p>|\[[^\]]*\]", "", article.body),
        "photos": [
            {
                "file": use.photo.original.path,
                "caption": use.shown_caption,
                "credit": use.shown_credit,
            }
            for use in article.photos.select_related("photo")
            if use.photo
        ],
        "sections": [
            article.category.name,
            *Category.objects.exclude(pk=article.category_id).values_list("name", flat=True),
        ],
        "others": list(in_section.newest_first().values_list("headline", flat=True)[:8]),
    }


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    Path(sys.argv[2]).write_text(json.dumps(export(int(sys.argv[1]))))
