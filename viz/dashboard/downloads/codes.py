"""A question as a short text that needs no server and no network, to be read out, written down or mailed."""

from __future__ import annotations

import base64
import zlib

from stackcraft.agents.errors import InputError
from stackcraft.viz.dashboard.state import LONGEST

MARK = "SC2-"  # of new codes
# Text that addresses are made of, the most frequent last: what is here need not be in a code.
_COMMON = (
    b"events=switched_off=off=peers=neighbours&random&region&votes&synthetic&world=title=years=2025:2035&years=2025:2045&runs=16&runs=64&seed=2025"
    b"&m=share_US&m=share_CN&m=contested&m=confidence&d=tiles&t=table&o=us_retention&o=us_cost&budget=&w=low_income&w=population&w=gdp&c=KEN"
    b"&l=network&l=chips&l=data&l=models&l=security&l=applications&l=cloud&k=utilised&y=2035&a=s%3Dbaseline"
    b"&s=us-alliance-infrastructure&s=us-risk-tolerant-underwriter&s=us-sovereignty-guarantor&s=cn-open-weights-flood&s=nine-recommendations"
    b"&strategy=&preset=US%3Dcontested-first&preset=CN%3D&parameter=&set=us_financiers.risk_tolerance%3D&set=us_vendors.open_weights%3D"
)
# By mark. None of them may ever change, not even where a name in it is no longer in use: every code that was made with
# it would be refused as mangled. Another dictionary needs another mark.
_DICTIONARIES = {
    "SC1-": _COMMON
    + b"&set=cn_government.subsidy%3D&set=cn_government.guarantee%3D"
    + b"&set=us_government.subsidy%3D&set=us_government.guarantee%3D0.",
    "SC2-": _COMMON
    + b"&set=cn_government.subsidy%3D&set=cn_government.supply_bond%3D"
    + b"&set=us_government.subsidy%3D&set=us_government.supply_bond%3D0.",
}


def encode(query: str) -> str:
    """The code of an address's query (what follows the question mark). `decode` gives the query back."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, zdict=_DICTIONARIES[MARK])
    packed = packer.compress(query.encode()) + packer.flush()
    return MARK + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(code: str) -> str:
    """Return the query of a code, white space in it left out. Raises `InputError` for anything but a whole code."""
    text = "".join(code.split())
    mark, body = text[: len(MARK)], text[len(MARK) :]
    if mark not in _DICTIONARIES:
        raise InputError(f"{text[:24]!r} is not a scenario code, which begins with {MARK}")
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(zlib.MAX_WBITS, zdict=_DICTIONARIES[mark])
        plain = unpacker.decompress(packed, LONGEST)
        query = plain.decode()
    except (
        ValueError,
        zlib.error,
    ):  # binascii.Error and UnicodeDecodeError are ValueErrors, as is a letter beyond ASCII
        raise InputError(
            "the scenario code was mangled on the way: its check does not match; copy it again, whole"
        ) from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise InputError("the scenario code is cut off or too long; copy it again, whole")
    return query
