"""The pages about the public names: they are built, list every name, and open without a network."""

import re
import shutil
import subprocess
from importlib import import_module

import pytest

from stackcraft.viz.docs import api_page

pytest.importorskip("pdoc", reason="pdoc builds the pages: make setup-all")
BROWSER = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return api_page.build(tmp_path_factory.mktemp("api")).parent


@pytest.mark.parametrize("name", [*api_page.MODULES, "stackcraft.experiments.analyses"])
def test_every_public_name_is_on_its_page_with_what_it_does(pages, name):
    page = (pages / f"{name.replace('.', '/')}.html").read_text(encoding="utf-8")
    public = getattr(import_module(name), "__all__", ())
    assert [one for one in public if f'id="{one}"' not in page and f"{one}.html" not in page] == []


def test_the_pages_ask_nothing_of_the_network(pages):
    files = [*pages.rglob("*.html"), *pages.rglob("*.js")]
    assert len(files) > len(api_page.MODULES)
    loaded = re.compile(r"""(?:src|<link[^>]*href)=["']?https?:|url\(["']?https?:|@import|fetch\(["']http""")
    assert [path.name for path in files if loaded.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")
def test_a_page_opens_offline_in_a_browser(pages, tmp_path):
    page = pages / "stackcraft" / "model.html"
    done = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path}",
            "--dump-dom",
            "--proxy-server=127.0.0.1:9",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Play every year that is left" in done.stdout
