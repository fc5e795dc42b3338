"""Channels translate: their own events to Incoming, Outgoing to their own calls. They decide nothing."""
