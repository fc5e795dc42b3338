"""How long things are kept (domain.md, section 7: pass on, confirm receipt, then forget)."""

import datetime as dt

DRAFT_REMINDED_AFTER = dt.timedelta(days=1)
"""A form left alone this long is mentioned, once."""

CHILD_CODE_VALID = dt.timedelta(days=90)
"""How long a child has to use the code an adult gives them."""

INVITE_VALID = dt.timedelta(days=7)
"""How long a code for staff and volunteers can be redeemed."""

HANDLER_CODE_VALID = dt.timedelta(weeks=6)
"""How long the link in a mail about a complaint or a concern opens it."""

MOMENTS_KEPT = dt.timedelta(days=400)
"""How long it is remembered that a moment has come, such as the end of a visit: what is due once comes once."""
