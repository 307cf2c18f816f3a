"""The headers that every answer carries, so that a browser does no more than show it."""

from __future__ import annotations

Headers = list[tuple[bytes, bytes]]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SAFETY_HEADERS = {
    b"content-security-policy": CONTENT_SECURITY_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    b"cross-origin-opener-policy": b"same-origin",
}

STATIC_PREFIXES = ("/-/static/", "/-/static-plugins/")


def with_safety_headers(headers: Headers, path: str, status: int, ttl: int) -> Headers:
    """The answer's own headers with ours in place of any of the same name, and a cache time if it has none.

    `ttl` is in seconds; the style sheets and scripts may be kept twelve times as long.
    """
    kept = [(name, value) for name, value in headers if name.lower() not in SAFETY_HEADERS]
    names = {name.lower() for name, _ in kept}
    if status == 200 and b"cache-control" not in names and b"set-cookie" not in names:
        seconds = ttl * 12 if path.startswith(STATIC_PREFIXES) else ttl
        kept.append((b"cache-control", f"max-age={seconds}".encode()))
    return [*kept, *SAFETY_HEADERS.items()]
