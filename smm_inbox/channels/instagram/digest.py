"""From a page of talks or posts to what is new, changed, or no longer there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from smm_inbox.domain.conversation import Kind, Root
from smm_inbox.domain.ids import RemoteId
from smm_inbox.domain.message import Direction, Edit, Gap, NetworkMessage, Removal, WriteAccess
from smm_inbox.domain.text import SafeText
from smm_inbox.locale import tr

from . import memory
from .account import Account
from .mapping import comments, messages, people, raw
from .mapping.harvest import Harvest, Lens
from .memory import Seen, Thread, fingerprint, moment, seconds

PROFILE_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that was there and is not listed any more."""

    kind: Kind
    key: str
    thread: Thread
    whole: bool = False
    """Its whole talk is not listed: found alive, it is remembered, for the talk may come back."""


class Digest:
    """Reads pages of one account against its memory."""

    def __init__(self, account: Account, *, unsure: bool, replayed: bool) -> None:
        self._account = account
        self._memory = account.memory
        self._lens: Lens = account.lens()
        self._first = unsure
        self._replayed = replayed and account.memory.lost
        self._unsure = self._replayed
        """Whether the database may hold an older text of what memory does not know."""
        self.into = Harvest()
        self.suspects: list[Suspect] = []
        self.wanted: list[str] = []
        """People whose profile should be asked for."""
        self.private_news = False

    # --- private talks ----------------------------------------------------------------------------

    def talk(self, entry: raw.Raw) -> str:
        """One conversation with its newest messages; returns whose it is, empty for nobody's."""
        person, username = self._customer(entry)
        if not person:
            return ""
        thread = self._memory.talk(person)
        # The last run may have ended after its batch was stored and before that was noted.
        self._unsure = self._replayed or self._first
        page = entry.get("messages")
        listed = raw.data(page)
        before = dict(thread.seen)
        present: set[str] = set()
        oldest: int | None = None
        heard: datetime | None = None
        for told in listed:
            key, at = raw.identifier(told.get("id")), raw.moment(told.get("created_time"))
            if key:
                present.add(key)
            if at is not None:
                oldest = min(seconds(at), seconds(at) if oldest is None else oldest)
            message = messages.message(told, person, self._lens)
            if message is None:
                continue
            root = messages.story_root(told)
            if root is not None:
                self.into.roots[root.remote_id] = root
            self._note(message, thread, before, (memory.TALK, person), at=seconds(message.sent_at))
            self._reactions(message, told, thread, before)
            if message.direction is Direction.IN and (heard is None or message.sent_at > heard):
                heard = message.sent_at
        self._gap(thread, before, present, page, oldest)
        if listed:
            bound = oldest if raw.after(page) and oldest is not None else -1
            self._missing(Kind.DIRECT, thread, before, present, bound)
        if heard is not None:
            self._heard(person, thread, heard)
        self._meet(person, username, wrote=heard is not None)
        return person

    def _customer(self, entry: raw.Raw) -> tuple[str, str]:
        """Whoever in a conversation is not us; their order means nothing."""
        told = raw.data(entry.get("participants"))
        for message in raw.data(entry.get("messages")) if not told else ():
            told = [raw.obj(message.get("from")), *raw.data(message.get("to"))]
            break
        for someone in told:
            who = raw.identifier(someone.get("id"))
            if who and not self._lens.us.is_us(who):
                return who, people.username(someone.get("username"))
        return "", ""

    def _heard(self, person: str, thread: Thread, heard: datetime) -> None:
        """The customer wrote: the window opens anew, whatever was refused before."""
        if seconds(heard) <= thread.heard:
            return
        thread.heard = seconds(heard)
        self._memory.changed = True
        until = heard + self._account.window
        self.into.access.append(
            WriteAccess(Kind.DIRECT, RemoteId(person), SafeText(""), window_until=until)
        )

    def _gap(
        self,
        thread: Thread,
        before: dict[str, Seen],
        present: set[str],
        page: object,
        oldest: int | None,
    ) -> None:
        """More came at once than keeps its details."""
        if not before or not raw.after(page) or oldest is None or present & before.keys():
            return
        latest = max(seen.at for seen in before.values())
        if latest < oldest:
            self.into.gaps.append(
                Gap(
                    moment(latest),
                    moment(oldest),
                    SafeText(
                        tr(
                            "More than 20 messages came in one Instagram talk while the program "
                            "was off: read the older ones in Instagram."
                        )
                    ),
                )
            )

    def _reactions(
        self, message: NetworkMessage, told: raw.Raw, thread: Thread, before: dict[str, Seen]
    ) -> None:
        key = str(message.remote_id)
        shown = messages.reactions(told, self._lens)
        seen = thread.seen[key]
        known = before[key].reactions if key in before else {}
        for who, emoji in shown.items():
            line = messages.reaction(message, who, emoji, self._lens)
            if not known.get(who):
                if message.sent_at >= self._account.context.backfill_since:
                    self.into.messages.append(line)
                    self._memory.changed = True
                    self._memory.pending.append(
                        memory.Intent(
                            memory.TALK, str(message.place.conversation), key, seen.at, who
                        )
                    )
                    if self._unsure or who in known:
                        self._edit(line)
            elif known[who] != emoji:
                self.into.edits.append(Edit(Kind.DIRECT, line.remote_id, line.text, self._lens.now))
                self._memory.changed = True
        for who in known.keys() - shown.keys():
            gone = messages.reaction_id(key, who)
            self.into.removals.append(Removal(Kind.DIRECT, gone, self._lens.now))
            self._memory.changed = True
        seen.reactions = shown

    # --- posts ------------------------------------------------------------------------------------

    def post(self, entry: raw.Raw) -> None:
        """One post with its comments and their replies."""
        root = comments.root(entry)
        if root is None:
            return
        self._unsure = self._replayed
        key = str(root.remote_id)
        thread = self._memory.post(key)
        before = dict(thread.seen)
        listed = raw.data(entry.get("comments"))
        counted = raw.count(entry.get("comments_count")) or 0
        present: set[str] = set()
        oldest: int | None = None
        for top in listed:
            at = raw.moment(top.get("timestamp"))
            stamp = seconds(at or self._lens.now)
            if at is not None:
                oldest = min(stamp, stamp if oldest is None else oldest)
            lines = [self._line(top, root, None)]
            lines += [
                self._line(reply, root, top)
                for reply in sorted(raw.data(top.get("replies")), key=_time_of)
            ]
            found = [line for line in lines if line is not None]
            present |= {str(line.remote_id) for line in found}
            since = self._account.context.backfill_since
            recent = any(line.sent_at >= since for line in found)
            for line in found:
                # Replies stand and fall with their top comment, also when it leaves the page.
                self._note(line, thread, before, (memory.POST, key), at=stamp, wanted=recent)
            if recent:
                self.into.roots[root.remote_id] = root
        if listed:
            bound = oldest if raw.after(entry.get("comments")) and oldest is not None else -1
            self._missing(Kind.COMMENT, thread, before, present, bound)
        elif not counted:
            self._missing(Kind.COMMENT, thread, before, present, -1)
        if thread.count != counted:
            thread.count = counted
            self._memory.changed = True

    def _line(self, entry: raw.Raw, root: Root, top: raw.Raw | None) -> NetworkMessage | None:
        who, username = comments.author_of(entry)
        who = who or self._memory.id_of(username)
        line = comments.comment(entry, root, top, self._lens, who=who)
        if line is not None and line.author is not None:
            contact = people.brief(line.author, username)
            known = self._memory.people.get(str(line.author))
            if known is None or known.username != username:
                self.into.contacts[line.author] = contact
            self._meet(who, username, wrote=False)
        return line

    def tag(self, entry: raw.Raw) -> None:
        """A photo of somebody's in which we are tagged."""
        username = people.username(entry.get("username"))
        found = comments.tag(entry, self._lens, who=self._memory.id_of(username))
        if found is None:
            return
        message, root = found
        if not self._memory.tag(str(message.remote_id)):
            return
        if message.sent_at < self._account.context.backfill_since:
            return
        self.into.messages.append(message)
        self.into.roots[root.remote_id] = root
        if message.author is not None:
            self.into.contacts[message.author] = people.brief(message.author, username)

    # --- the same for both ------------------------------------------------------------------------

    def _note(
        self,
        message: NetworkMessage,
        thread: Thread,
        before: dict[str, Seen],
        where: tuple[str, str],
        *,
        at: int,
        wanted: bool | None = None,
    ) -> None:
        key, mark = str(message.remote_id), fingerprint(message.text)
        known = before.get(key)
        if wanted is None:
            wanted = message.sent_at >= self._account.context.backfill_since
        if known is None or known.mark != mark:
            self._memory.changed = True
            self._memory.pending.append(memory.Intent(*where, key, at))
        if known is None or not known.mark:
            if wanted:
                self.into.messages.append(message)
                self.private_news |= message.place.kind is Kind.DIRECT
                if self._unsure or known is not None:
                    self._edit(message)
        elif known.mark != mark:
            self._edit(message)
        thread.seen[key] = Seen(at, mark, known.reactions if known else {})

    def _edit(self, message: NetworkMessage) -> None:
        """Instagram changes a text in place and tells no time: it is noticed now."""
        self.into.edits.append(
            Edit(message.place.kind, message.remote_id, message.text, self._lens.now)
        )

    def _missing(
        self, kind: Kind, thread: Thread, before: dict[str, Seen], present: set[str], bound: int
    ) -> None:
        for key, seen in before.items():
            if key in present:
                continue
            if seen.at > bound:
                self.suspects.append(Suspect(kind, key, thread))
            else:
                del thread.seen[key]  # it has left the page; nobody can tell what becomes of it
                self._memory.changed = True

    def _meet(self, who: str, username: str, *, wrote: bool) -> None:
        if not who:
            return
        known = self._memory.person(who)
        if username and known.username != username:
            known.username = username
            self.into.contacts[RemoteId(who)] = people.brief(RemoteId(who), username)
            self._memory.changed = True
        if not wrote or known.refused:
            return
        age = seconds(self._lens.now) - known.fetched_at
        if age > PROFILE_AGE.total_seconds() and who not in self.wanted:
            self.wanted.append(who)


def _time_of(entry: raw.Raw) -> float:
    at = raw.moment(entry.get("timestamp"))
    return at.timestamp() if at else 0.0
