"""The real server over a copy of the exercise, and the real Chromium that people sign in with.

A test fails when a page complains on its console, when a script fails, or when the browser asks for what is not
on this machine. Pictures of what was seen are left in ``outputs/screenshots`` of the checkout.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from forewarn.clock import utc_now
from forewarn.config import load_settings
from forewarn.operations import accounts
from forewarn.operations.workspace import opened

PASSWORD = "four calm grey herons"  # noqa: S105 - of nobody
PICTURES = Path(__file__).resolve().parents[2] / "outputs" / "screenshots"
TODAY = "2025-09-01"
"""The day of these tests: the exercise has just made its forecast."""
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Served:
    """A server in a process of its own, and the people who use it.

    Attributes:
        folder: the workspace.
        address: where it listens.
        first_link: the link that makes the administrator.
        wrong: what no page may do: words on the console, failed scripts, requests that leave the machine.
    """

    folder: Path
    address: str
    first_link: str
    browser: Browser
    wrong: list[str] = field(default_factory=list)

    def context(self, *, phone: bool = False, **options: Any) -> BrowserContext:
        """A browser of somebody's own."""
        made = self.browser.new_context(viewport=PHONE if phone else WIDE, base_url=self.address, **options)  # type: ignore[arg-type]
        made.set_default_timeout(20_000)
        made.on(
            "console", lambda said: self.wrong.append(f"{said.type}: {said.text}") if said.type == "error" else None
        )
        made.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        made.on("request", self._left)
        return made

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.wrong.append(f"console: {message.text}")

    def _left(self, request: Any) -> None:
        if not re.match(r"(?:http://127\.0\.0\.1[:/]|blob:|data:)", request.url):
            self.wrong.append(f"asked for {request.url}")

    def person(self, role: str, name: str = "", *, areas: str = "*", phone: bool = False, **options: Any) -> Page:
        """Somebody with a role, signed in by the form in a browser of their own."""
        name = name or role.replace("_", "-")
        self.make(role, name, areas=areas)
        return self.signed_in(name, phone=phone, **options)

    def make(self, role: str, name: str, *, areas: str = "*") -> None:
        """Somebody with a role, invited by an administrator who is made for it."""
        at = utc_now()
        with opened(load_settings({"workspace": self.folder}, environ={})) as workspace:
            token = accounts.first_link(workspace, at=at)
            if token:
                accounts.join(workspace, token, "keeper", PASSWORD, at=at)
            keeper = accounts.session_of(workspace, accounts.sign_in(workspace, "keeper", PASSWORD, at=at), at=at)
            assert keeper
            link = accounts.invite(workspace, keeper, role, areas.splitlines(), "severe", at=at)
            accounts.join(workspace, link, name, PASSWORD, at=at)

    def signed_in(self, name: str, *, phone: bool = False, **options: Any) -> Page:
        """The first page of somebody who has signed in."""
        page = self.context(phone=phone, **options).new_page()
        page.goto("/sign-in")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url(f"{self.address}/")
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep what is seen."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; tests that need it are skipped where it is not installed."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs chromium, which is not on this machine: apt-get install chromium")
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def served(chromium: Browser, exercise_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A server over a copy of the exercise; afterwards nothing may have gone wrong in any page."""
    folder = tmp_path / "workspace"
    shutil.copytree(exercise_folder, folder)
    command = [sys.executable, "-m", "forewarn", "serve", "--port", "0", "--json", "--workspace", str(folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOREWARN_")}
    environment["FOREWARN_TODAY"] = TODAY
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            said = ""
            for line in process.stdout:
                said += line
                if line.startswith("}") or line.rstrip().endswith("}"):
                    break
            told = json.loads(said)
            house = Served(folder, told["address"], told["first_link"], chromium)
            yield house
            for context in chromium.contexts:
                context.close()
        finally:
            process.terminate()
    assert not house.wrong
