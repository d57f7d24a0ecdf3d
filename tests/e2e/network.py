"""The sandbox VK as a process of its own, directed and questioned over its control address."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from smm_inbox.sandbox.vk.world import ANNA, BORIS, ELENA, IGOR, MARIA

ROOT = Path(__file__).parents[2]
PEOPLE = (ANNA, BORIS, ELENA, IGOR, MARIA)


@dataclass
class Network:
    """A running sandbox and the way to speak to it."""

    url: str
    group_id: int
    token: str
    service_key: str
    user_token: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    def act(self, action: str, **body: object) -> dict[str, Any]:
        """Let somebody do something; what came of it."""
        answer = self.session.post(f"{self.url}/control/{action}", json=body, timeout=30).json()
        assert "error" not in answer, (action, answer)
        result = answer.get("result")
        return result if isinstance(result, dict) else {}

    def ask(self, what: str) -> dict[str, Any]:
        """``sent``, ``calls`` or the whole ``state``."""
        answer: dict[str, Any] = self.session.get(f"{self.url}/control/{what}", timeout=30).json()
        return answer

    def fault(self, target: str, kind: str, **more: object) -> None:
        """Let something go wrong."""
        self.act("faults/add", target=target, kind=kind, **more)

    @property
    def options(self) -> dict[str, object]:
        """An account's table in the config file."""
        return {
            "channel": "vk",
            "group_id": self.group_id,
            "token": self.token,
            "service_key": self.service_key,
            "user_token": self.user_token,
            "api_url": self.url,
        }


@contextmanager
def running_network(seed: int) -> Iterator[Network]:
    """A sandbox in another process until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "smm_inbox.sandbox.vk", "--control", "--seed", str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout
    try:
        head = json.loads(process.stdout.readline())
        head.pop("pid")
        yield Network(**head)
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def write_config(folder: Path, accounts: dict[str, dict[str, object]], **top: object) -> Path:
    """A config file over a data folder beside it."""
    lines = [
        f"{key} = {json.dumps(value)}"
        for key, value in {"language": "ru", "data_dir": "data", **top}.items()
    ]
    for name, options in accounts.items():
        lines += ["", f"[accounts.{name}]"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in options.items()]
    config = folder / "config.toml"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    config.chmod(0o600)
    return config


@dataclass
class Crowd:
    """Customers and a colleague who write, comment, edit and delete; repeatable by seed."""

    network: Network
    dice: random.Random
    name: str
    posts: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def __call__(self) -> None:
        """One of them does something."""
        deeds = {
            self.writes: 6,
            self.comments_on: 5,
            self.edits: 2,
            self.edits_comment: 1,
            self.deletes_comment: 1,
            self.colleague_answers: 1,
        }
        self.dice.choices(list(deeds), list(deeds.values()))[0]()

    def words(self, what: str) -> str:
        """Words nobody else says."""
        self.count += 1
        return f"{what} {self.name}-{self.count}"

    def writes(self) -> None:
        user = self.dice.choice(PEOPLE)
        self.posts.append(self.network.act("customer_writes", user_id=user, text=self.words("?")))

    def comments_on(self) -> None:
        kind = self.dice.choices(["wall", "photo", "board", "market", "video"], [6, 1, 1, 1, 1])[0]
        reply_to = None
        known = [c for c in self.comments if c["kind"] == kind and not c.get("gone")]
        if kind == "wall" and known and self.dice.random() < 0.5:
            reply_to = self.dice.choice(known)["id"]
        self.comments.append(
            self.network.act(
                "comment_on",
                kind=kind,
                object_id=None,
                user_id=self.dice.choice(PEOPLE),
                text=self.words("!"),
                reply_to=reply_to,
            )
        )

    def edits(self) -> None:
        if self.posts:
            post = self.dice.choice(self.posts)
            self.network.act(
                "customer_edits",
                peer_id=post["peer_id"],
                cmid=post["cmid"],
                text=self.words("изм"),
            )

    def edits_comment(self) -> None:
        if living := [c for c in self.comments if not c.get("gone")]:
            comment = self.dice.choice(living)
            self.network.act(
                "customer_edits_comment",
                kind=comment["kind"],
                comment_id=comment["id"],
                text=self.words("изм"),
            )

    def deletes_comment(self) -> None:
        """Not a root: what hangs under a deleted root is another story."""
        if living := [c for c in self.comments if c["parents"] and not c.get("gone")]:
            comment = self.dice.choice(living)
            comment["gone"] = True
            self.network.act("delete_comment", kind=comment["kind"], comment_id=comment["id"])

    def colleague_answers(self) -> None:
        if self.posts:
            peer = self.dice.choice(self.posts)["peer_id"]
            self.network.act("admin_replies", peer_id=peer, text=self.words("с телефона"))
