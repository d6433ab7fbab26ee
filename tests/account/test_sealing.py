"""Sealing: what was sealed comes back bit for bit, and nothing else ever does."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.account import sealing
from forewarn.account.keyfile import create_key, read_key, replace_key
from forewarn.errors import ConfigurationError

KEY = bytes(range(32))


def sealed(data: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    sealing.seal(data, target, key, "originals")
    return target.getvalue()


def opened(data: bytes, key: bytes = KEY) -> bytes:
    return b"".join(sealing.unseal(io.BytesIO(data), key, "originals", "x"))


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 30])
def test_bytes_come_back_across_chunks(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty, short of a chunk, a whole chunk and more: the same bytes come back, and both digests are right."""
    monkeypatch.setattr(sealing, "CHUNK", 10)
    data = bytes(range(size))
    assert opened(sealed(data)) == data
    found = sealing.digests(sealing.blocks(io.BytesIO(data)))
    assert (found.sha256, found.sha3_512) == (hashlib.sha256(data).hexdigest(), hashlib.sha3_512(data).hexdigest())
    assert found.size_bytes == size


@given(st.data())
def test_DNH_01_any_flipped_bit_of_a_sealed_file_is_refused(data: st.DataObject) -> None:
    """Wherever a bit is flipped, in the head, a chunk or a tag, the file does not open."""
    whole = bytearray(sealed(b"an original"))
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    with pytest.raises(sealing.TamperedError):
        opened(bytes(whole))


def test_chunks_cannot_be_moved_dropped_or_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file cut at a chunk, with chunks exchanged, or with one more, does not open; nor under another key or kind."""
    monkeypatch.setattr(sealing, "CHUNK", 4)
    whole = sealed(b"aaaabbbbcc")
    head, body = whole[:-58], whole[-58:]
    one, two, last = body[:20], body[20:40], body[40:]
    for wrong in (one + two, two + one + last, one + last, one + two + last + last, one + two + last[:-1], b""):
        with pytest.raises(sealing.TamperedError):
            opened(head + wrong)
    with pytest.raises(sealing.TamperedError):
        opened(whole, bytes(32))


def test_a_wrapped_key_is_bound_to_its_item() -> None:
    """A key wrapped for one item opens under no other name and by no other workspace key."""
    wrapped = sealing.wrap(KEY, b"k" * 32, "a")
    assert sealing.unwrap(KEY, wrapped, "a") == b"k" * 32
    for key, name in ((KEY, "b"), (bytes(32), "a")):
        with pytest.raises(sealing.TamperedError):
            sealing.unwrap(key, wrapped, name)


def test_DNH_32_the_key_file_is_private_and_never_replaced_by_accident(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """It has mode 0600; lost, open to others or altered, it is a clear error; it is renewed whole."""
    path = tmp_path / "evidence.key"
    with pytest.raises(ConfigurationError, match="lost"):
        read_key(path)
    made = create_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == made
    assert made.secret.hex() not in repr(made)
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="read by others"):
        read_key(path)
    path.chmod(0o600)
    replace_key(path, made)
    path.write_text(path.read_text().replace(made.name[:4], "0000"))
    with pytest.raises(ConfigurationError, match="damaged"):
        read_key(path)
