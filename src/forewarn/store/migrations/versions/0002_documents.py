"""Documents: what was read out of which file, and what their search needs."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from forewarn.store.migrate import append_only_triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "document_files",
    "document_readings",
    "document_references",
    "document_symbols",
    "documents",
    "paragraphs",
    "passages",
    "speeches",
    "theme_marks",
    "undertakings",
)


def upgrade() -> None:
    """Make the tables, close them to change, and let the engine keep its index of words."""
    _documents()
    _readings()
    _speeches()
    _found()
    for table in APPEND_ONLY:
        append_only_triggers(op.get_bind(), table)
    if op.get_bind().dialect.name == "sqlite":
        _search_sqlite()
    else:
        _search_postgresql()


def _sequence() -> sa.Column[int]:
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("sequence", whole, nullable=False, autoincrement=True)


def _text(names: str) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.Text(), nullable=False) for name in names.split())


def _whole(names: str) -> Iterator[sa.Column[int]]:
    return (sa.Column(name, sa.BigInteger(), nullable=False) for name in names.split())


def _documents() -> None:
    op.create_table(
        "documents",
        *_text("document_id symbol added_at"),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_table(
        "document_symbols",
        *_text("document_id symbol"),
        sa.PrimaryKeyConstraint("document_id", "symbol"),
    )
    op.create_index("document_symbols_by_symbol", "document_symbols", ["symbol"])
    op.create_table(
        "document_files",
        _sequence(),
        *_text("snapshot_id document_id reading_id added_at"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("snapshot_id", "reading_id", name="document_files_once"),
    )
    op.create_index("document_files_by_document", "document_files", ["document_id"])


def _readings() -> None:
    op.create_table(
        "document_readings",
        _sequence(),
        *_text("reading_id document_id parser cls title dated_on language"),
        *_whole("reissue"),
        *_text("text_sha256 text body read_at"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("reading_id", name="document_readings_once"),
    )
    op.create_index("document_readings_by_document", "document_readings", ["document_id"])
    op.create_index("document_readings_by_day", "document_readings", ["dated_on"])


def _speeches() -> None:
    op.create_table(
        "speeches",
        *_text("reading_id speech_id"),
        *_whole("position"),
        *_text("as_printed name role affiliation iso3 language_spoken"),
        *_whole("is_translation start_offset end_offset"),
        sa.PrimaryKeyConstraint("reading_id", "speech_id"),
    )
    op.create_index("speeches_by_state", "speeches", ["iso3"])
    op.create_table(
        "paragraphs",
        *_text("reading_id"),
        *_whole("position"),
        *_text("paragraph_id speech_id"),
        *_whole("start_offset end_offset"),
        sa.PrimaryKeyConstraint("reading_id", "position"),
    )
    op.create_table(
        "passages",
        _sequence(),
        *_text("reading_id"),
        *_whole("position start_offset end_offset"),
        *_text("words"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("passages_by_reading", "passages", ["reading_id", "position"])


def _found() -> None:
    op.create_table(
        "document_references",
        *_text("reading_id"),
        *_whole("position"),
        *_text("paragraph_id kind text target pinpoint"),
        *_whole("editorial start_offset end_offset"),
        sa.PrimaryKeyConstraint("reading_id", "position"),
    )
    op.create_index("document_references_by_target", "document_references", ["target"])
    op.create_table(
        "undertakings",
        *_text("reading_id"),
        *_whole("position"),
        *_text("undertaking_id speech_id paragraph_id kind actor addressee what due instrument"),
        *_whole("negated reported"),
        sa.Column("confidence", sa.Float(), nullable=False),
        *_text("rule"),
        *_whole("start_offset end_offset trigger_start trigger_end"),
        sa.PrimaryKeyConstraint("reading_id", "position"),
    )
    op.create_index("undertakings_by_id", "undertakings", ["undertaking_id"])
    op.create_index("undertakings_by_kind", "undertakings", ["kind"])
    op.create_table(
        "theme_marks",
        *_text("reading_id"),
        *_whole("position"),
        *_text("speech_id paragraph_id scheme code words"),
        *_whole("start_offset end_offset"),
        sa.PrimaryKeyConstraint("reading_id", "position"),
    )
    op.create_index("theme_marks_by_code", "theme_marks", ["code", "reading_id", "paragraph_id"])


def _search_sqlite() -> None:
    """The words are folded already: the plainest tokenizer, to which everything beyond ASCII is a letter."""
    op.execute(
        "CREATE VIRTUAL TABLE passages_search USING fts5("
        "words, content='passages', content_rowid='sequence', detail='none', tokenize='ascii')"
    )
    op.execute(
        "CREATE TRIGGER passages_search_add AFTER INSERT ON passages BEGIN "
        "INSERT INTO passages_search(rowid, words) VALUES (new.sequence, new.words); END"
    )


def _search_postgresql() -> None:
    """Words as lexemes as they are: no dictionary and no parser decides, so that both engines find the same."""
    op.execute("CREATE INDEX passages_by_word ON passages USING gin (array_to_tsvector(string_to_array(words, ' ')))")
