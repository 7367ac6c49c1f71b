"""O002 flex-op-outside-select-library: its page has the manual.

See rules/operators/O002-flex-op-outside-select-library.md.
"""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.operator import FLEX_PREFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("O002")

#: TensorFlow operators that the converter writes only where their library is loaded, and that the
#: Select TF ops library does not hold (google-ai-edge/LiteRT
#: tflite/converter/delegates/flex/allowlisted_flex_ops.cc, GetTFTextFlexAllowlist and
#: GetSentencePieceFlexAllowlist).
LIBRARIES = {
    "TensorFlow Text": frozenset(
        {
            "CaseFoldUTF8",
            "ConstrainedSequence",
            "MaxSpanningTree",
            "NormalizeUTF8",
            "NormalizeUTF8WithOffsetsMap",
            "RegexSplitWithOffsets",
            "RougeL",
            "SentenceFragments",
            "SentencepieceDetokenizeOp",
            "SentencepieceOp",
            "SentencepieceTokenizeOp",
            "SentencepieceTokenizeWithOffsetsOp",
            "SentencepieceVocabSizeOp",
            "SplitMergeTokenizeWithOffsets",
            "TFText>NgramsStringJoin",
            "TFText>WhitespaceTokenizeWithOffsetsV2",
            "TokenizerFromLogits",
            "UnicodeScriptTokenizeWithOffsets",
            "WhitespaceTokenizeWithOffsets",
            "WordpieceTokenizeWithOffsets",
        }
    ),
    "SentencePiece": frozenset(
        {
            "SentencepieceDecode",
            "SentencepieceEncodeDense",
            "SentencepieceEncodeSparse",
            "SentencepieceGetPieceSize",
            "SentencepieceIdToPiece",
            "SentencepiecePieceToId",
        }
    ),
}


@rule.op("CUSTOM")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if not op.is_flex or op.label in ctx.settings.allowed_custom_ops:
        return
    name = op.label[len(FLEX_PREFIX) :]
    for library, names in LIBRARIES.items():
        if name in names:
            yield rule.finding(
                op,
                f"{name} belongs to {library}, which the Select TF ops library does not hold",
                measured=op.label,
                limit=library,
                fix=f"link {library} into the application as well, or tokenize outside the model",
            )
