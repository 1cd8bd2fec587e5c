"""Standard output and errors that never cost the work: closed, full, no longer read, or unable to show a sign."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress

PLAIN = "stackcraft-plain"  # the name under which Python knows `_in_plain_letters`
SIGNS = {0x2013: "-", 0x2014: "-", 0x2212: "-", 0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xD7: "x",
         0x2192: ">", 0x2190: "<", 0x2264: "<", 0x2265: ">", 0x2022: "*", 0xB7: "."}  # fmt: skip  # dashes, quotes, ...


def prepare_streams() -> Forgiving | None:
    """Put streams that forgive in the place of the process's own ones, and return what standard output writes to."""
    codecs.register_error(PLAIN, _in_plain_letters)
    _fill_closed()
    output = _prepare("stdout")
    _prepare("stderr")
    return output


class Forgiving(io.RawIOBase):
    """A stream on which writing never fails; the first error is kept in `error`."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self.raw = raw
        self.error: OSError | None = None

    def write(self, data: memoryview) -> int:
        """Write what can be written and say that all of it was."""
        if self.error is None:
            try:
                return self.raw.write(data)
            except OSError as error:
                self.error = error
        return len(data)

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return whether a person is at the other end."""
        return self.raw.isatty()

    def fileno(self) -> int:
        """Return the number that the system knows the stream by."""
        return self.raw.fileno()


def _prepare(name: str) -> Forgiving | None:
    stream = getattr(sys, name)
    if stream is not getattr(sys, f"__{name}__"):  # a notebook's, or a test's
        return None
    if stream is None:  # it was closed: what is written goes nowhere
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    buffer = stream.buffer
    raw = getattr(buffer, "raw", buffer)  # without a buffer where Python was started so
    if isinstance(raw, Forgiving):
        return raw
    forgiving = Forgiving(raw)
    errors = PLAIN if stream.errors in ("strict", "surrogateescape") else stream.errors
    options = {"encoding": stream.encoding, "errors": errors, "line_buffering": stream.line_buffering or raw is buffer}
    with suppress(OSError):
        stream.flush()
    stream.detach()  # or it would close what it writes to
    if raw is not buffer:
        buffer.detach()
    wrapped = io.TextIOWrapper(io.BufferedWriter(forgiving), **options)
    setattr(sys, name, wrapped)
    setattr(sys, f"__{name}__", wrapped)
    return forgiving


def _fill_closed() -> None:
    """Open the numbers of closed standard streams on nothing: the next file opened must not take their place."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    """Return a substitute for signs that a terminal cannot show: é as e, a long dash as a short one, others as ?."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(SIGNS)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() else "?" for sign in plain), error.end
