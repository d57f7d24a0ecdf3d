"""VK's error codes and sentences, as the live network words them."""

from __future__ import annotations

from smm_inbox.sandbox.vk.model import Json

TEXTS = {
    1: "Unknown error occurred",
    3: "Unknown method passed",
    5: "User authorization failed: invalid access_token (4).",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    9: "Flood control",
    10: "Internal server error: could not get application",
    14: "Captcha needed",
    15: "Access denied: no access to call this method",
    17: "Validation required: please open redirect_uri in browser",
    18: "User was deleted or banned",
    27: "Group authorization failed: method is unavailable with group auth.",
    28: "Application authorization failed: method is unavailable with service token.",
    29: "Rate limit reached",
    100: "One of the parameters specified was missing or invalid",
    104: "Not found",
    113: "Invalid user id",
    129: "Invalid photo",
    210: "Access to wall's post denied",
    211: "Access to wall's comment denied",
    212: "Access to post comments denied",
    213: "Access to status replies denied",
    222: "Hyperlinks are forbidden",
    223: "Too many replies",
    801: "Comments for this video are closed",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    914: "Message is too long",
    917: "You don't have access to this chat",
    924: "Can't delete this message for everybody",
    936: "Contact not found",
    950: "Can't send message, reply timed out",
    1401: "Comments for this market are closed",
}
SCOPE_TEXT = (
    "Access denied: no access to call this method. It cannot be called with current scopes."
)
OTHER_IP_TEXT = "User authorization failed: access_token was given to another ip address."
NO_TOKEN_TEXT = "User authorization failed: no access_token passed."  # noqa: S105 - a sentence

CAPTCHA: Json = {
    "captcha_sid": "501001001001",
    "captcha_img": "https://vk.example.invalid/captcha.php?sid=501001001001&source=x",
    "redirect_uri": "https://id.example.invalid/not_robot_captcha?domain=vk.com&session_token=EXAMPLE",
    "captcha_ts": 1795165200.123,
    "captcha_attempt": 1,
    "captcha_ratio": 2.6,
    "is_refresh_enabled": True,
    "is_sound_captcha_available": True,
    "uiux_changes": True,
}
VALIDATION: Json = {"redirect_uri": "https://id.example.invalid/validation?x=1"}


class VkError(Exception):
    """An API error on its way to the caller."""

    def __init__(self, code: int, text: str = "", **extra: object) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text or TEXTS.get(code, TEXTS[1])
        self.extra: Json = dict(extra)
        if code == 14:
            self.extra = {**CAPTCHA, **self.extra}
        elif code in {17, 24}:
            self.extra = {**VALIDATION, **self.extra}

    def body(self, method: str, params: dict[str, str]) -> Json:
        """The JSON answer; the token never comes back in it."""
        listed = [{"key": "method", "value": method}, {"key": "oauth", "value": "1"}]
        listed += [{"key": "v", "value": params.get("v", "5.199")}]
        listed += [
            {"key": key, "value": value}
            for key, value in params.items()
            if key not in {"v", "access_token", "method", "oauth"}
        ]
        error: Json = {
            "error_code": self.code,
            "error_msg": self.text,
            "request_params": listed,
            **self.extra,
        }
        return {"error": error}


def missing(name: str) -> VkError:
    """Error 100 for a parameter that did not come."""
    return VkError(100, f"{TEXTS[100]}: {name} is undefined")


def invalid(what: str) -> VkError:
    """Error 100 for a parameter that makes no sense."""
    return VkError(100, f"{TEXTS[100]}: {what}")
