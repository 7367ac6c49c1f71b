"""`tflint completion`: print a shell's completion script.

Scripts are made from the option tables and the rules of this version, and hold every word:
completing starts no process.
"""

from __future__ import annotations

from importlib import import_module

from tflint.cli.arguments import Arguments
from tflint.cli.diagnostics import EXIT_OK, Diagnostics, Failure
from tflint.cli.output import Output
from tflint.config.options import Option
from tflint.config.values import suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: Each shell has a module here, with a function `script`.
SHELLS = ("bash", "zsh", "fish")

GROUPS: Sequence[tuple[str, Sequence[Option]]] = ()
NOTES = (
    'bash: eval "$(tflint completion bash)" in ~/.bashrc. '
    'zsh: eval "$(tflint completion zsh)" in ~/.zshrc, behind compinit. '
    "fish: tflint completion fish > ~/.config/fish/completions/tflint.fish.",
)


def run(arguments: Arguments, say: Diagnostics) -> int:
    """Prints the script of the shell named."""
    known = ", ".join(SHELLS)
    if len(arguments.operands) != 1:
        raise Failure(f"completion takes one shell: {known}")
    (shell,) = arguments.operands
    if shell not in SHELLS:
        raise Failure(f"no completion for `{shell}`{suggestion(shell, SHELLS)}; there is {known}")
    with Output() as output:
        output.write(import_module(f"{__name__}.{shell}").script())
    return EXIT_OK
