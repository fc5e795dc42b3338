"""The coordinator's side in chat. Everything here is for staff alone."""

from bot.engine.router import Router
from handlers.staff import enquiries, erased, files, ideas, inbox, mail, moves, promises, talks, visits

_TOPICS = (enquiries, erased, files, ideas, inbox, mail, moves, promises, talks, visits)
ROUTER = Router().include(topic.router for topic in _TOPICS)
FORMS = tuple(form for topic in _TOPICS for form in getattr(topic, "FORMS", ()))
