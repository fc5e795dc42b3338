"""The words of the page itself: its buttons, hints and troubles. What the bot says is written elsewhere."""

from bot.i18n import Text, Words, _, n_

LABELS: dict[str, Text] = {
    "title": _("Chat"),
    "skip": _("Skip to the text box"),
    "messages": _("Messages"),
    "answer": _("Your turn"),
    "you": _("You said"),
    "bot": _("The bot says"),
    "newer": _("Something new is below"),
    "write": _("Write here"),
    "send": _("Send"),
    "always": _("Buttons that are always here"),
    "leave": _("Leave this page quickly"),
    "leave_hint": _("or press Shift 3 times"),
    "leaving": _("Leaving the page."),
    "loading": _("Loading"),
    "go_on": _("Go on"),
    "read": _("Read it to me"),
    "stop": _("Stop reading"),
    "file": _("Save the file"),
    "new_page": _("(opens a new page)"),
    "use_code": _("Press Send to use your code."),
    "cookies": _("I could not find your chat. This browser may be blocking cookies. I need one to keep our chat open."),
    "words_kept": _("Your words are still in the box. Press Send to send them."),
    "off_screen": _("I took the chat off the screen to keep it private."),
    "not_saved": _("I could not save that. Your words are still in the box. Press Send again."),
    "not_pressed": _("I could not save that. Nothing you sent before is lost. Press the button again."),
    "offline": _("I can't reach the chat right now. Your words are still here. Try again in a minute."),
    "closed": _("This chat is closed"),
    "closed_text": _("Nothing from it is shown here."),
    "new_chat": _("Start a new chat"),
    "back": _("Go to the chat"),
    "danger": _("If you are in danger now, ring 999. Childline is free, day and night: 0800 1111."),
}

PROBLEMS: dict[int, tuple[Text, Text]] = {
    403: (_("That did not come from the chat"), _("So I did not take it. Open the chat and try again.")),
    404: (_("There is nothing here"), _("The link may be old. You can go to the chat from here.")),
    405: (_("That does not work here"), _("Go to the chat and try again.")),
    413: (_("That is too long for me"), _("I did not take it. Go back and send it in smaller parts.")),
    429: (_("The chat is open too many times"), _("Close some of its pages and try again.")),
    500: (
        _("Something broke on our side"),
        _("It is not your fault. What I answered before is saved. Try again in a minute."),
    ),
    503: (_("I can't open the chat right now"), _("What I answered before is saved. Try again in a minute.")),
}
"""A heading and what to do, for each way a request can fail. 500 stands in for every other one."""


def spoken(words: Words, language: str, idle_minutes: int) -> dict[str, str]:
    """Every label in one language. `idle_minutes` is how long a silent chat stays open."""
    quiet = n_(
        "This is a new chat. I close a chat that has been quiet for {n} minute, to keep it private.",
        "This is a new chat. I close a chat that has been quiet for {n} minutes, to keep it private.",
        idle_minutes,
    )
    said = {name: words.plain(text, language) for name, text in LABELS.items()}
    said["quiet"] = words.plain(quiet, language)
    for left in (1, 2):
        said[f"press_{left}"] = words.plain(
            n_("Press Shift {n} more time to leave.", "Press Shift {n} more times to leave.", left), language
        )
    return said
