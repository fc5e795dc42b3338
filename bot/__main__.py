"""`python -m bot` is the same as `ivbot`."""

from bot.cli import main

main()
