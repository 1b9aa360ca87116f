"""Compiles trained trees to C and to shared libraries, with the same answers to the last bit.

Reads XGBoost's own files with the standard library and numpy, so that it runs inside the training image. Models of
other libraries are read by whoever compiles them, as a `Subject`.
"""

from inference.compiler.compiling import Compiled, compile_model
from inference.compiler.errors import CompileError
from inference.compiler.targets import Target, host_target

__all__ = ["CompileError", "Compiled", "Target", "compile_model", "host_target"]
