"""How a channel's publisher is asked, as data: addresses, paging, listings, credentials, and what may come back.

Owns the ``fetch`` section of a channel's YAML. What a publisher's documentation says stands there, with its address in
a comment; nothing is guessed at run time, and an answer of another shape is refused. Credentials are named here, as
settings; their values never are.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forewarn.collect.channels.declared import Declared

__all__ = ["Catalogue", "CredentialOf", "FetchFrom", "Listing", "Paging", "SignIn"]

Word = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S+$")]
Address = Annotated[str, Field(max_length=1_500, pattern=r"^https?://[^\s@]+$")]
Host = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(:\d+)?(/[^\s]*/)?$")]


class SignIn(Declared):
    """Exchanging a name and a password for a token: the form to post, and the field of the JSON answer with the token.

    ``user`` and ``password`` are settings, sent under ``user_field`` and ``password_field`` beside the constant
    ``form``.
    """

    address: Address
    form: dict[str, str] = Field(default_factory=dict)
    user: Literal["acled_email"]
    user_field: Word
    password: Literal["acled_password"]
    password_field: Word
    token: Word


class CredentialOf(Declared):
    """The secret that goes along: which setting holds it, and under which name it is sent.

    ``in_query`` sends it in the address instead of a header; ``prefix`` goes before it, as in ``Bearer ``.
    """

    setting: Literal["acled_token", "reliefweb_appname", "ucdp_token"]
    name: Word
    prefix: str = ""
    in_query: bool = False
    sign_in: SignIn | None = None


class Paging(Declared):
    """How one answer leads to the next.

    Attributes:
        by: ``next`` (the answer names the next address), ``page`` (they are numbered) or ``offset`` (rows to skip).
        rows: field with the list of rows. Every field named here must be in every answer.
        next: field with the next address, empty at the end.
        parameter: of the number or offset, in the address.
        limit, size: parameter of how many rows to send, and how many.
        first: number of the first page.
        count, total, pages: fields with the number of rows in this answer, of all rows, and of pages; empty when the
            publisher has none. They are held against what came.
        success: field that must be true.
    """

    by: Literal["next", "page", "offset"]
    rows: Word
    next: str = ""
    parameter: str = ""
    limit: str = ""
    size: Annotated[int, Field(ge=1, le=100_000)] = 1_000
    first: Annotated[int, Field(ge=0, le=1)] = 1
    count: str = ""
    total: str = ""
    pages: str = ""
    success: str = ""

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if (self.by == "next") != bool(self.next) or (self.by != "next") != bool(self.parameter and self.limit):
            raise ValueError("paging by next needs 'next'; by page or offset it needs 'parameter' and 'limit'")
        return self


class Listing(Declared):
    """A text with one file a line: size in bytes, MD5 and address; files with these ``endings`` are fetched.

    ``ending`` is that of addresses of listings; another address is a file itself.
    """

    ending: Word
    endings: Annotated[tuple[Word, ...], Field(min_length=1)]


class Catalogue(Declared):
    """A CKAN catalogue, as HDX has it: of a data set's resources, those in these ``formats`` are fetched."""

    formats: Annotated[tuple[Word, ...], Field(min_length=1)]


class FetchFrom(Declared):
    """Where and how to fetch.

    Attributes:
        addresses: what is fetched when nobody names an address; ``{since}`` and ``{until}`` stand for
            days, ``{year}`` for the year of the second.
        setting: the setting with the addresses, where everybody has other ones.
        days: how many days before today ``{since}`` is.
        hosts: those that answers and redirects may lead to, besides those of the addresses.
        media_types: those accepted, of pages, files, listings and catalogues alike; empty accepts all.
        largest_mb: largest file in megabytes.
        credential, paging, listing, catalogue: see there; at most one of the last three.
    """

    addresses: tuple[Address, ...] = ()
    setting: Literal["", "feed_addresses"] = ""
    days: Annotated[int, Field(ge=1, le=3_660)] = 30
    hosts: tuple[Host, ...] = ()
    media_types: tuple[Word, ...] = ()
    largest_mb: Annotated[int, Field(ge=1, le=100_000)] = 2_000
    credential: CredentialOf | None = None
    paging: Paging | None = None
    listing: Listing | None = None
    catalogue: Catalogue | None = None

    @model_validator(mode="after")
    def _goes_one_way(self) -> Self:
        if sum(way is not None for way in (self.paging, self.listing, self.catalogue)) > 1:
            raise ValueError("give one of paging, listing and catalogue")
        return self
