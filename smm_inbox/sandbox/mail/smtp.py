"""The SMTP submission server: one session per connection."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl

from smm_inbox.sandbox.mail import login
from smm_inbox.sandbox.mail.faults import Fault, FaultKind, Faults
from smm_inbox.sandbox.mail.line import Gone, Line
from smm_inbox.sandbox.mail.model import State, User

_BYE = b"421 4.3.2 Service shutting down\r\n"
_PATH = re.compile(r"(?:FROM|TO):\s*<([^<>\s]*)>(.*)", re.IGNORECASE)


class SmtpSession:
    """Answers one client until it leaves."""

    def __init__(
        self, state: State, faults: Faults, line: Line, starttls: ssl.SSLContext | None
    ) -> None:
        self.state = state
        self.faults = faults
        self.line = line
        self.starttls = starttls
        self.user: User | None = None
        self.sender: str | None = None
        self.recipients: list[str] = []

    async def serve(self) -> None:
        """Greet and answer until the end."""
        if fault := self.faults.take("smtp:connect"):
            await self._suffer(fault)
            if fault.kind is FaultKind.REPLY:
                await self._say(fault.code, fault.text)
                return
        await self._say(220, "sandbox ESMTP")
        while True:
            raw = await self.line.reader.readline()
            if not raw.endswith(b"\n"):
                return
            verb, _, rest = raw.decode("utf-8", "replace").rstrip("\r\n").partition(" ")
            await self._obey(verb.upper(), rest)

    async def _obey(self, verb: str, rest: str) -> None:
        target = verb.lower()
        if verb == "RCPT" and (match := _PATH.match(rest)):
            target = f"rcpt {match[1].lower()}"
        with self.state.lock:
            self.state.commands.append(f"smtp:{target}")
        if fault := self.faults.take(f"smtp:{target}"):
            await self._suffer(fault)
            if fault.kind is FaultKind.REPLY:
                await self._say(fault.code, fault.text)
                return
        match verb:
            case "EHLO" | "HELO":
                await self._hello(verb)
            case "STARTTLS" if self.starttls is not None:
                await self._say(220, "2.0.0 Go ahead")
                await self.line.upgrade(self.starttls)
                self.starttls = None
            case "AUTH":
                await self._auth(rest)
            case "MAIL":
                await self._mail(rest)
            case "RCPT":
                await self._rcpt(rest)
            case "DATA":
                await self._data()
            case "RSET":
                self.sender, self.recipients = None, []
                await self._say(250, "2.0.0 Ok")
            case "NOOP":
                await self._say(250, "2.0.0 Ok")
            case "QUIT":
                await self._say(221, "2.0.0 Bye")
                raise Gone
            case _:
                await self._say(502, "5.5.2 Command not recognised")

    async def _suffer(self, fault: Fault) -> None:
        await self.line.suffer(fault, _BYE)

    async def _say(self, code: int, *lines: str) -> None:
        last = len(lines) - 1
        answer = "".join(
            f"{code}{' ' if number == last else '-'}{line}\r\n" for number, line in enumerate(lines)
        )
        await self.line.send(answer.encode())

    async def _hello(self, verb: str) -> None:
        profile = self.state.profile
        if verb == "HELO":
            await self._say(250, "sandbox")
            return
        offers = ["sandbox", *profile.smtp_extensions, f"SIZE {profile.max_size}"]
        if self.starttls is not None:
            offers.append("STARTTLS")
        offers.append(f"AUTH {profile.smtp_auth}")
        await self._say(250, *offers)

    # --- login ------------------------------------------------------------------------------------

    async def _auth(self, rest: str) -> None:
        mechanism, _, first = rest.partition(" ")
        try:
            self.user = await self._let_in(mechanism.upper(), first.encode())
        except login.Denied as refusal:
            await self._say(535, str(refusal))
            return
        if self.user is None:
            await self._say(504, "5.5.4 Unknown mechanism")
            return
        await self._say(235, "2.7.0 Authentication successful")

    async def _let_in(self, mechanism: str, first: bytes) -> User | None:
        match mechanism:
            case "PLAIN":
                answer = first or await self._ask(b"")
                with self.state.lock:
                    return login.by_plain(self.state, "smtp", answer)
            case "LOGIN":
                user = first or await self._ask(base64.b64encode(b"Username:"))
                password = await self._ask(base64.b64encode(b"Password:"))
                name, secret = (
                    login.unpack(x).decode("utf-8", "replace") for x in (user, password)
                )
                with self.state.lock:
                    return login.by_password(self.state, "smtp", "LOGIN", name, secret)
            case "XOAUTH2":
                answer = first or await self._ask(b"")
                try:
                    with self.state.lock:
                        return login.by_token(self.state, "smtp", answer)
                except login.Denied:
                    await self._ask(login.CHALLENGE)
                    raise
            case _:
                return None

    async def _ask(self, words: bytes) -> bytes:
        await self.line.send(b"334 " + words + b"\r\n")
        return (await self.line.reader.readline()).strip()

    # --- a letter ---------------------------------------------------------------------------------

    async def _mail(self, rest: str) -> None:
        match = _PATH.match(rest)
        size = re.search(r"SIZE=(\d+)", rest, re.IGNORECASE)
        if self.user is None:
            await self._say(530, "5.7.0 Authentication required")
        elif match is None:
            await self._say(501, "5.5.4 Syntax: MAIL FROM:<address>")
        elif size and int(size[1]) > self.state.profile.max_size:
            await self._say(552, "5.3.4 Message too big for system")
        elif match[1] and match[1].lower() != self.user.address:
            await self._say(553, "5.7.1 Sender address rejected: not owned by auth user")
        else:
            self.sender, self.recipients = match[1], []
            await self._say(250, "2.1.0 Ok")

    async def _rcpt(self, rest: str) -> None:
        match = _PATH.match(rest)
        if self.sender is None:
            await self._say(503, "5.5.1 MAIL first")
        elif match is None or "@" not in match[1]:
            await self._say(501, "5.1.3 Bad recipient address syntax")
        elif refusal := self.state.refused.get(match[1].lower()):
            await self._say(*refusal)
        else:
            self.recipients.append(match[1])
            await self._say(250, "2.1.5 Ok")

    async def _data(self) -> None:
        if self.sender is None or not self.recipients:
            await self._say(503, "5.5.1 RCPT first")
            return
        await self._say(354, "End data with <CR><LF>.<CR><LF>")
        body = await self._body()
        fault = self.faults.take("smtp:body")
        if fault is not None and not fault.after:
            await self._suffer(fault)
            if fault.kind is FaultKind.REPLY:
                self.sender = None
                await self._say(fault.code, fault.text)
                return
        if len(body) > self.state.profile.max_size:
            await self._say(552, "5.3.4 Message too big for system")
            return
        with self.state.lock:
            self.state.deliver(body, tuple(self.recipients), self.sender)
        self.sender, self.recipients = None, []
        if fault is not None and fault.after:
            await self._suffer(fault)
            if fault.kind is FaultKind.REPLY:
                await self._say(fault.code, fault.text)
                return
        await self._say(250, "2.0.0 Ok: queued")

    async def _body(self) -> bytes:
        lines: list[bytes] = []
        while True:
            try:
                line = await self.line.reader.readuntil(b"\n")
            except asyncio.IncompleteReadError as error:
                raise Gone from error
            if line.rstrip(b"\r\n") == b".":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
