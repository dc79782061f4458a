"""Links to assets: signed, expiring, and the same all day so that browsers keep what they fetched."""

import time

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "concord.scenes.assets"
DAY_S = 24 * 3600
LONGEST_UNTIL = 12


def link_expiry(now_s: float | None = None) -> int:
    """When a link made now ends: a day's boundary, 24 to 48 hours ahead, as Unix seconds."""
    return (int(time.time() if now_s is None else now_s) // DAY_S + 2) * DAY_S


def asset_link(sha256: str, extension: str, *, until: int) -> str:
    """Write the address under which an asset can be fetched until then."""
    return f"/assets/{sha256}.{extension}?until={until}&sig={_signature(sha256, extension, until)}"


def opens(sha256: str, extension: str, *, until: str, signature: str) -> bool:
    """Whether a link was made here and has not ended."""
    if not (until.isascii() and until.isdecimal() and len(until) <= LONGEST_UNTIL):
        return False
    if int(until) < time.time():
        return False
    return constant_time_compare(signature, _signature(sha256, extension, int(until)))


def _signature(sha256: str, extension: str, until: int) -> str:
    signed = salted_hmac(SALT, f"{sha256}.{extension}:{until}", algorithm="sha256")
    return signed.hexdigest()
