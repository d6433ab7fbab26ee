"""Forms that bring files: read as they arrive, into a folder that is gone when the request is.

Only who is signed in may send one. Refuses more bytes, files or fields than the form has; a name from outside becomes a
plain name in that folder and never a path. What comes is handed on as received; nothing here looks into it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from forewarn.errors import InputFormatError, UsageError, shorten
from forewarn.web.guard import LARGEST_FORM_BYTES

__all__ = ["LARGEST_UPLOAD_BYTES", "received"]

LARGEST_UPLOAD_BYTES = 100_000_000
"""What is larger is collected on the command line, which reads it from the disk."""


async def received(request: Request, known: Iterable[str], folder: Path) -> tuple[dict[str, str], dict[str, Path]]:
    """The fields and the files of a form, each at most once; files lie in ``folder``, empty ones are left out.

    Raises :class:`InputFormatError` for what is no such form or too large, :class:`UsageError` for a field it has not.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise InputFormatError("is of another kind", where="form", mend="send the form as it is")
    parser = MultiPartParser(
        request.headers, _within(request), max_files=4, max_fields=40, max_part_size=LARGEST_FORM_BYTES
    )
    try:
        form = await parser.parse()
    except (MultiPartException, UnicodeDecodeError, ValueError, KeyError):
        raise InputFormatError("cannot be read", where="form", mend="send the form as it is") from None
    try:
        return _kept(form, {*known, "csrf"}, folder)
    finally:
        await form.close()


async def _within(request: Request) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for part in request.stream():
        taken += len(part)
        if taken > LARGEST_UPLOAD_BYTES:
            mend = "collect it on the command line: forewarn collect CHANNEL FILE"
            raise InputFormatError(f"is over {LARGEST_UPLOAD_BYTES // 1_000_000} MB", where="file", mend=mend)
        yield part


def _kept(form: FormData, allowed: set[str], folder: Path) -> tuple[dict[str, str], dict[str, Path]]:
    fields: dict[str, str] = {}
    found: dict[str, Path] = {}
    for name, value in form.multi_items():
        if name not in allowed or name in fields or name in found:
            what = f"'{shorten(name, 30)}' is no field of this form"
            raise UsageError(what, where="form", mend="send the form as it is")
        if isinstance(value, UploadFile):
            if value.size:
                found[name] = _written(value, folder / f"{len(found)}")
        else:
            fields[name] = value.replace("\r\n", "\n").replace("\0", "")
    return fields, found


def _written(file: UploadFile, folder: Path) -> Path:
    folder.mkdir()
    ending = re.split(r"[/\\]", file.filename or "")[-1]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", ending).strip("-.")[-80:].lstrip("-.")
    path = folder / (plain or "file")
    with path.open("xb") as kept:
        shutil.copyfileobj(file.file, kept)
    return path
