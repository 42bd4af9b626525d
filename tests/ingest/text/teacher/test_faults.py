"""Every fault that a server may play: what is tried again, what is given up, and what is said of it."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from ingest.text.teacher import AnswerError, Client, Endpoint, UnavailableError
from ingest.text.teacher.client import ATTEMPTS, LONGEST_WAIT
from schema.errors import MissingExtraError, RefusedError, ServiceError, UsageError
from tests.ingest.text.teacher.conftest import Ready
from tests.ingest.text.teacher.server import Exchange, Script, mark, serve

TEXT = "Pedí una silla y billing.double_charge*me cobraron dos veces*"


def first(fault: Script, *, times: int = 1) -> Script:
    """Play a fault so many times, then answer."""
    return lambda exchange: fault(exchange) if exchange.number < times else mark(exchange)


TRANSIENT: dict[str, Script] = {
    "half an answer": lambda e: e.send_half(),
    "connection cut": lambda e: e.cut(),
    "500": lambda e: e.fail(500, "oops"),
    "502 of a proxy": lambda e: e.send(502, "<html>Bad gateway</html>"),
    "529": lambda e: e.fail(529, "overloaded"),
    "429": lambda e: e.fail(429, "slow down"),
    "a page of a proxy": lambda e: e.send(200, "<html>Please log in</html>"),
    "an empty body": lambda e: e.send(200, b""),
    "no choices": lambda e: e.send(200, {"choices": []}),
    "wrong types": lambda e: e.send(200, {"choices": [{"message": ["content"]}]}),
    "a list": lambda e: e.send(200, [1, 2]),
    "deep nesting": lambda e: e.send(200, b"[" * 100_000),
    "bytes that are no text": lambda e: e.send(200, b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT.keys())
def test_a_passing_fault_is_tried_again(ready: Ready, waits: list[float], fault: Script) -> None:
    with serve(first(fault, times=2)) as server:
        teacher = ready(server.url)
        answer = teacher.answer(teacher.prepare(TEXT))
    assert [c.quote for c in answer.reading.extraction.causes] == ["me cobraron dos veces"]
    assert len(server.asked) == 3
    assert len(waits) == 2
    assert 0.5 <= waits[0] <= 1 <= waits[1] <= 2


@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT.keys())
def test_a_lasting_fault_is_given_up(ready: Ready, waits: list[float], fault: Script) -> None:
    with serve(fault) as server:
        teacher = ready(server.url)
        with pytest.raises(UnavailableError) as raised:
            teacher.answer(teacher.prepare(TEXT))
    assert len(server.asked) == ATTEMPTS
    assert len(waits) == ATTEMPTS - 1
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 8


@pytest.mark.parametrize("fault", [lambda e: e.drip(3), lambda e: e.drip(0.4)], ids=["drips", "stops short"])
def test_an_answer_that_does_not_end_is_a_time_out(ready: Ready, fault: Script) -> None:
    with serve(first(fault)) as server:
        teacher = ready(server.url, timeout=0.3)
        assert teacher.answer(teacher.prepare(TEXT)).reading.extraction.complaint


def test_no_answer_in_time_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never says a word
        endpoint = Endpoint(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", "m", timeout=0.05)
        waits: list[float] = []
        with pytest.raises(UnavailableError, match=r"did not answer in 0\.05 s"):
            Client(endpoint, sleep=waits.append).complete([{"role": "user", "content": "x"}])


def test_retry_after_is_kept_to(ready: Ready, waits: list[float]) -> None:
    with serve(first(lambda e: e.fail(429, "slow down", Retry_After="7"))) as server:
        teacher = ready(server.url)
        teacher.answer(teacher.prepare(TEXT))
    assert len(waits) == 1
    assert 6 < waits[0] <= 8


def test_retry_after_may_be_a_date(ready: Ready, waits: list[float]) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    with serve(first(lambda e: e.fail(503, "soon", Retry_After=until))) as server:
        teacher = ready(server.url)
        teacher.answer(teacher.prepare(TEXT))
    assert 30 < waits[0] <= 61


@pytest.mark.parametrize("odd", ["soon", "-5", "1e9", "Wed, 99 Foo 2020", ""])
def test_an_odd_retry_after_is_as_none(ready: Ready, waits: list[float], odd: str) -> None:
    with serve(first(lambda e: e.fail(429, "slow down", Retry_After=odd))) as server:
        teacher = ready(server.url)
        teacher.answer(teacher.prepare(TEXT))
    assert waits[0] <= 1


def test_a_server_that_asks_for_too_long_a_wait_ends_the_run(ready: Ready, waits: list[float]) -> None:
    with serve(lambda e: e.fail(429, "come back", Retry_After=str(int(LONGEST_WAIT) + 1))) as server:
        teacher = ready(server.url)
        with pytest.raises(ServiceError, match=r"left alone for 301 s.*what was answered is kept") as raised:
            teacher.answer(teacher.prepare(TEXT))
    assert type(raised.value) is ServiceError
    assert waits == []


@pytest.mark.parametrize(
    ("status", "message", "word"),
    [
        (401, "Incorrect API key provided: sk-secret-1.", "MOTIVO_TEACHER_KEY"),
        (403, "not from here", "MOTIVO_TEACHER_KEY"),
        (402, "pay first", "pay first"),
        (404, "The model `small` does not exist", "'small'"),
        (405, "method", "/v1/chat/completions"),
    ],
)
def test_what_no_text_can_pass_is_told_at_once(ready: Ready, status: int, message: str, word: str) -> None:
    with serve(lambda e: e.fail(status, message)) as server:
        teacher = ready(server.url, key="sk-secret-1")
        with pytest.raises(ServiceError) as raised:
            teacher.answer(teacher.prepare(TEXT))
    assert type(raised.value) is ServiceError
    assert word in str(raised.value)
    assert "sk-secret-1" not in str(raised.value)
    assert len(server.asked) == 1
    assert server.asked[0].headers["Authorization"] == "Bearer sk-secret-1"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_never_followed(ready: Ready, status: int) -> None:
    with serve() as other, serve(lambda e: e.send(status, b"", Location=f"{other.url}/x")) as server:
        teacher = ready(server.url, key="sk-secret-1")
        with pytest.raises(ServiceError, match="not followed"):
            teacher.answer(teacher.prepare(TEXT))
    assert other.asked == []


UNUSABLE: dict[str, Script] = {
    "prose": lambda e: e.reply("I am sorry, I cannot do that."),
    "half an object": lambda e: e.reply('{"complaint": true, "causes": [{"quote": "me'),
    "wrong types": lambda e: e.reply({"complaint": "yes", "causes": []}),
    "another object": lambda e: e.reply({"answer": 42}),
}


@pytest.mark.parametrize("fault", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_answer_that_cannot_be_read_is_asked_for_once_more(ready: Ready, fault: Script) -> None:
    with serve(first(fault)) as server:
        teacher = ready(server.url)
        answer = teacher.answer(teacher.prepare(TEXT))
        assert (answer.tokens_in, answer.tokens_out) == (2000, 200)  # both were paid for
        again = server.asked[1].body["messages"]
        assert "could not be read" in again[-1]["content"]
        assert again[:-2] == server.asked[0].body["messages"]
    with serve(fault) as server:
        teacher = ready(server.url, model="other")
        with pytest.raises(AnswerError):
            teacher.answer(teacher.prepare(TEXT))
        assert len(server.asked) == 2
        assert teacher.find(teacher.prepare(TEXT)) is None  # and it may be asked for another time


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (lambda e: e.reply(None), "empty"),
        (lambda e: e.reply(" "), "empty"),
        (lambda e: e.reply("{", finish="length"), "cut off"),
        (lambda e: e.fail(400, "context length exceeded"), "400: context length"),
        (lambda e: e.fail(413, "too large"), "413"),
        (lambda e: e.pour(6), "too long"),
        (lambda e: e.send(200, gzip.compress(b"x" * 2**24), Content_Encoding="gzip"), "compressed"),
    ],
    ids=["none", "blank", "cut off", "400", "413", "huge", "gzip"],
)
def test_a_text_without_a_usable_answer(ready: Ready, fault: Script, word: str) -> None:
    with serve(fault) as server:
        teacher = ready(server.url)
        with pytest.raises(AnswerError, match=word):
            teacher.answer(teacher.prepare(TEXT))
    assert len(server.asked) == 1


def test_a_parameter_that_a_server_does_not_know_is_left_out_from_then_on(ready: Ready) -> None:
    def script(exchange: Exchange) -> None:
        for name in ("response_format", "temperature", "max_tokens"):
            if name in exchange.body:
                return exchange.fail(400, f"Unsupported parameter: '{name}'")
        return mark(exchange)

    with serve(script) as server:
        teacher = ready(server.url)
        teacher.answer(teacher.prepare(TEXT))
        assert len(server.asked) == 4
        assert server.asked[3].body["max_completion_tokens"]
        teacher.answer(teacher.prepare("otro texto"))
        assert len(server.asked) == 5


def test_content_in_parts_and_replies_without_usage_are_read(ready: Ready) -> None:
    parts = [{"type": "text", "text": '{"complaint": false,'}, {"type": "text", "text": '"causes": []}'}]
    choice = {"message": {"content": parts}}
    with serve(lambda e: e.send(200, {"choices": [choice], "usage": {"prompt_tokens": "many"}})) as server:
        teacher = ready(server.url)
        answer = teacher.answer(teacher.prepare(TEXT))
    assert not answer.reading.extraction.complaint
    assert (answer.tokens_in, answer.tokens_out) == (0, 0)


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = Client(Endpoint(f"http://127.0.0.1:{port}/v1", "m"), sleep=lambda _: None)
    with pytest.raises(ServiceError, match=rf"127.0.0.1:{port} cannot be reached") as raised:
        client.complete([{"role": "user", "content": "x"}])
    assert type(raised.value) is ServiceError


def test_proxies_of_the_environment_are_not_asked(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve() as proxy, serve() as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        teacher = ready(server.url)
        teacher.answer(teacher.prepare(TEXT))
    assert proxy.asked == []
    assert server.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    "url", ["http://h.example/v1", "http://10.0.0.7:8000", "http://127.0.0.1.example/v1"]
)
def test_plain_http_leads_to_this_machine_only(url: str) -> None:
    with pytest.raises(RefusedError, match="unencrypted"):
        Endpoint(url, "m")
    assert Endpoint(url, "m", allow_http=True).address.endswith("/chat/completions")
    Endpoint(url.replace("http:", "https:"), "m")


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "127.9.9.9:8000", "[::1]:8000"])
def test_this_machine_may_be_asked_by_plain_http(host: str) -> None:
    endpoint = Endpoint(f"http://{host}/v1/chat/completions", "m")
    assert endpoint.is_local
    assert endpoint.address == f"http://{host}/v1/chat/completions"


@pytest.mark.parametrize(
    ("url", "model", "key"),
    [
        ("", "m", ""),
        ("https://h.example", "", ""),
        ("h.example/v1", "m", ""),
        ("ftp://h.example", "m", ""),
        ("https://", "m", ""),
        ("https://[::1", "m", ""),
        ("https://h.example:99999/", "m", ""),
        ("https://user:secret@h.example/v1", "m", ""),
        ("https://h.example/v1?key=secret", "m", ""),
        ("https://h.example/v1", "m", "secret\nX-Evil: 1"),
        ("https://h.example/v1", "m", "clavé"),
    ],
)
def test_a_wrong_endpoint_is_a_usage_error_that_tells_no_secret(url: str, model: str, key: str) -> None:
    with pytest.raises(UsageError) as raised:
        Endpoint(url, model, key)
    assert "secret" not in str(raised.value)


def test_the_key_is_not_shown() -> None:
    assert "sk-1" not in repr(Endpoint("https://h.example/v1", "m", "sk-1"))


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'motivo\[teacher\]'") as raised:
        Client(Endpoint("https://h.example/v1", "m"))
    assert raised.value.exit_code == 7


def test_nothing_of_the_teacher_is_imported_where_none_is_asked(root: Path) -> None:
    code = "import sys, ingest, api.cli; assert not {'httpx', 'ingest.text.teacher'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
