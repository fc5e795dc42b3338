"""Names that whoever runs the service has chosen."""


class Named(str):
    """A name out of ivbot.toml, such as `the coordinator`: said in the catalogue's words where it has some."""

    __slots__ = ()
