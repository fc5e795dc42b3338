"""The coordinator's side in chat. Everything here is for staff alone."""

from bot.engine.router import Router
from handlers.staff import (
    clearing,
    consents,
    enquiries,
    erased,
    expenses,
    files,
    goodbyes,
    ideas,
    inbox,
    mail,
    match,
    matches,
    matching,
    moves,
    notes,
    promises,
    proposing,
    reporting,
    request,
    signing,
    talks,
    visits,
    volunteer_access,
    volunteer_facts,
    volunteers,
)

_TOPICS = (
    clearing, consents, enquiries, erased, expenses, files, goodbyes, ideas, inbox, mail, match, matches, matching,
    moves, notes, promises, proposing, reporting, request, signing, talks, visits, volunteer_access, volunteer_facts,
    volunteers,
)  # fmt: skip
ROUTER = Router().include(topic.router for topic in _TOPICS)
FORMS = tuple(form for topic in _TOPICS for form in getattr(topic, "FORMS", ()))
