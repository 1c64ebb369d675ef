"""The methods that the op table gives to Tensor; ``methods.pyi`` beside this file lists them for type checkers."""


class Methods:
    """Base of Tensor; the op table fills it in."""

    __slots__ = ()
