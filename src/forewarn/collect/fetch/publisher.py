"""Asking a channel's publisher: every page and file in turn, each kept as a snapshot before the next is asked for.

Owns what is asked next, and what is remembered of it: where we hold an answer already, only news are asked for. A
credential is taken from the settings, never from an address; should an answer repeat it, it is blotted out in the
bytes and the snapshot's headers say so. Refuses pages that go in a circle or end before all rows have come.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from forewarn.collect.channels.fetch import CredentialOf, FetchFrom, Paging
from forewarn.collect.fetch.shapes import (
    LARGEST_PAGE,
    ListedFile,
    Page,
    catalogue_files,
    listed_files,
    page_of,
    token_of,
)
from forewarn.collect.snapshot import Provenance, keep_snapshot, snapshot_path
from forewarn.errors import ConfigurationError, InputFormatError, StoreBusyError, UsageError, shorten
from forewarn.ids import sha256_hex
from forewarn.model.provenance import Snapshot
from forewarn.outbound import Ask, Credential, Outbound, public_address

__all__ = ["Fetched", "Held", "Memory", "Publisher", "allowed_hosts"]

_MOST_PAGES = 20_000
_INCOMING = ".incoming"
_CATALOGUE = "/package_show"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of an address from an earlier fetch."""

    snapshot: Snapshot
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer, kept.

    Attributes:
        address: what was asked, without credentials.
        status: 200, or 304 where the publisher said that nothing has changed.
        snapshot, path: the bytes; of the earlier fetch where nothing has changed.
        etag, last_modified: to ask with the next time.
        is_data: whether it holds rows; listings and catalogues only lead to them.
    """

    address: str
    status: int
    snapshot: Snapshot
    path: Path
    etag: str = ""
    last_modified: str = ""
    is_data: bool = True

    @property
    def is_unchanged(self) -> bool:
        """Whether it is what we already held."""
        return self.status == 304


class Memory(Protocol):
    """What has been fetched before, and a place to note what has been fetched now."""

    def held(self, address: str) -> Held | None:
        """The newest answer of that address, if there is one."""

    def add(self, fetched: Fetched) -> None:
        """Note an answer, its snapshot included."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """A channel's publisher, as it can be asked now.

    Attributes:
        source: the channel's ``fetch`` section.
        provenance: what is known of whatever comes.
        outbound: the way out, with its policy.
        folder: the snapshots.
        memory: see :class:`Memory`.
        secrets: values of the settings that the section names.
        today: ``{until}`` in addresses.
    """

    source: FetchFrom
    provenance: Provenance
    outbound: Outbound
    folder: Path
    memory: Memory
    secrets: Mapping[str, str]
    today: date

    def fetch(self, addresses: Sequence[str] = ()) -> Iterator[Fetched]:
        """Everything at these addresses, or at the channel's own, one answer after the other.

        Raises:
            UsageError: there is no address.
            ConfigurationError: a setting is missing, or refused by the publisher.
            InputError: it cannot be had, or is not of the documented shape.
            StoreBusyError: another process is fetching the same.
        """
        wanted = addresses or self.source.addresses or self.secrets.get(self.source.setting, "").split()
        if not wanted:
            mend = f"name one, or set {self.source.setting}" if self.source.setting else "name a file or an address"
            raise UsageError("there is no address to fetch from", where=self._named, mend=mend)
        with self._alone():
            credential = self._credential(self.source.credential) if self.source.credential else None
            for address in wanted:
                yield from self._everything(self._filled(address), credential)

    @property
    def _named(self) -> str:
        return f"channel {self.provenance.channel}"

    def _filled(self, address: str) -> str:
        since = self.today - timedelta(days=self.source.days)
        filled = address.replace("{since}", since.isoformat()).replace("{until}", self.today.isoformat())
        return filled.replace("{year}", str(self.today.year))

    def _everything(self, address: str, credential: Credential | None) -> Iterator[Fetched]:
        source, path = self.source, urlsplit(address).path
        if source.paging:
            yield from self._pages(address, source.paging, credential)
        elif source.listing and path.endswith(source.listing.ending):
            listing = self._get(address, credential, is_data=False)
            yield listing
            yield from self._files(listed_files(listing.path, listing.address, source.listing), credential)
        elif source.catalogue and path.endswith(_CATALOGUE):
            catalogue = self._get(address, credential, is_data=False)
            yield catalogue
            yield from self._files(catalogue_files(catalogue.path, catalogue.address, source.catalogue), credential)
        else:
            yield self._get(address, credential, is_file=True)

    def _files(self, files: Sequence[ListedFile], credential: Credential | None) -> Iterator[Fetched]:
        for one in files:
            yield self._get(one.address, credential, is_file=True, check=partial(_require_same, listed=one))

    def _pages(self, address: str, paging: Paging, credential: Credential | None) -> Iterator[Fetched]:
        """Page after page; each must be of the right shape before it is noted."""
        following, rows, seen = _first_page(address, paging), 0, set[str]()
        for number in range(_MOST_PAGES):
            check = partial(page_of, where=shorten(public_address(following, credential), 200), paging=paging)
            got = self._get(following, credential, check=check)
            page = page_of(got.path, got.address, paging)
            if following in seen or (page.rows and got.snapshot.snapshot_id in seen):
                raise InputFormatError("gives the same page again", where=got.address, mend="report it")
            seen |= {following, got.snapshot.snapshot_id}
            rows += page.rows
            yield got
            after = _next_page(following, paging, page, number + 1, rows)
            if not after:
                _require_all(paging, page, number + 1, rows, got.address)
                return
            following = after
        raise InputFormatError(f"has more than {_MOST_PAGES:,} pages", where=address, mend="ask for less at once")

    def _get(
        self,
        address: str,
        credential: Credential | None,
        *,
        is_data: bool = True,
        is_file: bool = False,
        check: Callable[[Path], object] | None = None,
    ) -> Fetched:
        """One answer, kept and noted."""
        shown = public_address(address, credential)
        held = self.memory.held(shown)
        target = self.folder / _INCOMING / sha256_hex(f"{self.provenance.channel}\0{shown}".encode())
        ask = Ask(
            address,
            credential,
            self.source.media_types,
            held.etag if held else "",
            held.last_modified if held else "",
            largest_bytes=self.source.largest_mb * 1_000_000 if is_file else LARGEST_PAGE,
            is_resumable=is_file,
        )
        answer = self.outbound.fetch(ask, target)
        if answer.is_unchanged and held:
            path = snapshot_path(self.folder, held.snapshot)
            got = Fetched(shown, 304, held.snapshot, path, held.etag, held.last_modified, is_data)
        else:
            try:
                snapshot = self._keep(target, shown, answer.headers, credential, check)
            finally:
                target.unlink(missing_ok=True)
            path, etag = snapshot_path(self.folder, snapshot), answer.header("etag")
            got = Fetched(shown, answer.status, snapshot, path, etag, answer.header("last-modified"), is_data)
        self.memory.add(got)
        return got

    def _keep(
        self,
        target: Path,
        shown: str,
        headers: tuple[tuple[str, str], ...],
        credential: Credential | None,
        check: Callable[[Path], object] | None,
    ) -> Snapshot:
        """The bytes as a snapshot, after the check; secrets that they repeat are blotted out."""
        blots = _blot(target, credential)
        if check:
            check(target)
        kept = keep_snapshot(target, self.folder, provenance=self.provenance, largest_bytes=target.stat().st_size)
        media_type = dict(headers).get("content-type", "").partition(";")[0].strip().lower()
        said = (*headers, ("forewarn-blotted", str(blots))) if blots else headers
        return replace(kept, origin=shown, media_type=media_type or kept.media_type, headers=said)

    def _credential(self, wanted: CredentialOf) -> Credential:
        """The secret, from its setting or by signing in."""
        value = self.secrets.get(wanted.setting, "")
        if not value and wanted.sign_in:
            value = self._signed_in(wanted)
        if not value:
            also = f" (or {wanted.sign_in.user} and {wanted.sign_in.password})" if wanted.sign_in else ""
            raise ConfigurationError(
                f"needs the setting {wanted.setting}{also}",
                where=self._named,
                mend="request it from the publisher",
            )
        return Credential(wanted.name, f"{wanted.prefix}{value}", wanted.in_query)

    def _signed_in(self, wanted: CredentialOf) -> str:
        """A token for the name and password set, or nothing where none are."""
        way = wanted.sign_in
        if way is None or not (self.secrets.get(way.user) and self.secrets.get(way.password)):
            return ""
        form = {**way.form, way.user_field: self.secrets[way.user], way.password_field: self.secrets[way.password]}
        target = self.folder / _INCOMING / sha256_hex(os.urandom(16))
        try:
            self.outbound.fetch(Ask(way.address, form=form, largest_bytes=_BLOCK), target)
            return token_of(target, way.address, way.token)
        finally:
            target.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The only fetch of this channel here: two would write into each other's unfinished files."""
        incoming = self.folder / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = sha256_hex(self.provenance.channel.encode())
        descriptor = os.open(incoming / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StoreBusyError(
                    "is being fetched by another process", where=self._named, mend="wait for it"
                ) from None
            yield
        finally:
            os.close(descriptor)


def allowed_hosts(source: FetchFrom, addresses: Sequence[str] = ()) -> frozenset[str]:
    """The hosts a channel may ask: those of its addresses and of signing in, and those it names."""
    known = [*source.addresses, *addresses]
    if source.credential and source.credential.sign_in:
        known.append(source.credential.sign_in.address)
    return frozenset((*source.hosts, *(urlsplit(public_address(one)).netloc.lower() for one in known)))


def _first_page(address: str, paging: Paging) -> str:
    if paging.by == "next":
        return address
    return _with(address, {paging.limit: paging.size, paging.parameter: paging.first if paging.by == "page" else 0})


def _next_page(address: str, paging: Paging, page: Page, done: int, rows: int) -> str:
    """The address behind this page, empty behind the last."""
    if paging.by == "next":
        return _same_place(address, page.next) if page.next else ""
    is_last = page.rows < paging.size
    if page.pages >= 0:
        is_last = done >= page.pages
    elif page.total >= 0:
        is_last = rows >= page.total or not page.rows
    if is_last:
        return ""
    return _with(address, {paging.parameter: paging.first + done if paging.by == "page" else rows})


def _same_place(address: str, following: str) -> str:
    """The next address, which may differ from this one in its query alone."""
    here, there = urlsplit(address), urlsplit(urljoin(address, following))
    if (there.hostname, there.path.rstrip("/")) != (here.hostname, here.path.rstrip("/")):
        raise InputFormatError(
            "names a next page of another address", where=public_address(address), mend="report it to us"
        )
    return urlunsplit((here.scheme, here.netloc, here.path, there.query, ""))


def _with(address: str, parameters: Mapping[str, int]) -> str:
    """The address with these parameters, instead of those of the same names."""
    parts = urlsplit(address)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in parameters]
    query = urlencode([*pairs, *((name, str(value)) for name, value in parameters.items())])
    return urlunsplit(parts._replace(query=query))


def _require_all(paging: Paging, page: Page, pages: int, rows: int, where: str) -> None:
    """All rows have come that the publisher says there are."""
    if rows < page.total or (paging.by == "next" and 0 <= pages < page.pages):
        stated = f"{page.total:,} rows" if rows < page.total else f"{page.pages:,} pages"
        raise InputFormatError(
            f"ends after {rows:,} rows and {pages:,} pages, of {stated}", where=where, mend="try again"
        )


def _require_same(path: Path, listed: ListedFile) -> None:
    """The file is the one that the listing names."""
    if listed.size_bytes >= 0 and path.stat().st_size != listed.size_bytes:
        what = f"has {path.stat().st_size:,} bytes, {listed.size_bytes:,} listed"
        raise InputFormatError(what, where=listed.address, mend="fetch it again")
    if listed.md5:
        digest = hashlib.md5(usedforsecurity=False)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        if digest.hexdigest() != listed.md5:
            raise InputFormatError("is not the file that is listed (MD5)", where=listed.address, mend="fetch it again")


def _blot(path: Path, credential: Credential | None) -> int:
    """Overwrite the secret where the answer repeats it, byte for byte with asterisks; how often."""
    if credential is None or path.stat().st_size > LARGEST_PAGE:
        return 0
    data, found = path.read_bytes(), 0
    plain = credential.value.rpartition(" ")[2]
    for text in {plain, quote(plain, safe=""), plain.replace("/", "\\/")}:
        secret = text.encode()
        found += data.count(secret)
        data = data.replace(secret, b"*" * len(secret))
    if found:
        path.write_bytes(data)
    return found
