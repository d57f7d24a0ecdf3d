"""``search``: the archive from the command line, for a person or as JSON Lines."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from smm_inbox.domain.found import Hit, Ranking
from smm_inbox.domain.highlight import excerpt, spans
from smm_inbox.domain.query import SearchQuery
from smm_inbox.locale import tr

from .exits import Exit, UsageError
from .output import complain, say, say_json

if TYPE_CHECKING:
    from smm_inbox.services.container import Services

_PAGE = 200
_EXCERPT = 160


async def search(
    services: Services, text: str, *, limit: int, by_time: bool, as_json: bool
) -> Exit:
    """Print at most ``limit`` hits; what was not understood goes to stderr.

    Everything stored is looked through: what is not indexed yet is indexed first.

    Raises ``UsageError`` when there is nothing to look for.
    """
    query = await services.search.read(text, typing=False)
    for sentence in services.search.slips(query):
        complain(sentence)
    if query.empty:
        raise UsageError(tr("There is nothing to look for: smm-inbox search WORDS."))
    await services.search.catch_up()
    ranking = Ranking.TIME if by_time else Ranking.RELEVANCE
    left, after, seen = limit, None, set[int]()
    while left > 0:
        page = await services.search.page(query, ranking, after=after, limit=min(left, _PAGE))
        for hit in page.hits:
            if hit.message is not None and hit.message in seen:
                continue
            seen.add(hit.message or 0)
            left -= 1
            if as_json:
                say_json(_row(services, hit))
            else:
                say(_lines(hit, query, services.settings.hours.zone))
        after = page.next
        if after is None:
            break
    if left == limit and not as_json:
        complain(tr("Nothing found."))
    return Exit.FINE


def _row(services: Services, hit: Hit) -> dict[str, object]:
    account = services.accounts.live(hit.account)
    return {
        "conversation": hit.conversation,
        "message": hit.message,
        "account": hit.account,
        "channel": "" if account is None else account.settings.channel,
        "kind": str(hit.kind),
        "status": hit.box if hit.box in {"snoozed", "spam"} else str(hit.status),
        "awaiting": hit.waits,
        "direction": None if hit.direction is None else str(hit.direction),
        "name": hit.name,
        "handle": hit.handle,
        "title": hit.title,
        "text": hit.text,
        "attachments": hit.attachments,
        "sent_at": hit.sent_at.isoformat(),
    }


def _lines(hit: Hit, query: SearchQuery, zone: tzinfo) -> str:
    when = hit.sent_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    who = " ".join(part for part in (hit.name, f"@{hit.handle}" if hit.handle else "") if part)
    text = hit.text or hit.title or hit.folded
    shown, _ = excerpt(text, spans(text, query), _EXCERPT)
    return f"{when}  {hit.account}  #{hit.conversation}  {who}\n    {shown}"
