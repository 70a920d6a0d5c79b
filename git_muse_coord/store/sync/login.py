"""Whether a remote did not let us in, as git, ssh and the web say it."""

from __future__ import annotations

import re

_REFUSED = re.compile(
    rb"Authentication failed for|could not read (?:Username|Password)|terminal prompts disabled"
    rb"|Permission denied \(|Host key verification failed|HTTP Basic: Access denied"
    rb"|requested URL returned error: 40[137]\b",
    re.IGNORECASE,
)


def refuses_login(said: bytes) -> bool:
    """Whether git failed for want of a login: the same again would fail again, and lock some accounts."""
    return _REFUSED.search(said) is not None
