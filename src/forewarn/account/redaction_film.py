"""A film without what was masked: every frame drawn anew, and nothing but frames.

Sound, subtitles, chapters, data tracks, attachments and tags do not come along: a voice is as good as a face. Owns the
one place where the library for films is loaded, an optional extra.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable, Sequence
from typing import Any

from forewarn.account.marks import DAMAGED, Box, blank, refuse_outside
from forewarn.errors import ForewarnError, InputError, InputFormatError, InputValueError, MissingExtraError

__all__ = ["film_library", "film_without"]

_MOST_FRAMES = 200_000
_MOST_PIXELS = 40_000_000
_QUALITY = {"libx264": {"crf": "20", "preset": "veryfast"}, "mpeg4": {"qscale": "3"}}


def film_without(data: bytes, boxes: Sequence[Box], *, each: Callable[[int], object] = abs) -> bytes:
    """An MP4 of the frames of the first picture track, with boxes masked as long as each lasts.

    Raises:
        InputFormatError: it is damaged, or has no pictures.
        InputError: it is too long or too large.
        InputValueError: a box is not within it, or names a page.
        MissingExtraError: the library is not installed.
    """
    library = film_library()
    if any(one.page for one in boxes):
        raise InputValueError("a film has no pages", where="--box", mend="give FROM-TO:LEFT,TOP,WIDTH,HEIGHT")
    written = io.BytesIO()
    try:
        with library.open(io.BytesIO(data)) as source, library.open(written, "w", format="mp4") as target:
            if not source.streams.video:
                raise InputFormatError("has no pictures", where="redact", mend="sound cannot be redacted safely here")
            _draw(library, source, target, boxes, each)
    except ForewarnError:
        raise
    except (library.FFmpegError, *DAMAGED):
        raise InputFormatError("is cut off or no film", where="redact", mend="check the original") from None
    return written.getvalue()


def _draw(library: Any, source: Any, target: Any, boxes: Sequence[Box], each: Callable[[int], object]) -> None:
    track, stream = source.streams.video[0], None
    for number, frame in enumerate(source.decode(track), start=1):
        if number > _MOST_FRAMES or frame.width * frame.height > _MOST_PIXELS:
            raise InputError("is too long or too large", where="redact", mend="cut out the part to be shared")
        picture = frame.to_image().rotate(frame.rotation, expand=True) if frame.rotation else frame.to_image()
        if stream is None:
            stream = _stream(library, target, track, picture.size)
            refuse_outside(boxes, *picture.size)
        at = frame.time or 0.0
        blank(picture, [one for one in boxes if one.from_s <= at < one.to_s])
        drawn = library.VideoFrame.from_image(picture.crop((0, 0, stream.width, stream.height)))
        drawn.pts, drawn.time_base = frame.pts, frame.time_base
        target.mux(stream.encode(drawn))
        each(number)
    if stream is None:
        raise InputFormatError("has no pictures", where="redact", mend="check the original")
    target.mux(stream.encode())


def _stream(library: Any, target: Any, track: Any, size: tuple[int, int]) -> Any:
    """A track for pictures of that size; its sides are even, as its colours are kept for two pixels at once."""
    name = "libx264" if "libx264" in library.codecs_available else "mpeg4"
    stream = target.add_stream(name, rate=track.average_rate or 25, options=_QUALITY[name])
    stream.width, stream.height, stream.pix_fmt = size[0] // 2 * 2, size[1] // 2 * 2, "yuv420p"
    stream.codec_context.time_base = track.time_base
    return stream


def film_library() -> Any:
    """The library for films and sound, loaded late. Raises :class:`MissingExtraError` where it is not installed."""
    try:
        return importlib.import_module("av")
    except ImportError:
        raise MissingExtraError("films need av", where="evidence", mend="pip install 'forewarn[media]'") from None
