"""Settings: one table, a fixed precedence, nothing unknown accepted, no secret shown."""

from __future__ import annotations

import dataclasses
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.config import SETTINGS, Settings, load_settings, masked_address
from forewarn.errors import ConfigurationError

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "settings.md"


def loaded(folder: Path, toml: str | bytes | None = None, /, **environ: str) -> Settings:
    """Settings of a workspace with that file and environment."""
    if toml is not None:
        (folder / "forewarn.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return load_settings({}, {"FOREWARN_WORKSPACE": str(folder), **environ})


def test_the_object_is_the_table() -> None:
    """Every row of the table is an attribute and nothing else is, the origins apart."""
    attributes = [field.name for field in dataclasses.fields(Settings)]
    assert attributes == [*(setting.name for setting in SETTINGS), "origins"]


def test_every_setting_is_documented() -> None:
    """The reference page has each setting with its variable, default and sentence, and no other variable."""
    text = REFERENCE.read_text(encoding="utf-8")
    for setting in SETTINGS:
        default = "" if setting.default in (None, "") else f"`{setting.default}`"
        assert f"| `{setting.name}` | `{setting.variable}` | {setting.kind} | {default} |" in text
        assert setting.help in text
    assert text.count("| `FOREWARN_") == len(SETTINGS)


def test_defaults_hold_in_an_empty_folder(tmp_path: Path) -> None:
    """Without file and environment every value is the table's."""
    settings = loaded(tmp_path)
    assert settings.backend == "loky"
    assert settings.today is None
    assert settings.worker_count == os.cpu_count()
    assert settings.database_address == f"sqlite:///{tmp_path / 'forewarn.db'}"
    assert set(settings.origins.values()) == {"default", "environment"}


def test_workspace_paths_lie_in_the_workspace(tmp_path: Path) -> None:
    """All paths are absolute and under the root."""
    paths = loaded(tmp_path).workspace_paths
    named = [getattr(paths, field.name) for field in dataclasses.fields(paths)]
    assert all(path.is_absolute() and path.is_relative_to(tmp_path) for path in named)
    assert len(set(named)) == 6


def test_option_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    """Each layer hides the next."""
    (tmp_path / "forewarn.toml").write_text('workers = 2\nbackend = "threading"\nlanguage = "fr"\n')
    environ = {"FOREWARN_WORKSPACE": str(tmp_path), "FOREWARN_WORKERS": "3", "FOREWARN_BACKEND": "dask"}
    settings = load_settings({"workers": 4, "language": None}, environ)
    assert (settings.workers, settings.backend, settings.language) == (4, "dask", "fr")
    assert settings.log_level == "warning"
    assert [settings.origins[name] for name in ("workers", "backend", "language", "log_level")] == [
        "option",
        "environment",
        "file",
        "default",
    ]


def test_the_option_decides_whose_file_is_read(tmp_path: Path) -> None:
    """The workspace is settled first."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "forewarn.toml").write_text(f'author = "{name}"\n')
    settings = load_settings({"workspace": tmp_path / "two"}, {"FOREWARN_WORKSPACE": str(tmp_path / "one")})
    assert settings.author == "two"


def test_an_empty_variable_is_not_given(tmp_path: Path) -> None:
    """An empty variable does not hide the file."""
    assert loaded(tmp_path, 'language = "fr"\n', FOREWARN_LANGUAGE="").language == "fr"


@pytest.mark.parametrize(
    ("toml", "environ", "said"),
    [
        ("worker = 2", {}, "forewarn.toml: there is no setting 'worker'; did you mean workers?"),
        ("[store]\nurl = 1", {}, "no setting 'store'"),
        ('workspace = "/"', {}, "no setting 'workspace'"),
        (None, {"FOREWARN_WORKER": "2"}, "'FOREWARN_WORKER'; did you mean FOREWARN_WORKERS?"),
        (None, {"FOREWARN_WORKERS": "many"}, "FOREWARN_WORKERS: must be a whole number"),
        ("workers = true", {}, "forewarn.toml, workers: must be a whole number"),
        ("workers = -1", {}, "from 0 to 10000"),
        ("workers = 1.5", {}, "whole number"),
        ("workers = nan", {}, "whole number"),
        ("author = 7", {}, "author: must be text"),
        ('author = "a\\nb"', {}, "one printable line"),
        ('backend = "ray"', {}, "must be one of loky"),
        ('today = "tomorrow"', {}, "date YYYY-MM-DD"),
        ("today = 2024-01-01T00:00:00Z", {}, "must be text"),
        ('database_url = "mysql://x"', {}, "sqlite:// or postgresql://"),
        ("snapshot_limit_mb = 0", {}, "from 1 to"),
        ("a = ]", {}, "forewarn.toml: is not valid TOML (line 1, column"),
        ("a = 1\na = 2", {}, "is not valid TOML"),
        (b"author = \"\xff\"", {}, "byte 11 is not UTF-8"),
        (b"#" * 1_000_001, {}, "more than 1,000,000 bytes"),
        (b"a = " + b"[" * 100_000, {}, "is not valid TOML"),
        (b"author = \"x\x00\"", {}, "is not valid TOML"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(
    tmp_path: Path, toml: str | bytes | None, environ: dict[str, str], said: str
) -> None:
    """Unknown names and impossible values are named with their place and mend."""
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, toml, **environ)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_option_is_refused() -> None:
    """A slip of the front door is not swallowed."""
    with pytest.raises(ConfigurationError, match="did you mean backend"):
        load_settings({"backed": "loky"}, {})


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    """A folder called forewarn.toml is an error of settings, not a crash."""
    (tmp_path / "forewarn.toml").mkdir()
    with pytest.raises(ConfigurationError, match=r"forewarn\.toml: cannot be read"):
        loaded(tmp_path)


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    assert loaded(tmp_path, b'\xef\xbb\xbfauthor = "desk-7"\n').author == "desk-7"


def test_today_is_a_day_from_file_or_environment(tmp_path: Path) -> None:
    """A date of TOML and a text of the environment are the same day."""
    assert loaded(tmp_path, "today = 2017-07-31").today == date(2017, 7, 31)
    assert loaded(tmp_path, "", FOREWARN_TODAY="2017-07-31").today == date(2017, 7, 31)


def test_the_password_is_never_shown(tmp_path: Path) -> None:
    """Neither repr, nor the printed table, nor an error carries it."""
    url = "postgresql+psycopg://fw:kanarienvogel@db.example/fw?sslpassword=kanarienvogel"
    settings = loaded(tmp_path, "", FOREWARN_DATABASE_URL=url)
    assert settings.database_address == url
    assert "kanarienvogel" not in repr(settings) + str(settings.shown())
    assert settings.shown()["database_url"] == "postgresql+psycopg://fw:***@db.example/fw?sslpassword=***"
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, "", FOREWARN_DATABASE_URL="mysql://fw:kanarienvogel@db/fw")
    assert "kanarienvogel" not in str(caught.value)


@pytest.mark.parametrize("toml", ['database_url = "postgresql://a:kanarienvogel@h/d', "database_url = kanarienvogel"])
def test_a_secret_in_broken_toml_is_not_repeated(tmp_path: Path, toml: str) -> None:
    """The parser's complaint names the position only."""
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, toml)
    assert "kanarienvogel" not in str(caught.value)
    assert "kanarienvogel" not in repr(caught.value.__context__ if not caught.value.__suppress_context__ else "")


@given(
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="@:/?#[]&=%\\"), min_size=9)
)
def test_masking_removes_any_password(password: str) -> None:
    """Whatever the password, the masked address is without it."""
    assert password not in masked_address(f"postgresql://u:{password}@h/d?password={password}")


def test_settings_are_frozen(tmp_path: Path) -> None:
    """Nothing changes a setting in force."""
    settings = loaded(tmp_path)
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.workers = 5  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.origins["workers"] = "option"  # type: ignore[index]
