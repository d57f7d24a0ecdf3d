"""The errors of the sandbox Instagram: code, subcode, HTTP status and text as they were seen."""

from __future__ import annotations

from dataclasses import dataclass

from smm_inbox.sandbox.instagram.model import Json

TRACE = "AInventedTraceId0123456"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table."""

    code: int
    subcode: int
    status: int
    type: str
    message: str
    transient: bool = False


_IG, _OAUTH = "IGApiException", "OAuthException"

KINDS: dict[str, Kind] = {
    "expired": Kind(190, 463, 400, _OAUTH, "Error validating access token: Session has expired."),
    "invalid": Kind(190, 0, 400, _OAUTH, "Invalid OAuth access token - Cannot parse access token"),
    "password": Kind(
        190, 460, 400, _OAUTH, "Error validating access token: the password has been changed."
    ),
    "no_token": Kind(104, 0, 400, _OAUTH, "An access token is required to request this resource."),
    "not_refreshable": Kind(
        100, 0, 400, _IG, "The access token must be at least 24 hours old to be refreshed."
    ),
    "window": Kind(10, 2534022, 403, _IG, "This message is sent outside of allowed window."),
    "human_agent": Kind(
        10,
        0,
        403,
        _IG,
        "To use 'Human Agent', your use of this endpoint must be reviewed and approved by "
        "Facebook.",
    ),
    "permission": Kind(10, 0, 403, _IG, "Application does not have permission for this action"),
    "access_level": Kind(
        200,
        0,
        403,
        _IG,
        "(#200) The app does not have Advanced Access to instagram_business_manage_messages "
        "permission, and the recipient user does not have role on app",
    ),
    "switch_off": Kind(200, 2534041, 403, _IG, "The owner disabled access to messages."),
    "app_limit": Kind(4, 0, 400, _OAUTH, "(#4) Application request limit reached", transient=True),
    "limit": Kind(
        80002,
        0,
        400,
        _OAUTH,
        "(#80002) There have been too many calls to this Instagram account. Wait a bit and try "
        "again.",
    ),
    "dm_limit": Kind(
        613, 2534040, 400, _OAUTH, "(#613) Calls to this api have exceeded the rate limit."
    ),
    "consent": Kind(230, 0, 500, _IG, "User consent is required to access user profile"),
    "not_found": Kind(
        100,
        33,
        400,
        _IG,
        "Unsupported get request. Object does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation",
    ),
    "field": Kind(100, 0, 400, _IG, "(#100) Tried accessing nonexisting field"),
    "syntax": Kind(2500, 0, 400, _OAUTH, "Syntax error in the fields parameter"),
    "cursor": Kind(100, 0, 400, _IG, "(#100) Invalid cursor"),
    "path": Kind(2500, 0, 500, _OAUTH, "Unknown path components"),
    "deleted": Kind(
        9000001, 0, 400, _OAUTH, "This Message has been deleted by the user or the business."
    ),
    "nobody": Kind(100, 2534014, 400, _IG, "The requested user cannot be found."),
    "bad_message": Kind(100, 2534015, 400, _IG, "Invalid message data"),
    "private_reply": Kind(100, 2534025, 400, _IG, "The comment is invalid for a private reply"),
    "unavailable": Kind(551, 1545041, 400, _IG, "This person isn't available right now."),
    "hidden": Kind(100, 0, 400, _IG, "(#100) Replies to hidden comments are not possible"),
    "role": Kind(100, 0, 400, _IG, "Unsupported request - method type: get"),
    "restricted": Kind(368, 0, 400, _IG, "The action attempted has been deemed abusive"),
    "unknown": Kind(1, 99, 500, _OAUTH, "An unknown error has occurred.", transient=True),
    "reduce": Kind(
        1,
        0,
        500,
        _OAUTH,
        "Please reduce the amount of data you're asking for, then retry your request",
    ),
    "transient": Kind(
        2,
        0,
        500,
        _OAUTH,
        "An unexpected error has occurred. Please retry your request later.",
        transient=True,
    ),
    "strange": Kind(987654, 1, 400, _IG, "Something nobody documented"),
}


class GraphError(Exception):
    """An answer with an error object."""

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(name)
        self.kind = KINDS[name]
        self.detail = detail

    def body(self) -> Json:
        """The JSON of the answer."""
        kind = self.kind
        error: Json = {
            "message": f"{kind.message} {self.detail}".strip(),
            "type": kind.type,
            "code": kind.code,
        }
        if kind.subcode:
            error["error_subcode"] = kind.subcode
        if kind.transient:
            error["is_transient"] = True
        error["fbtrace_id"] = TRACE
        return {"error": error}
