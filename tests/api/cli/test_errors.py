"""What goes wrong is told in one line, with its exit code, and leaves nothing half-written."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.cli import main
from tests.api.cli.conftest import MOTIVO, Run, Shop, environment
from tests.ingest.shop import make_shop


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nothing"], "nothing"),
        (["causes", "--nothing"], "--nothing"),
        (["ingest"], "PROJECT.yaml"),
        (["completion", "tcsh"], "tcsh"),
        (["demo", "--seed", "x"], "--seed"),
        (["causes", "--lang", "de"], "de"),
        (["causes", "--store", "neo5k://host"], "neo5k"),
        (["causes", "--store", "sqlite:///"], "names no file"),
        (["extract", "-", "--languages", "xx"], "xx"),
    ],
)
def test_a_wrong_command_is_code_2(motivo: Run, arguments: list[str], word: str) -> None:
    motivo(*arguments).refuses(2, word)


def test_no_command_shows_the_help(motivo: Run) -> None:
    outcome = motivo()
    assert outcome.code == 2
    assert "motivo demo" in outcome.err


@pytest.mark.parametrize(
    ("mistake", "mended", "line", "word"),
    [
        ("kind: Order, key: order_id", "kind: Ordre, key: order_id", 29, "Order"),
        ("total: total}}", "total: totl}}", 29, "total"),
        ("version: 1", "version: 9", 1, "version"),
        ("delivered_on::date", "delivered_at::date", 23, "delivered_at"),
        ("timezone: Europe/Madrid", "timezone: Europe/Toledo", 6, "Europe/Toledo"),
        ("name: shop", "name: [shop", 3, ""),
    ],
)
def test_a_mistake_in_the_project_file_is_told_with_its_line(
    motivo: Run, tmp_path: Path, mistake: str, mended: str, line: int, word: str
) -> None:
    project = make_shop(tmp_path, customers=3, orders=3, messages=0)
    text = project.read_text()
    assert mistake in text
    project.write_text(text.replace(mistake, mended, 1))
    store = tmp_path / "motivo.db"
    motivo("ingest", project, "--store", f"sqlite:///{store}", "--json").refuses(
        3, f"motivo.yaml:{line}", word
    )
    assert not store.exists()


def test_a_missing_file_or_column_makes_no_store(motivo: Run, tmp_path: Path) -> None:
    project = make_shop(tmp_path, customers=3, orders=3, messages=1)
    store = tmp_path / "motivo.db"
    arguments = ("ingest", project, "--store", f"sqlite:///{store}")
    motivo(*arguments, "--data", tmp_path / "nowhere").refuses(3, "customers.csv", "motivo.yaml:17", "--data")
    (tmp_path / "customers.csv").write_text("id,name,email\n")
    motivo(*arguments).refuses(3, "motivo.yaml:27", "dni")
    (tmp_path / "customers.csv").unlink()
    motivo(*arguments).refuses(3, "customers.csv", "motivo.yaml:17", "optional: true")
    assert not store.exists()
    motivo("ingest", tmp_path / "none.yaml").refuses(3, "none.yaml")
    motivo("ingest", tmp_path).refuses(3)


def test_a_mistake_leaves_a_store_as_it_was(motivo: Run, shop: Shop, tmp_path: Path) -> None:
    path = Path(shop.store.removeprefix("sqlite:///"))
    before = path.read_bytes()
    broken = tmp_path / "motivo.yaml"
    broken.write_text(shop.project.read_text().replace("email: email, tax", "email: mail, tax"))
    motivo("ingest", broken, "--data", shop.project.parent, "--store", shop.store).refuses(3, "'mail'")
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", ["causes", "quarantine", "doctor"])
def test_what_is_no_store_is_code_4(motivo: Run, command: str, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("hello, this is a text and no store\n" * 9)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (a)")
    other.commit()
    for name in ("text.db", "other.db", "", "none.db", "none/none.db"):
        outcome = motivo(command, "--store", f"sqlite:///{tmp_path / name}", "--json")
        outcome.refuses(4)
        if command == "doctor":
            assert outcome.json["problems"]
        else:
            assert outcome.out == b""
    assert not (tmp_path / "none.db").exists()


def test_a_store_that_cannot_be_written_is_code_4(motivo: Run, shop: Shop, tmp_path: Path) -> None:
    motivo("ingest", shop.project, "--store", f"sqlite:///{tmp_path / 'none' / 'm.db'}").refuses(4)
    # Nobody may write there, the superuser included.
    motivo("ingest", shop.project, "--store", "sqlite:////proc/m.db").refuses(4)


def test_what_is_not_there_is_code_5(motivo: Run, tmp_path: Path) -> None:
    (tmp_path / "motivo.db").touch()
    store = f"sqlite:///{tmp_path / 'motivo.db'}"
    motivo("causes", "--store", store, "--json").refuses(5, "no Complaint")
    motivo("quarantine", "--retry", "--store", store).refuses(5, "nothing was ingested")
    assert motivo("quarantine", "--json", "--store", store).json == {"rows": []}
    assert motivo("doctor", "--json", "--store", store).json["problems"]


def test_a_folder_with_other_files_is_refused(motivo: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    motivo("demo", "--dir", tmp_path).refuses(6, "other files")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("where", "word"),
    [
        ("cause=nothing", "delivery.late"),
        ("mood=bad", "one of cause"),
        ("Order.mood=bad", "one of on"),
        ("Customer.segment=x", "the unit, which is Order"),
        ("Nothing.name=x", "no kind"),
        ("score<bad", "not a number"),
        ("filed_at>=2026-31-12", "2026-31-12"),
        ("cause>delivery.late", "= or !="),
        ("nonsense", "no condition"),
    ],
)
def test_a_wrong_condition_is_code_2(motivo: Run, shop: Shop, where: str, word: str) -> None:
    motivo("causes", "--store", shop.store, "--where", where).refuses(2, word)


@pytest.mark.parametrize("unit", ["Nothing", "Complaint", "Cause", "SourceRecord"])
def test_a_kind_that_is_no_unit_is_code_2(motivo: Run, shop: Shop, unit: str) -> None:
    motivo("causes", "--store", shop.store, "--unit", unit).refuses(2, unit)


ARGUMENT = st.one_of(
    st.sampled_from(["causes", "doctor", "quarantine", "ingest", "extract", "demo", "completion", "es", "-"]),
    st.sampled_from(["--json", "--store", "--help", "--where", "--unit", "--retry", "--dir", "--lang", "--"]),
    st.just("sqlite:///none/n.db"),
    st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(ARGUMENT, min_size=1, max_size=5).filter(lambda given: "demo" not in given or "--dir" in given)
)
def test_odd_arguments_never_end_in_a_traceback(arguments: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("MOTIVO_STORE", "sqlite:///none/none.db")
        patch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123
        patch.setattr("api.demo.generate_company", None)  # whatever happens, no company is made
        main(arguments)
    assert ended.value.code in (0, 2, 3, 4, 6)


def test_an_interrupted_ingest_says_so_and_can_go_on(motivo: Run, tmp_path: Path) -> None:
    project = make_shop(tmp_path, customers=3_000, orders=8_000, messages=10)
    store = tmp_path / "motivo.db"
    process = subprocess.Popen(
        [MOTIVO, "ingest", project, "--store", f"sqlite:///{store}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    while not store.exists() and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert out == b""
    assert err.decode().strip().startswith("motivo: stopped")
    assert err.strip().count(b"\n") == 0
    report = motivo("ingest", project, "--store", f"sqlite:///{store}", "--json").json
    assert report["nodes"]["Order"] >= 7_900
    for counts in report["sources"].values():
        assert counts["read"] == counts["written"] + counts["unchanged"] + counts["quarantined"]


def test_a_full_disk_is_no_error_of_ours(shop: Shop) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [MOTIVO, "quarantine", "--json", "--store", shop.store],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b"motivo: cannot read or write: No space left on device\n"


def test_a_folder_that_cannot_be_written_is_named(motivo: Run) -> None:
    outcome = motivo("demo", "--dir", "/proc/demo")
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1].startswith("motivo: /proc/demo: ")


@pytest.mark.parametrize("arguments", [["quarantine"], ["causes", "--json"], ["doctor", "--json"]])
def test_a_reader_that_goes_away_is_no_error_to_speak_of(shop: Shop, arguments: list[str]) -> None:
    process = subprocess.Popen(
        [MOTIVO, *arguments, "--store", shop.store],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait() in (1, 141)
