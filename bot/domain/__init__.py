"""The rules of the independent visitor service as plain functions and values. No I/O."""
