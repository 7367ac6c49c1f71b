"""Configuration: found, read, validated strictly, and merged into one immutable `Config`.

`options` declares every option once; the validator, the command line, the JSON Schema, the
documentation and `--show-settings` are made from that table. `find`, `read` and `validate` are
imported only where there may be a file to read.
"""

from __future__ import annotations

from tflint.config.errors import ConfigError
from tflint.config.layers import Config, merge
from tflint.config.source import load

__all__ = ["Config", "ConfigError", "load", "merge"]
