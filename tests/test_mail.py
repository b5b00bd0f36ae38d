"""An issue by e-mail, to a real SMTP server that takes, refuses, breaks off or wants a login."""

import asyncio
import base64
import shutil
import socket
import ssl
import subprocess
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.config import parse_config
from bot.doctor.finding import State
from bot.doctor.mail_checks import mail_findings
from bot.doctor.visit import Visit
from bot.mail import MailError, RefusedRecipient, send_issue
from bot.mail_trouble import mail_sentence
from bot.output_tables import EmailConfig
from bot.wording import Wording
from renderers.issue_view import IssueView, Masthead, SectionView, StoryView

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
ISSUE = IssueView(
    Masthead("潮汐简报", language="zh"),
    "潮汐简报 (2026-03-10)：月亮",
    "2026-03-10",
    "本次1条。",
    (),
    (SectionView("news", "业界新闻", (StoryView("湿月亮", "观测台", "https://moon.example/", "是湿的。"),)),),
)
ADA, BOB, EVE = "ada@site.test", "bob@site.test", "eve@site.test"


@dataclass
class Relay:
    """A mail server's rules: whom it refuses and how, and after how many messages it breaks off."""

    refusals: dict[str, str] = field(default_factory=dict)
    sender_refusal: str = ""
    data_answer: str = "250 taken"
    breaks_at: int = -1
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - as the server calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_refusal:
            return self.sender_refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as the server calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as the server calls it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if len(self.taken) == self.breaks_at:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "451 broken"
        assert isinstance(envelope.content, bytes)
        if self.data_answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.taken += [(to, message) for to in envelope.rcpt_tos]
        return self.data_answer


@dataclass
class Journal:
    """What a desk's database would hold of a sending."""

    lines: list[str] = field(default_factory=list)
    done: dict[str, str] = field(default_factory=dict)
    stop_before: str = ""

    async def trying(self, address: str) -> None:
        if address == self.stop_before:
            raise InterruptedError
        self.lines.append(f"trying {address}")

    async def sent(self, address: str, answer: str) -> None:
        self.lines.append(f"sent {address}")
        self.done[address] = answer

    async def refused(self, refused: RefusedRecipient) -> None:
        self.lines.append(f"refused {refused.address}")


@contextmanager
def smtp_server(relay: Relay, **options: Any) -> Iterator[int]:
    """Run the server in a thread of its own on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(relay, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def config(port: int, *recipients: str, **keys: Any) -> EmailConfig:
    given = {"host": "127.0.0.1", "security": "none", "sender": "Tides <news@tide.test>", "seconds": 10.0}
    return EmailConfig(**{**given, "port": port, "recipients": recipients or (ADA,), **keys})


async def send(
    to: EmailConfig, journal: Journal | None = None, password: str = "", trust: ssl.SSLContext | None = None
) -> Any:
    journal = journal or Journal()
    return await send_issue(to, password, ISSUE, done=journal.done, now=NOW, journal=journal, trust=trust)


async def trouble(to: EmailConfig, journal: Journal | None = None, password: str = "") -> MailError:
    with pytest.raises(MailError) as caught:
        await send(to, journal, password)
    return caught.value


async def test_each_recipient_gets_a_message_of_their_own_with_text_and_html() -> None:
    relay, journal = Relay(), Journal()
    with smtp_server(relay) as port:
        report = await send(
            config(port, f"Ada <{ADA}>", BOB, list_unsubscribe=("https://list.test/leave",)), journal
        )

    assert (report.sent, report.refused) == ((ADA, BOB), ())
    assert [(to, message["To"]) for to, message in relay.taken] == [(ADA, f"Ada <{ADA}>"), (BOB, BOB)]
    message = relay.taken[0][1]
    assert message["Subject"] == "潮汐简报 (2026-03-10)：月亮"
    assert message["From"] == "Tides <news@tide.test>"
    assert message["Date"].datetime == NOW
    assert message["List-Unsubscribe"] == "<https://list.test/leave>"
    assert message["X-Unsent"] is None
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "湿月亮" in plain.get_content()
    assert '<a href="https://moon.example/"' in html.get_content()
    assert journal.lines == [f"trying {ADA}", f"sent {ADA}", f"trying {BOB}", f"sent {BOB}"]


async def test_a_refused_recipient_does_not_stop_the_others() -> None:
    relay = Relay(refusals={ADA: "550 5.1.1 <ada@site.test> no such user", BOB: "450 4.2.1 try later"})
    with smtp_server(relay) as port:
        report = await send(config(port, ADA, BOB, EVE))

    assert report.sent == (EVE,)
    assert [(one.address, one.passing) for one in report.refused] == [(ADA, False), (BOB, True)]
    assert report.refused[0].answer == "550 5.1.1 … no such user"


async def test_who_has_it_is_left_out_of_the_next_try() -> None:
    relay, journal = Relay(), Journal(stop_before=BOB)
    with smtp_server(relay) as port:
        with pytest.raises(InterruptedError):
            await send(config(port, ADA, BOB), journal)
        journal.stop_before = ""
        await send(config(port, ADA, BOB), journal)
        await send(config(port, ADA, BOB), journal)

    assert [to for to, _ in relay.taken] == [ADA, BOB]


async def test_a_message_that_a_server_breaks_off_is_in_doubt_and_the_same_when_sent_again() -> None:
    relay, journal = Relay(breaks_at=1), Journal()
    with smtp_server(relay) as port:
        broken = await trouble(config(port, ADA, BOB), journal)
        assert (broken.kind, broken.passing, broken.in_doubt) == ("dropped", True, True)
        assert journal.lines[-1] == f"trying {BOB}"
        relay.breaks_at = -1
        await send(config(port, ADA, BOB), journal)
        await send(config(port, BOB))

    assert [to for to, _ in relay.taken] == [ADA, BOB, BOB]
    first, second, again = (message["Message-ID"] for _, message in relay.taken)
    assert first != second == again


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("553 5.7.1 not your address", "sender", "does not take the sender (553 5.7.1 not your address)"),
        ("421 4.3.2 closing down", "busy", "is not ready (421 4.3.2 closing down)"),
    ],
)
async def test_a_server_that_takes_no_sender_is_reported_and_nothing_is_in_doubt(
    answer: str, kind: str, words: str
) -> None:
    relay, journal = Relay(sender_refusal=answer), Journal()
    with smtp_server(relay) as port:
        refused = await trouble(config(port), journal)

    assert (refused.kind, refused.in_doubt) == (kind, False)
    assert words in refused.problem
    assert journal.lines == [f"trying {ADA}", f"refused {ADA}"]


async def test_a_message_that_the_server_thinks_too_large_is_a_refusal() -> None:
    with smtp_server(Relay(data_answer="552 5.3.4 too big")) as port:
        report = await send(config(port))

    assert [(one.answer, one.passing) for one in report.refused] == [("552 5.3.4 too big", False)]


def knows(password: bytes) -> Callable[..., AuthResult]:
    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=login.password == password, handled=False)

    return check


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
async def test_a_login_is_made_and_a_wrong_one_told_without_the_password() -> None:
    relay = Relay()
    options = {"authenticator": knows(b"moon-light"), "auth_required": True, "auth_require_tls": False}
    with smtp_server(relay, **options) as port:
        to = config(port, user="tides", password_env="SMTP_PASSWORD")
        await send(to, password="moon-light")
        refused = await trouble(to, password="half-moon")

    assert len(relay.taken) == 1
    assert refused.kind == "login"
    assert "does not accept the login" in refused.problem
    assert "不接受登录（535" in mail_sentence(refused, Wording("zh"))
    assert "moon" not in str(refused)


async def test_a_server_without_login_or_starttls_is_told_as_such() -> None:
    with smtp_server(Relay()) as port:
        no_login = await trouble(config(port, user="tides", password_env="X"))
        no_tls = await trouble(config(port, security="starttls"))

    assert (no_login.kind, no_tls.kind) == ("login", "tls")
    assert "STARTTLS" in no_tls.problem


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that this machine has signed itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(cert), "-days", "2", "-nodes"]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", *files, *names], check=True, capture_output=True
    )
    return cert, key


async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)
    relay = Relay()
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    with smtp_server(relay, tls_context=serving, require_starttls=True) as port:
        refused = await trouble(config(port, security="starttls"))
        assert relay.taken == []
        await send(config(port, security="starttls"), trust=trust)

    assert (refused.kind, refused.passing) == ("tls", False)
    assert "makes no connection that can be trusted (self-signed certificate)" in refused.problem
    assert [to for to, _ in relay.taken] == [ADA]


async def test_a_connection_that_is_tls_from_its_beginning_carries_an_issue(
    certificate: tuple[Path, Path],
) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)
    relay = Relay()
    with smtp_server(relay, ssl_context=serving) as port:
        refused = await trouble(config(port, security="tls"))
        await send(config(port, security="tls"), trust=ssl.create_default_context(cafile=str(certificate[0])))

    assert refused.kind == "tls"
    assert [to for to, _ in relay.taken] == [ADA]


async def test_a_server_that_is_not_there_or_says_nothing_is_told_as_such() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = await trouble(config(free.getsockname()[1]))
    async with silent_server() as port:
        silent = await trouble(config(port, seconds=0.3))

    assert gone.problem == "The mail server 127.0.0.1 cannot be reached (connection refused)."
    assert silent.problem == "The mail server 127.0.0.1 cannot be reached (no answer in time)."
    assert gone.passing
    assert silent.passing


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """Take connections and say nothing until the test is over."""
    over = asyncio.Event()

    async def wait(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()


Says = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def strange_server(says: Says) -> AsyncIterator[int]:
    """A server that says what it likes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await says(reader, writer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def without_end(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"220-still here\r\n" * 1000)
        await writer.drain()


async def byte_by_byte(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"2")
        await writer.drain()
        await asyncio.sleep(0.05)


async def parrot(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 hello\r\n")
    async for line in reader:
        greeting = line.upper().startswith(b"EHLO")
        known = base64.b64decode(line.split()[-1]) if line.startswith(b"AUTH") else b""
        writer.write(b"250 AUTH PLAIN\r\n" if greeting else b"535 no " + known + b" as in " + line)
        await writer.drain()


@pytest.mark.parametrize(("says", "kind"), [(without_end, "dropped"), (byte_by_byte, "unreachable")])
async def test_a_server_that_never_ends_its_answer_is_left(says: Says, kind: str) -> None:
    async with strange_server(says) as port:
        told = await trouble(config(port, ADA, seconds=0.5))

    assert told.kind == kind


async def test_a_server_that_repeats_the_password_does_not_bring_it_into_a_message() -> None:
    async with strange_server(parrot) as port:
        told = await trouble(config(port, ADA, user="ada", password_env="X"), password="quite-secret")

    assert told.kind == "login"
    assert "no" in told.detail
    assert "quite-secret" not in f"{told} {told.__cause__!r}"
    assert base64.b64encode(b"\0ada\0quite-secret").decode() not in f"{told} {told.__cause__!r}"


async def test_a_password_that_smtp_cannot_carry_is_said_and_not_shown() -> None:
    relay = Relay()
    with smtp_server(relay) as port:
        told = await trouble(config(port, ADA, user="ada", password_env="X"), password="größer")

    assert (told.kind, told.detail) == ("login", "user or password is not ASCII")


async def test_the_doctor_greets_the_server_and_sends_nothing() -> None:
    relay = Relay()
    with smtp_server(relay) as port:
        [fine] = await mail_findings(visit_to(port), {})
        [wrong] = await mail_findings(visit_to(port, security="starttls"), {})
        [skipped] = await mail_findings(visit_to(port, user="tides", password_env="MAIL_WORD"), {})

    assert (fine.state, fine.said) == (State.FINE, f"127.0.0.1:{port} answers in clear")
    assert (wrong.state, skipped.state) == (State.WRONG, State.SKIPPED)
    assert "email.security" in wrong.cure
    assert relay.taken == []


def visit_to(port: int, **keys: Any) -> Visit:
    example = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    return Visit(parse_config({**example, "email": config(port, **keys).model_dump()}), lambda: NOW, 10.0)


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"sender": "nobody"}, "no e-mail address"),
        ({"recipients": [ADA, f"Ada <{ADA.upper()}>"]}, "stands there twice"),
        ({"list_unsubscribe": ["javascript:x"]}, "no way to unsubscribe"),
        ({"list_unsubscribe": ["mailto:a@b>, <https://x"]}, "no e-mail address|no way to unsubscribe"),
        ({"user": "tides"}, "belong together"),
        ({"host": "smtp.test", "user": "t", "password_env": "P", "security": "none"}, "not sent in clear"),
    ],
    ids=["sender", "twice", "unsubscribe", "header", "half a login", "clear"],
)
def test_a_config_that_would_go_wrong_is_refused(keys: dict[str, Any], complaint: str) -> None:
    given = {"host": "127.0.0.1", "security": "none", "sender": "a@b.test", "recipients": [ADA]}

    with pytest.raises(ValueError, match=complaint):
        EmailConfig.model_validate({**given, **keys})
