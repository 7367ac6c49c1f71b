"""Makes `_generated/schema.py`: every table, enum and union of the schemas tflint reads."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from typing import NamedTuple

from tflint._dev.generated_python import GeneratedSchema, parse
from tflint.flatbuf.reader import DEPRECATED, SCALAR, SCALARS, UNION


class Source(NamedTuple):
    """Where one schema comes from."""

    distribution: str  #: the Python distribution whose wheel holds the file
    package: str  #: the import package of that distribution
    path: str  #: the file inside the package


SOURCES = (
    Source("ai-edge-litert", "ai_edge_litert", "schema_py_generated.py"),
    Source(
        "tensorflow",
        "tensorflow",
        "lite/python/conversion_metadata_schema_py_generated.py",
    ),
    Source("mediapipe", "mediapipe", "tasks/metadata/metadata_schema_py_generated.py"),
)

#: The enum of each field that holds one: flatc's Python code drops that. `*` is any table.
#: From google-ai-edge/LiteRT tflite/converter/schema/schema.fbs and conversion_metadata.fbs
#: @ f67457790c9c, and mediapipe/tasks/metadata/metadata_schema.fbs of mediapipe 1.2.2.
ENUM_OF_FIELD = {
    "*.fused_activation_function": "ActivationFunctionType",
    "Conv2DOptions.padding": "Padding",
    "Conv3DOptions.padding": "Padding",
    "DepthwiseConv2DOptions.padding": "Padding",
    "Pool2DOptions.padding": "Padding",
    "TransposeConvOptions.padding": "Padding",
    "*.quantized_bias_type": "TensorType",
    "Tensor.type": "TensorType",
    "VariantSubType.type": "TensorType",
    "CastOptions.in_data_type": "TensorType",
    "CastOptions.out_data_type": "TensorType",
    "ShapeOptions.out_type": "TensorType",
    "ArgMaxOptions.output_type": "TensorType",
    "ArgMinOptions.output_type": "TensorType",
    "UniqueOptions.idx_out_type": "TensorType",
    "HashtableOptions.key_dtype": "TensorType",
    "HashtableOptions.value_dtype": "TensorType",
    "FullyConnectedOptions.weights_format": "FullyConnectedOptionsWeightsFormat",
    "LSTMOptions.kernel_type": "LSTMKernelType",
    "LSHProjectionOptions.type": "LSHProjectionType",
    "EmbeddingLookupSparseOptions.combiner": "CombinerType",
    "MirrorPadOptions.mode": "MirrorPadMode",
    "ReduceWindowOptions.reduce_function": "ReduceWindowFunction",
    "StablehloCompareOptions.comparison_direction": "StablehloComparisonDirection",
    "StablehloCompareOptions.compare_type": "StablehloComparisonType",
    "*.precision_config": "StablehloPrecisionConfig",
    "StablehloRngBitGeneratorOptions.algorithm": "RngAlgorithm",
    "Operator.custom_options_format": "CustomOptionsFormat",
    "OperatorCode.builtin_code": "BuiltinOperator",
    "OperatorCode.deprecated_builtin_code": "BuiltinOperator",
    "DimensionMetadata.format": "DimensionType",
    "Environment.model_type": "ModelType",
    "ConversionOptions.model_optimization_modes": "ModelOptimizationMode",
    "AssociatedFile.type": "AssociatedFileType",
    "ImageProperties.color_space": "ColorSpaceType",
    "BoundingBoxProperties.type": "BoundingBoxType",
    "BoundingBoxProperties.coordinate_type": "CoordinateType",
    "ScoreCalibrationOptions.score_transformation": "ScoreTransformationType",
}


def source_path(source: Source) -> str:
    """The generated Python file on this machine.

    Raises:
        FileNotFoundError: the distribution is not installed.
    """
    spec = importlib.util.find_spec(source.package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = os.path.join(folder, source.path)
        if os.path.exists(path):
            return path
    raise FileNotFoundError(f"{source.package}/{source.path}: pip install {source.distribution}")


def read_sources() -> tuple[GeneratedSchema, list[str]]:
    """All sources as one schema, and a line of provenance for each."""
    merged = GeneratedSchema({}, {}, {})
    provenance = []
    for source in SOURCES:
        with open(source_path(source), encoding="utf-8") as file:
            schema = parse(file.read())
        taken = (merged.tables.keys() & schema.tables) | (merged.enums.keys() & schema.enums)
        if taken:
            raise ValueError(f"{source.path}: names already taken: {sorted(taken)}")
        merged.tables.update(schema.tables)
        merged.enums.update(schema.enums)
        merged.unions.update(schema.unions)
        version = importlib.metadata.version(source.distribution)
        provenance.append(f"{source.distribution} {version}: {source.package}/{source.path}")
    return merged, provenance


def enum_of(table: str, field: str) -> str | None:
    """The enum whose values the field holds, or None."""
    return ENUM_OF_FIELD.get(f"{table}.{field}") or ENUM_OF_FIELD.get(f"*.{field}")


def render() -> str:
    """The text of `_generated/schema.py`."""
    schema, provenance = read_sources()
    lines = [
        '"""Tables, enums and unions of the schemas tflint reads.',
        "",
        "Generated by `python -m tflint._dev generate`; do not edit. From",
        *(f"- {line}" for line in provenance),
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "TYPE_CHECKING = False",
        "if TYPE_CHECKING:",
        "    from typing import Any",
        "",
    ]
    union_names = {members: name for name, members in schema.unions.items()}
    for name, members in schema.unions.items():
        lines.append(f"_{name} = {members!r}")
    lines += [
        "",
        "#: Per table its fields in slot order: (name, kind, type, default, enum).",
        "TABLES: dict[str, tuple[tuple[str, int, Any, Any, str | None], ...]] = {",
    ]
    for table, fields in schema.tables.items():
        lines.append(f"    {table!r}: (")
        for name, kind, of, default, _ in fields:
            of_text = f"_{union_names[of]}" if kind == UNION else repr(of)
            enum = enum_of(table, name) if kind in (SCALAR, SCALARS) else None
            if kind == DEPRECATED:
                lines.append(f"        ('', {kind}, None, None, None),")
            else:
                lines.append(f"        ({name!r}, {kind}, {of_text}, {default!r}, {enum!r}),")
        lines.append("    ),")
    lines += ["}", ""]
    lines += ["#: Per enum the names of its values.", "ENUMS: dict[str, dict[int, str]] = {"]
    for enum, values in schema.enums.items():
        names = {value: name for name, value in values.items()}
        lines.append(f"    {enum!r}: {names!r},")
    lines += ["}", ""]
    lines += ["#: Per union the table of each type; '' holds nothing."]
    lines += ["UNIONS: dict[str, tuple[str, ...]] = {"]
    lines += [f"    {name!r}: _{name}," for name in schema.unions]
    lines += ["}", ""]
    return "\n".join(lines)
