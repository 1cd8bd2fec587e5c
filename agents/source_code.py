"""What Python source does, apart from how it is explained: for hashes that a clearer comment leaves as they are."""

import io
import tokenize

FIRST = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENCODING)


def without_comments(source: str) -> str:
    """Python source without comments, docstrings and blank lines. Cut out of the text, so that every version of Python
    gives the same.
    """
    lines, cuts, docstring, first = source.splitlines(keepends=True), [], None, True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            cuts.append((token.start, token.end))
        elif token.type == tokenize.STRING and first:
            docstring = token.start, token.end
            first = False
            continue
        elif token.type == tokenize.NEWLINE and docstring is not None:
            cuts.append(docstring)
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            docstring = None
        first = token.type in FIRST
    for (top, left), (bottom, right) in reversed(cuts):
        lines[top - 1 : bottom] = [lines[top - 1][:left] + lines[bottom - 1][right:]]
    return "\n".join(line.rstrip() for line in lines if line.strip())
