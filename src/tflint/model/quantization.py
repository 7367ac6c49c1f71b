"""How a tensor's integers stand for real numbers."""

from __future__ import annotations

from tflint.flatbuf import Table
from tflint.record import NamedTuple


class Blockwise(NamedTuple):
    """Scales per block along the quantized axis (schema `BlockwiseQuantization`)."""

    scales: int  #: tensor index of the scales
    zero_points: int  #: tensor index of the zero points; -1 when absent
    block_size: int  #: values that share a scale
    block_shape: tuple[int, ...]  #: block extent per dimension; empty when not written


class Quantization:
    """Scale and zero point: real = scale * (stored - zero_point).

    Attributes:
        scales: one per tensor, or one per index of `axis`; float32 values.
        zero_points: as many as scales in a well-formed file; int64 values.
        axis: the quantized dimension; meaningful for more than one scale.
        min, max: calibration ranges some writers leave; empty mostly.
        details: schema name of the extra quantization table, such as `BlockwiseQuantization`;
            None without.
    """

    __slots__ = ("_table", "axis", "details", "max", "min", "scales", "zero_points")

    def __init__(self, table: Table) -> None:
        self._table = table
        self.scales: tuple[float, ...] = table.numbers("scale")
        self.zero_points: tuple[int, ...] = table.numbers("zero_point")
        self.axis: int = table.scalar("quantized_dimension")
        self.min: tuple[float, ...] = table.numbers("min")
        self.max: tuple[float, ...] = table.numbers("max")
        self.details = table.union_kind("details")

    @property
    def per_channel(self) -> bool:
        """Whether there is more than one scale."""
        return len(self.scales) > 1

    @property
    def scale(self) -> float:
        """The only, or first, scale; 0.0 when there is none."""
        return self.scales[0] if self.scales else 0.0

    @property
    def zero_point(self) -> int:
        """The only, or first, zero point; 0 when there is none."""
        return self.zero_points[0] if self.zero_points else 0

    @property
    def blockwise(self) -> Blockwise | None:
        """The block quantization, when that is what `details` holds."""
        if self.details != "BlockwiseQuantization":
            return None
        table = self._table.union("details")
        if table is None:
            return None
        return Blockwise(
            table.scalar("scales"),
            table.scalar("zero_points"),
            table.scalar("block_size"),
            table.numbers("block_shape"),
        )

    def real(self, stored: int, channel: int = 0) -> float:
        """The real number that `stored` stands for in `channel`."""
        scale = self.scales[channel] if channel < len(self.scales) else self.scale
        zero = self.zero_points[channel] if channel < len(self.zero_points) else self.zero_point
        return scale * (stored - zero)
