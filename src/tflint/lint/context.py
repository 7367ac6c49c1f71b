"""What a check may ask besides the model: what the user configured."""

from __future__ import annotations

from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model import Model


class Settings(NamedTuple):
    """The part of the configuration that rules read."""

    targets: tuple[str, ...] = ()  #: as given: `runtime:2.14`
    allowed_custom_ops: frozenset[str] = frozenset()  #: custom operators the application registers
    data: bool = True  #: whether constants may be read


class Context:
    """Handed to every check beside its subject."""

    __slots__ = ("model", "settings")

    def __init__(self, model: Model, settings: Settings) -> None:
        self.model = model
        self.settings = settings

    def target(self, name: str) -> tuple[str, ...]:
        """The parameters of each configured target `name`: `("2.14",)` for `runtime:2.14`.

        An empty string stands for a target given without a parameter.
        """
        found = []
        for target in self.settings.targets:
            head, _, parameter = target.partition(":")
            if head == name:
                found.append(parameter)
        return tuple(found)
