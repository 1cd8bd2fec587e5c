"""Take the picture in the README of a real report.

    python -m stackcraft.viz.docs.make_picture results/baseline/report.html

Needs Chromium or Chrome. Take it again when the report's looks or the baseline's answer change.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURE = Path(__file__).parents[1] / "pictures" / "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1000, 1240
LARGEST_BYTES = 300_000


def take(report: Path, picture: Path) -> None:
    """Write the top of a report as a PNG.

    Raises `FileNotFoundError` without a browser, `ValueError` where the picture gets too large.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise FileNotFoundError(f"no browser: install one of {', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "report.png"
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--window-size={WIDTH},{HEIGHT}",
                "--virtual-time-budget=4000",
                f"--user-data-dir={folder}/profile",
                f"--screenshot={made}",
                report.resolve().as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        if made.stat().st_size > LARGEST_BYTES:
            raise ValueError(f"the picture has {made.stat().st_size:,} bytes; keep it below {LARGEST_BYTES:,}")
        picture.parent.mkdir(exist_ok=True)
        shutil.copyfile(made, picture)


if __name__ == "__main__":
    take(Path(sys.argv[1]), PICTURE)
