"""Who may do what on a server, and that nobody may change what is kept."""

from __future__ import annotations

import argparse
import json

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from pathway.cli.cases_server import set_up
from pathway.engine.events import Event
from pathway.logs.chain import Header
from pathway.store.port import StoreError
from pathway.store.server import prepare_database
from pathway.store.server import server_store as store_at
from pathway.store.tabled import TabledStore
from pathway.store.verifying import verify
from tests.store.server.postgres import DATABASE, Postgres

pytestmark = pytest.mark.xdist_group("postgres")
TABLES = ("course", "line", "step", "definition")
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
CHANGES = (
    "UPDATE {0} SET line = 'other'",
    "UPDATE {0} SET line = 'other' WHERE false",
    "DELETE FROM {0}",
    "TRUNCATE {0}",
    "TRUNCATE pathway_cases.course CASCADE",
    "INSERT INTO {0} VALUES (1, 1, 'other') ON CONFLICT (course, seq) DO UPDATE SET line = 'other'",
    "MERGE INTO {0} USING (VALUES (1)) AS v (w) ON course = w WHEN MATCHED THEN DELETE",
)
REBUILDING = (
    "DROP TABLE {0}",
    "DROP SCHEMA pathway_cases CASCADE",
    "CREATE TABLE pathway_cases.other (number bigint)",
    "ALTER TABLE {0} DISABLE TRIGGER ALL",
    "ALTER TABLE {0} DROP COLUMN line",
    "ALTER TABLE {0} ENABLE ROW LEVEL SECURITY",
    "DROP TRIGGER line_row_is_kept ON {0}",
    "DROP FUNCTION pathway_cases.refuse CASCADE",
    "CREATE TRIGGER other BEFORE INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION pathway_cases.refuse()",
    "CREATE RULE other AS ON INSERT TO {0} DO INSTEAD NOTHING",
    "DO $$ BEGIN LOCK TABLE {0} IN ACCESS EXCLUSIVE MODE; END $$",
    "SELECT * FROM {0} FOR UPDATE",
    "SET session_replication_role = replica",
    "SET ROLE admin",
)
SWITCHING_OFF = ("ALTER TABLE pathway_cases.line DISABLE TRIGGER ALL",)
REPLACING = (
    "CREATE OR REPLACE FUNCTION pathway_cases.refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RETURN OLD; END'",
)
TAKING = (
    "ALTER TABLE pathway_cases.step DROP CONSTRAINT step_course_number_key",
    "UPDATE pathway_cases.line SET line = replace(line, 'note 2', 'note 9')",
    "DELETE FROM pathway_cases.step WHERE number = 2",
)
OURS = {f"{table}_{of}_kept" for table in TABLES for of in ("row_is", "rows_are")}
OF_LINES = {"line_row_is_kept", "line_rows_are_kept"}
ADDING = tuple(f"INSERT INTO pathway_cases.{table} DEFAULT VALUES" for table in TABLES)


def done_by(connection: psycopg.Connection, statement: str) -> None:
    connection.execute(statement.format("pathway_cases.line").encode())


@pytest.mark.parametrize(
    ("role", "refused"), [("writer", CHANGES + REBUILDING), ("reader", CHANGES + REBUILDING + ADDING)]
)
def test_a_role_is_refused_whatever_it_was_not_given(
    role: str, refused: tuple[str, ...], kept: TabledStore, postgres: Postgres
) -> None:
    before = kept.lines("V-demo")
    with psycopg.connect(postgres.url(role), autocommit=True) as connection:
        for statement in refused:
            with pytest.raises(InsufficientPrivilege):
                done_by(connection, statement)
    assert kept.lines("V-demo") == before
    assert verify(kept.tables) == []


@pytest.mark.usefixtures("server_store")
def test_the_roles_have_exactly_their_rights(postgres: Postgres) -> None:
    """A stranger stands for everyone who was given nothing."""
    given = {"writer": {"SELECT", "INSERT"}, "reader": {"SELECT"}, "stranger": set[str]()}
    asked = "SELECT has_table_privilege(%s, %s, %s)"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE stranger")
        for role, rights in given.items():
            for table in TABLES:
                held = {
                    right
                    for right in RIGHTS
                    if connection.execute(asked, (role, f"pathway_cases.{table}", right)).fetchone()
                    == (True,)
                }
                assert (role, table, held) == (role, table, rights)
            schema = "SELECT has_schema_privilege(%s, 'pathway_cases', unnest(ARRAY['USAGE', 'CREATE']))"
            used = [row[0] for row in connection.execute(schema, (role,))]
            assert (role, used) == (role, [role != "stranger", False])
        connection.execute("DROP ROLE stranger")


def test_the_owner_too_is_refused_every_change(kept: TabledStore, postgres: Postgres) -> None:
    before = kept.lines("V-demo")
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        for replica in ("origin", "replica"):
            connection.execute(f"SET session_replication_role = {replica}".encode())
            for statement in CHANGES:
                with pytest.raises(RestrictViolation, match="what is kept is never changed"):
                    done_by(connection, statement)
    assert kept.lines("V-demo") == before


def test_an_owner_who_takes_the_triggers_away_is_found_out(
    kept: TabledStore, postgres: Postgres, events: tuple[Event, ...]
) -> None:
    kept.append("V-demo", events[3:], expected_seq=3)
    found = [said_of(kept)]
    for statements in (SWITCHING_OFF, REPLACING, TAKING):
        postgres.administer(DATABASE, *statements)
        found.append(said_of(kept) - set().union(*found))
    missed = [{name for name in OURS if any(f" {name} is" in text for text in texts)} for texts in found]
    assert missed == [set(), OF_LINES, OURS - OF_LINES, set()]
    for words in ("The table step lacks a key", "The end of the store is missing", "was changed"):
        assert any(words in text for text in found[3])


def said_of(store: TabledStore) -> set[str]:
    assert store.heads is not None
    return {finding.text for finding in verify(store.tables, store.heads.noted())}


def test_who_may_only_read_is_told_so(kept: TabledStore, postgres: Postgres) -> None:
    reading = store_at(postgres.url("reader"))
    assert reading.load("V-demo") == kept.load("V-demo")
    assert verify(reading.tables) == []
    with pytest.raises(StoreError, match=r"nothing was recorded\. Reason: it may only be read"):
        reading.append("other", [], expected_seq=0)
    postgres.administer("postgres", "ALTER ROLE writer SET default_transaction_read_only = on")
    try:
        with pytest.raises(StoreError, match=r"it may only be read\. Ask .* or use the main server"):
            store_at(postgres.url("writer")).append("V-demo", [], expected_seq=3)
    finally:
        postgres.administer("postgres", "ALTER ROLE writer RESET default_transaction_read_only")


def test_what_cannot_be_read_keeps_nobody_from_reading_the_rest(
    kept: TabledStore, postgres: Postgres
) -> None:
    postgres.administer(DATABASE, "REVOKE SELECT ON pathway_cases.line FROM reader")
    reading = store_at(postgres.url("reader"))
    assert [one.case for one in reading.entries()] == ["V-demo"]
    found = [(finding.what.split(" pathway")[0], finding.case) for finding in verify(reading.tables)]
    whole = f"The store {kept.place} cannot be read"
    assert found == [(whole, "V-demo"), ("The lines cannot be read", None)]
    assert reading.cases()[0].problem is not None


def test_without_tables_the_store_says_how_to_have_them(postgres: Postgres, header: Header) -> None:
    postgres.administer("postgres", "CREATE DATABASE bare")
    bare = store_at(postgres.url("writer", "bare"))
    for call in (bare.cases, lambda: bare.create(header, [])):
        with pytest.raises(StoreError, match=r"not made yet\. Ask its administrator .*cases server-setup"):
            call()
    with pytest.raises(StoreError, match="this user has no right"):
        prepare_database(postgres.url("writer", "bare"))
    with pytest.raises(StoreError, match="no case store"):
        bare.cases()


def test_a_role_that_could_do_anything_is_given_nothing(postgres: Postgres) -> None:
    postgres.administer("postgres", "CREATE DATABASE another", "CREATE ROLE assistant IN ROLE admin")
    url = postgres.url(database="another")
    for role, why in (("nobody", "no such role"), ("assistant", "owner of the tables"), ("admin", "owner")):
        with pytest.raises(StoreError, match=why):
            prepare_database(url, reader="reader", writer=role)
    with pytest.raises(StoreError, match="no case store"):
        store_at(url).cases()  # all of it or nothing
    postgres.administer("another", "CREATE SCHEMA pathway_cases")
    with pytest.raises(StoreError, match="of another program"):
        prepare_database(url)
    with pytest.raises(StoreError, match="another program's"):
        store_at(url).cases()


def test_a_database_that_cannot_hold_every_letter_is_refused(postgres: Postgres) -> None:
    postgres.administer("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(StoreError, match="Its encoding is LATIN1"):
        prepare_database(postgres.url(database="latin"))


@pytest.mark.usefixtures("server_store")
def test_setting_up_again_gives_and_takes_rights(
    postgres: Postgres, header: Header, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quotes of a role's name do no harm."""
    odd = '"; DROP SCHEMA pathway_cases CASCADE; --'
    quoted = '"' + odd.replace('"', '""') + '"'
    postgres.administer("postgres", f"CREATE ROLE {quoted}")
    url = postgres.url()
    asked = argparse.Namespace(url=url, writer=odd, reader="writer", json=False)
    assert set_up(None, asked) == 0
    said = capsys.readouterr().out
    assert "its tables were there already" in said
    assert f"{odd} may read and add.\nwriter may read.\nCaution: data_checksums is off" in said
    with pytest.raises(StoreError, match="may only be read"):
        store_at(postgres.url("writer")).create(header, [])
    assert set_up(None, argparse.Namespace(url=url, writer="writer", reader=None, json=True)) == 0
    assert json.loads(capsys.readouterr().out)["made"] is False
    store_at(postgres.url("writer")).create(header, [])


@pytest.mark.usefixtures("server_store")
def test_a_later_version_is_left_alone(postgres: Postgres) -> None:
    note = "case store of clinical-pathway, version 2"
    postgres.administer(DATABASE, f"COMMENT ON SCHEMA pathway_cases IS '{note}'")
    with pytest.raises(StoreError, match=r"is of version 2\. This program knows version 1"):
        store_at(postgres.url("writer")).cases()
