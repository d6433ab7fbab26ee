"""The life of an alert, held by the database itself: no step out of order, none by the wrong person."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_STEPS = (
    "draft>revise draft>review draft>cancel revise>revise revise>review revise>cancel review>revise review>issue "
    "review>cancel issue>read issue>decide issue>lapse issue>update issue>cancel update>read update>decide "
    "update>lapse update>update update>cancel decide>read decide>decide decide>act decide>update decide>close "
    "lapse>read lapse>decide lapse>update lapse>close act>read act>decide act>act act>update act>close "
    "close>after_action"
)
"""What may follow the last step that was neither a reading nor a comment."""

_TEXTS = (
    "what_could_happen to_whom where_and_when by_whom_possibly confidence_because severity_range "
    "what_changed_since_last trigger_to_upgrade trigger_to_downgrade primary_duty_holder addressee decision_asked "
    "releasability source_protection harm_check"
)
_LISTS = "evidence_for gaps_and_blind_spots alternatives_considered options"

_OWN = "FROM alert_events e WHERE e.alert_id = NEW.alert_id"
_BY = 'NEW."by"'
_NEWEST = "(SELECT a.body FROM alerts a WHERE a.alert_id = NEW.alert_id ORDER BY a.version DESC LIMIT 1)"


def upgrade() -> None:
    """Refuse, at every insert, a step that may not follow."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    _refuse(connection, "alert_events", "forewarn_alert_step", _rules(is_sqlite=is_sqlite))
    written = "(SELECT COALESCE(MAX(a.version), 0) FROM alerts a WHERE a.alert_id = NEW.alert_id)"
    _refuse(
        connection, "alerts", "forewarn_alert_version", {"versions are counted on": f"NEW.version <> {written} + 1"}
    )


def _rules(*, is_sqlite: bool) -> dict[str, str]:
    """What is refused, by the words it is refused with."""
    last = f"(SELECT e.kind {_OWN} AND e.kind NOT IN ('comment', 'read') ORDER BY e.\"position\" DESC LIMIT 1)"
    allowed = ", ".join(f"'{step}'" for step in _STEPS.split())
    place = f'(SELECT COALESCE(MAX(e."position"), 0) + 1 {_OWN})'
    version = f"(SELECT COALESCE(MAX(e.version), 0) {_OWN})"
    brings = "CASE WHEN NEW.kind IN ('draft', 'revise', 'update') THEN 1 ELSE 0 END"
    content = "(SELECT COALESCE(MAX(a.version), 0) FROM alerts a WHERE a.alert_id = NEW.alert_id)"
    return {
        "its place is not the next": f'NEW."position" <> {place}',
        "it begins with its draft": "(NEW.kind = 'draft') <> (NEW.\"position\" = 1)",
        "an event before the one it follows": f'NEW."at" < (SELECT MAX(e."at") {_OWN})',
        "it concerns another version": f"NEW.version <> {version} + {brings} OR NEW.version <> {content}",
        "that step may not follow": "NEW.kind NOT IN ('draft', 'comment') AND "
        f"COALESCE({last}, '') || '>' || NEW.kind NOT IN ({allowed})",
        "no decision before it was read": "NEW.kind = 'decide' AND NOT EXISTS "
        f"(SELECT 1 {_OWN} AND e.kind = 'read' AND e.version = NEW.version)",
        "only the clock records that nobody answered": f"({_fold(_BY)} = 'clock') <> (NEW.kind = 'lapse')",
        "a decision has one of the values listed": "(NEW.kind = 'decide' AND NEW.decision NOT IN "
        "('act', 'watch', 'decline_with_reason', 'refer')) OR (NEW.kind = 'lapse') <> "
        "(NEW.decision = 'no_answer_after_deadline')",
        "it needs its reason": "TRIM(NEW.note) = '' AND (NEW.decision = 'decline_with_reason' OR NEW.kind IN "
        "('act', 'cancel', 'close', 'comment'))",
        "its deadline has not passed": f"NEW.kind = 'lapse' AND {_is_early(is_sqlite=is_sqlite)}",
        "whoever wrote it cannot review": _is_own_review(is_sqlite=is_sqlite),
        "fields are still empty": f"NEW.kind IN ('review', 'update') AND ({_is_empty(is_sqlite=is_sqlite)})",
    }


def _is_own_review(*, is_sqlite: bool) -> str:
    """The person who stands behind a version is among those who wrote any, or is nobody."""
    person = _fold('CASE WHEN NEW.kind = \'review\' THEN NEW."by" ELSE NEW."second" END')
    authors = (
        "SELECT j.value AS name FROM alerts a, json_each(a.body, '$.authors') j WHERE a.alert_id = NEW.alert_id"
        if is_sqlite
        else "SELECT j.name FROM alerts a, jsonb_array_elements_text(a.body::jsonb -> 'authors') AS j(name) "
        "WHERE a.alert_id = NEW.alert_id"
    )
    writers = f"SELECT e.\"by\" AS author {_OWN} AND e.kind IN ('draft', 'revise', 'update')"
    return (
        f"NEW.kind IN ('review', 'update') AND ({person} = '' "
        f"OR {person} = (CASE WHEN NEW.kind = 'update' THEN {_fold(_BY)} ELSE '' END) "
        f"OR {person} IN (SELECT {_fold('w.name')} FROM ({authors}) w) "
        f"OR {person} IN (SELECT {_fold('w.author')} FROM ({writers}) w))"
    )


def _is_early(*, is_sqlite: bool) -> str:
    """Whether the deadline is still ahead; events are kept to the second."""
    if is_sqlite:
        return f"julianday(NEW.\"at\") + 2.0 / 86400 < julianday(json_extract({_NEWEST}, '$.decision_needed_by'))"
    deadline = f"({_NEWEST}::jsonb ->> 'decision_needed_by')::timestamptz"
    return f"NEW.\"at\"::timestamptz + interval '2 seconds' < {deadline}"


def _is_empty(*, is_sqlite: bool) -> str:
    """Whether a field that review needs holds nothing."""
    if is_sqlite:
        texts = [f"TRIM(COALESCE(json_extract({_NEWEST}, '$.{name}'), '')) = ''" for name in _TEXTS.split()]
        lists = [f"COALESCE(json_array_length({_NEWEST}, '$.{name}'), 0) = 0" for name in _LISTS.split()]
    else:
        texts = [f"TRIM(COALESCE({_NEWEST}::jsonb ->> '{name}', '')) = ''" for name in _TEXTS.split()]
        lists = [f"jsonb_array_length({_NEWEST}::jsonb -> '{name}') = 0" for name in _LISTS.split()]
    return " OR ".join((*texts, *lists))


def _fold(name: str) -> str:
    """A name without case and spaces; finer likenesses are for the program, which knows Unicode."""
    return f"LOWER(REPLACE({name}, ' ', ''))"


def _refuse(connection: sa.Connection, table: str, name: str, rules: dict[str, str]) -> None:
    if connection.dialect.name == "sqlite":
        said = " ".join(f"SELECT RAISE(ABORT, 'life of an alert: {why}') WHERE {rule};" for why, rule in rules.items())
        connection.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} BEGIN {said} END")
        return
    said = " ".join(
        f"IF ({rule}) THEN RAISE EXCEPTION 'life of an alert: {why}'; END IF;" for why, rule in rules.items()
    )
    connection.exec_driver_sql(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {said} RETURN NEW; END $$"
    )
    connection.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
