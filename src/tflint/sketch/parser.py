"""Text to statements."""

from __future__ import annotations

import re
from typing import NamedTuple

from tflint.sketch.errors import SketchError, did_you_mean
from tflint.sketch.literals import (
    Cursor,
    attributes,
    bounded,
    data,
    data_inside,
    name,
    reference,
    starts_data,
    whole,
)
from tflint.sketch.syntax import (
    BufferLine,
    Data,
    Document,
    ListLine,
    MetadataLine,
    OpcodeLine,
    OperatorLine,
    OperatorName,
    Ref,
    SignatureLine,
    SubgraphLine,
    TensorLine,
)
from tflint.sketch.tokens import END, INDEX, NAME, NEWLINE, PUNCT, STRING, clip, tokenize
from tflint.sketch.vocabulary import (
    BUILTIN_CODES,
    CUSTOM,
    DTYPE_CODES,
    KEYWORDS,
    ROLES,
    dtype_code,
    is_plain_custom,
    numbered,
)

INT32 = (-(2**31), 2**31 - 1)
UINT32 = (0, 2**32 - 1)
_VERSIONED = re.compile(r"(.+)\.(-?[0-9]+)")


class _Parts(NamedTuple):
    """What the lines of a sketch add up to, while they are read."""

    opcodes: list[OpcodeLine]
    metadata: list[MetadataLine]
    buffers: list[BufferLine]
    signatures: list[SignatureLine]
    appended: list[Data]
    subgraphs: list[SubgraphLine]
    body: list[TensorLine | OperatorLine | ListLine]


def parse_document(text: str) -> Document:
    """Every line of a sketch.

    Raises:
        SketchError: the text is no sketch.
    """
    tokens, _ = tokenize(text)
    cursor = Cursor(tokens)
    parts = _Parts([], [], [], [], [], [], [])
    model = defaults = None
    while cursor.token.kind == NEWLINE:
        cursor.next()
    if _keyword(cursor) == "model":
        model = (cursor.next().line, attributes(cursor))
        cursor.end_line("an attribute of the model as name=value")
    if _keyword(cursor) == "defaults":
        cursor.next()
        defaults = attributes(cursor)
        cursor.end_line("a default as name=value")
    opened: SubgraphLine | None = None
    while cursor.token.kind != END:
        if cursor.token.kind == NEWLINE:
            cursor.next()
            continue
        if _keyword(cursor) == "subgraph":
            _close(opened, parts)
            opened = _subgraph(cursor)
        elif not _model_line(cursor, parts):
            opened = opened or SubgraphLine(0, None, (), ())
            parts.body.append(_graph_line(cursor))
    _close(opened, parts)
    line, given = model or (0, ())
    return Document(
        line,
        given,
        defaults or (),
        tuple(parts.opcodes),
        tuple(parts.metadata),
        tuple(parts.buffers),
        tuple(parts.signatures),
        tuple(parts.appended),
        tuple(parts.subgraphs),
    )


def _close(opened: SubgraphLine | None, parts: _Parts) -> None:
    if opened is not None:
        parts.subgraphs.append(opened._replace(body=tuple(parts.body)))
        parts.body.clear()


def _keyword(cursor: Cursor) -> str:
    """The word that says what the line is; empty when the line begins with a tensor or operator."""
    token, following = cursor.token, cursor.following
    if token.kind != NAME or token.text not in KEYWORDS:
        return ""
    if following.kind == PUNCT and following.text in "[@=":
        return ""  # a tensor of that name
    return token.text


def _model_line(cursor: Cursor, parts: _Parts) -> bool:
    """Reads a line about the model as a whole; False when the line is about a subgraph."""
    keyword = _keyword(cursor)
    if keyword == "metadata":
        parts.metadata.append(_metadata(cursor))
    elif keyword == "signature":
        parts.signatures.append(_signature(cursor))
    elif keyword == "opcode":
        line = cursor.next().line
        parts.opcodes.append(OpcodeLine(line, _operator_name(cursor), attributes(cursor)))
        cursor.end_line("an attribute of the operator code as name=value")
    elif keyword == "buffer":
        line = cursor.next().line
        number = whole(cursor, "buffer number", *UINT32)
        given = attributes(cursor)
        held = None if cursor.ends() else data(cursor)
        parts.buffers.append(BufferLine(line, number, given, held))
        cursor.end_line("the end of the line")
    elif keyword == "appended":
        cursor.next()
        parts.appended.append(data_inside(cursor))
        cursor.end_line("the end of the line")
    elif keyword in ("model", "defaults"):
        place = "on the first line" if keyword == "model" else "below the model line"
        raise SketchError(cursor.token.line, f"{keyword} belongs {place}, and once")
    else:
        return False
    return True


def _metadata(cursor: Cursor) -> MetadataLine:
    line = cursor.next().line
    key = name(cursor, "the name of the metadata, or - for none")
    given = attributes(cursor)
    held = None if cursor.ends() else data(cursor)
    given += attributes(cursor)
    cursor.end_line("the end of the line")
    return MetadataLine(line, key, given, held)


def _signature(cursor: Cursor) -> SignatureLine:
    line = cursor.next().line
    key = name(cursor, "the key of the signature, or - for none")
    subgraph = 0
    for item in attributes(cursor):
        if item.name != "subgraph":
            raise SketchError(item.line, f"a signature has subgraph=, not {item.name}=")
        text = getattr(item.value, "text", "")
        subgraph = bounded(text, "subgraph number", *UINT32, item.line)
    sides = {}
    for side in ("inputs", "outputs"):
        if cursor.token.kind == NAME and cursor.token.text == side:
            cursor.next()
            sides[side] = _tensor_map(cursor, side)
    cursor.end_line("inputs(name=tensor, ..) or outputs(name=tensor, ..)")
    return SignatureLine(line, key, subgraph, sides.get("inputs", ()), sides.get("outputs", ()))


def _tensor_map(cursor: Cursor, side: str) -> tuple[tuple[str | None, Ref], ...]:
    cursor.expect("(", f"after {side}")
    found = []
    while not cursor.accept(")"):
        key = name(cursor, f"a name or ) in {side}()")
        cursor.expect("=", "and the tensor the name stands for")
        found.append((key, reference(cursor)))
        cursor.accept(",")
    return tuple(found)


def _subgraph(cursor: Cursor) -> SubgraphLine:
    line = cursor.next().line
    title = None
    if cursor.token.kind in (NAME, STRING) and not (
        cursor.following.kind == PUNCT and cursor.following.text == "="
    ):
        title = cursor.next().text
    given = attributes(cursor)
    cursor.end_line("the name of the subgraph or an attribute as name=value")
    return SubgraphLine(line, title, given, ())


def _graph_line(cursor: Cursor) -> TensorLine | OperatorLine | ListLine:
    keyword = _keyword(cursor)
    if keyword in ROLES:
        cursor.next()
        if keyword == "input" and not _declares(cursor):
            return _list(cursor, keyword)
        return _definition(cursor, keyword)
    if keyword == "output":
        cursor.next()
        return _list(cursor, keyword)
    if cursor.is_punct("("):
        return _several_outputs(cursor)
    token, following = cursor.token, cursor.following
    if token.kind == NAME and following.kind == PUNCT and following.text == "(":
        return _operator(cursor, ())
    if (
        following.kind == PUNCT
        and following.text == "="
        and (token.kind in (NAME, STRING, INDEX) or cursor.is_punct("-"))
    ):
        found = reference(cursor)
        cursor.expect("=", "and the operator")
        return _operator(cursor, (found,))
    if not _declares(cursor):
        raise _no_line(cursor)
    return _definition(cursor, "")


def _no_line(cursor: Cursor) -> SketchError:
    """The error for a line that is none of the kinds there are."""
    token = cursor.token
    suggestion = did_you_mean(token.text, KEYWORDS) if token.kind == NAME else ""
    if token.kind == NAME and (suggestion or cursor.following.kind != NAME):
        return SketchError(token.line, f"{clip(token.text)} begins no line{suggestion}")
    known = ", ".join(sorted(KEYWORDS))
    return cursor.unexpected(f"x [1,8] FLOAT32, y = OP(x), or one of {known}")


def _declares(cursor: Cursor) -> bool:
    """Whether a name and a shape come next."""
    following = cursor.following
    named = cursor.token.kind in (NAME, STRING) or cursor.is_punct("-")
    return named and following.kind == PUNCT and following.text in "[@"


def _list(cursor: Cursor, role: str) -> ListLine:
    line = cursor.token.line
    found = []
    while not cursor.ends():
        found.append(reference(cursor))
        if cursor.is_punct("["):
            raise SketchError(
                cursor.token.line,
                f"{role} lists tensors declared on lines of their own, found a shape",
            )
    cursor.end_line("the end of the line")
    return ListLine(line, role, tuple(found))


def _definition(cursor: Cursor, role: str) -> TensorLine | OperatorLine:
    """`name [shape] DTYPE attributes`, with `= data` or `= OP(..)` behind."""
    tensor = _tensor(cursor, role)
    if cursor.accept("="):
        if starts_data(cursor) or role in ("const", "variable"):
            tensor = tensor._replace(data=data(cursor))
        else:
            return _operator(cursor, (tensor,))
    cursor.end_line("an attribute as name=value, = data, = OP(..), or the end of the line")
    return tensor


def _several_outputs(cursor: Cursor) -> OperatorLine:
    cursor.next()
    outputs: list[Ref | TensorLine] = []
    while not cursor.accept(")"):
        outputs.append(_tensor(cursor, "") if _declares(cursor) else reference(cursor))
        cursor.accept(",")
    cursor.expect("=", "and the operator of these outputs")
    return _operator(cursor, tuple(outputs))


def _tensor(cursor: Cursor, role: str) -> TensorLine:
    line = cursor.token.line
    title = name(cursor, "the name of a tensor, or - for none")
    index = None
    if cursor.accept("@"):
        index = whole(cursor, "tensor index", 0, INT32[1])
    shape, signature, ranked = _shape(cursor)
    dtype = _dtype(cursor)
    return TensorLine(
        line, role, title, index, shape, signature, ranked, dtype, attributes(cursor), None
    )


def _shape(cursor: Cursor) -> tuple[tuple[int, ...], tuple[int, ...] | None, bool]:
    """Shape, shape signature where there is a `?`, and whether the rank is known."""
    cursor.expect("[", "and the shape, as [1,224,224,3]")
    if cursor.accept("*"):
        cursor.expect("]", "after [*]")
        return (), None, False
    shape: list[int] = []
    signature: list[int] = []
    while not cursor.accept("]"):
        if cursor.accept("?"):
            shape.append(1)
            signature.append(-1)
        else:
            shape.append(whole(cursor, "dimension", *INT32))
            signature.append(shape[-1])
        cursor.accept(",")
    return tuple(shape), tuple(signature) if shape != signature else None, True


def _dtype(cursor: Cursor) -> int:
    token = cursor.token
    if token.kind != NAME:
        raise cursor.unexpected("an element type such as FLOAT32")
    cursor.next()
    code = dtype_code(token.text)
    if code is None:
        raise SketchError(
            token.line, f"no element type {clip(token.text)}{did_you_mean(token.text, DTYPE_CODES)}"
        )
    return code


def _operator(cursor: Cursor, outputs: tuple[Ref | TensorLine, ...]) -> OperatorLine:
    line = cursor.token.line
    operator = _operator_name(cursor)
    cursor.expect("(", f"and the inputs of {clip(operator.text)}")
    inputs = []
    while not cursor.accept(")"):
        inputs.append(reference(cursor))
        if not cursor.accept(",") and not cursor.is_punct(")"):
            raise cursor.unexpected(", or ) in the inputs")
    given = attributes(cursor)
    cursor.end_line("an option as name=value or the end of the line")
    return OperatorLine(line, outputs, operator, tuple(inputs), given)


def _operator_name(cursor: Cursor) -> OperatorName:
    token = cursor.token
    if token.kind != NAME:
        raise cursor.unexpected("an operator such as CONV_2D")
    cursor.next()
    if token.text == "custom" and cursor.is_punct("("):
        return _quoted_custom(cursor, token.line)
    versioned = _VERSIONED.fullmatch(token.text)
    base, version = token.text, 1
    if versioned:
        base = versioned.group(1)
        version = bounded(versioned.group(2), "version of the operator", *INT32, token.line)
    if base in BUILTIN_CODES:
        return OperatorName(BUILTIN_CODES[base], None, version, None, base, token.line)
    code, index = numbered(base, "BUILTIN"), numbered(base, "OPCODE")
    if code is not None:
        code = bounded(str(code), "builtin code", -128, INT32[1], token.line)
        return OperatorName(code, None, version, None, base, token.line)
    if index is not None:
        index = bounded(str(index), "operator code number", *UINT32, token.line)
        return OperatorName(0, None, version, index, base, token.line)
    if is_plain_custom(base):
        return OperatorName(CUSTOM, base, version, None, base, token.line)
    raise SketchError(
        token.line,
        f"no operator {clip(base)}{did_you_mean(base, BUILTIN_CODES)} "
        f'(a custom operator of that name is custom("{clip(base)}"))',
    )


def _quoted_custom(cursor: Cursor, line: int) -> OperatorName:
    cursor.expect("(", "after custom")
    if cursor.token.kind != STRING:
        raise cursor.unexpected("the name of the custom operator in quotes")
    title = cursor.next().text
    cursor.accept(",")
    version = 1
    for item in attributes(cursor):
        if item.name != "version":
            raise SketchError(item.line, f"custom() takes version=, not {item.name}=")
        text = getattr(item.value, "text", "")
        version = bounded(text, "version of the operator", *INT32, item.line)
    cursor.expect(")", "to close custom()")
    return OperatorName(CUSTOM, title, version, None, "custom", line)
