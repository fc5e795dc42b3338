"""The volunteer's side: their work with one child, by message. Everything here is for volunteers alone."""

from bot.engine.router import Router
from handlers.volunteer import expenses, facts, goodbye, meeting, pause, planning, report, stages, visits, work

_TOPICS = (expenses, facts, goodbye, meeting, pause, planning, report, stages, visits, work)
ROUTER = Router().include(topic.router for topic in _TOPICS)
FORMS = tuple(form for topic in _TOPICS for form in getattr(topic, "FORMS", ()))
