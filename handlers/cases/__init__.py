"""Whoever handles a complaint or a concern: staff, and officers who came by the link in a mail. All are adults.

An officer has no role here, so routes are open to everybody; each asks the store first what this viewer may see.
"""

from dataclasses import replace

from bot.engine.router import Router
from handlers.cases import alerts, asked, clock, complaints, concerns, steps

_TOPICS = (alerts, clock, complaints, concerns, steps)
ROUTER = Router().include(topic.router for topic in _TOPICS)
FORMS = tuple(replace(form, at_work=True) for topic in (*_TOPICS, asked) for form in getattr(topic, "FORMS", ()))
