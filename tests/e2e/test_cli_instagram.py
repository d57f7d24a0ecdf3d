"""The program with an Instagram account: no command shows the token, no proxy variable stops it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from smm_inbox.sandbox.instagram import InstagramSandbox

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
SECRET = "слово-приложения"


@pytest.fixture
def ig() -> Iterator[InstagramSandbox]:
    with InstagramSandbox(seed=1) as sandbox:
        yield sandbox
        assert sandbox.state.failures == []


def configure(folder: Path, ig: InstagramSandbox) -> Path:
    config = folder / "config.toml"
    account = {"channel": "instagram", "token": ig.token, "base_url": ig.url, "app_secret": SECRET}
    lines = [f"{key} = {json.dumps(value)}" for key, value in account.items()]
    head = ['language = "en"', 'data_dir = "data"', "[accounts.cafe-ig]"]
    config.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
    config.chmod(0o600)
    return config


def environment(folder: Path) -> dict[str, str]:
    """Every proxy variable a desktop may set, in the form that httpx refuses."""
    names = ("ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")
    kept = {**os.environ, **dict.fromkeys(names, "socks://127.0.0.1:9/")}
    return {**kept, "HOME": str(folder), "XDG_CONFIG_HOME": "", "PYTHONPATH": str(ROOT)}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "smm_inbox", *words, "--config", str(folder / "config.toml")]
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env=environment(folder),
        cwd=folder,
        timeout=90,
    )


def test_no_command_and_no_file_shows_the_token(tmp_path: Path, ig: InstagramSandbox) -> None:
    configure(tmp_path, ig)
    ig.customer_writes(ig.add_person("marina_kofe"), "Столик?", attachments=[ig.photo()])
    ig.comments(ig.publish("Пост"), ig.add_person("timur"), "Цена?")
    told: list[str] = []

    def says(*words: str) -> str:
        done = run(tmp_path, *words)
        assert "Traceback" not in done.stderr, done.stderr
        told.append(done.stdout + done.stderr)
        return done.stdout

    assert json.loads(says("sync", "--once", "--json"))["accounts"][0]["received"] == 2
    checks = json.loads(says("doctor", "--json"))
    assert "teply_ugol_cafe" in json.dumps(checks)
    assert "Столик?" in says("export")
    says("export", "--format", "csv")
    for kind in ("html", "reset", "truncated", "error", "error_in_200"):
        ig.faults.clear()
        ig.faults.add("*", kind, count=None)
        says("doctor")
    ig.faults.clear()
    ig.kill_token()
    says("sync", "--once")
    assert "make a new one" in says("doctor")
    assert len(ig.state.tokens) == 2, "it was refreshed on the way"
    for token in ig.state.tokens:
        assert not [words for words in told if token in words]
        for path in tmp_path.rglob("*"):
            if path.is_file() and path.name not in {"config.toml", "token.json"}:
                assert token.encode() not in path.read_bytes(), path


@pytest.mark.skipif(os.name != "posix", reason="the program is ended by a signal")
def test_a_signed_webhook_is_taken_and_read(
    tmp_path: Path, ig: InstagramSandbox, unused_tcp_port: int
) -> None:
    configure(tmp_path, ig)
    marina = ig.add_person("marina_kofe")
    words = ["hooks", "--listen", f"127.0.0.1:{unused_tcp_port}"]
    command = [sys.executable, "-m", "smm_inbox", *words, "--config", str(tmp_path / "config.toml")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=environment(tmp_path), cwd=tmp_path
    ) as hooks:
        assert hooks.stdout is not None
        assert b"Listening" in hooks.stdout.readline()
        event: dict[str, object] = {"sender": {"id": marina}, "recipient": {"id": ig.user_id}}
        event |= {"timestamp": int(ig.state.now() * 1000), "message": {"mid": "m1", "text": "Ау?"}}
        payload = {"object": "instagram", "entry": [{"id": ig.user_id, "messaging": [event]}]}
        body = json.dumps(payload, ensure_ascii=False, indent=3).encode()
        made = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        web = build_opener(ProxyHandler({}))

        def post(content: bytes) -> int:
            request = Request(f"http://127.0.0.1:{unused_tcp_port}/", content)
            request.add_header("X-Hub-Signature-256", made)
            try:
                with web.open(request, timeout=20) as answer:
                    return int(answer.status)
            except HTTPError as error:
                return error.code

        again = json.dumps(payload, ensure_ascii=False).encode()
        assert post(again) == 403, "the same words in other bytes are not what was signed"
        assert post(body) == 200
        hooks.send_signal(signal.SIGINT)
        hooks.wait(20)
    assert json.loads(run(tmp_path, "sync", "--once", "--json").stdout)["accounts"][0]["received"]
    assert "Ау?" in run(tmp_path, "export").stdout
