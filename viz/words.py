"""The words in pictures, in English and in Traditional Chinese as used in Taiwan: one table.

A text is written in English where it is used, and looked up here for another language, so that a
picture in English needs no table and a missing row is found by a test.
"""

from __future__ import annotations

from typing import Literal, get_args

Lang = Literal["en", "zh-TW"]

ZH_TW: dict[str, str] = {
    "Forward graph of {name}": "{name} 的前向計算圖",
    "Backward graph of {name}": "{name} 的反向計算圖",
}
"""English, with the names of what is put in between braces, to Traditional Chinese."""


class Words:
    """Gives the words of one language.

    Args:
        lang: ``en`` or ``zh-TW``.

    Raises:
        ValueError: there is no such language.

    Example:
        >>> Words("en")("Forward graph of {name}", name="L"), Words("zh-TW")("Forward graph of {name}", name="L")
        ('Forward graph of L', 'L 的前向計算圖')
    """

    def __init__(self, lang: Lang = "en") -> None:
        if lang not in get_args(Lang):
            raise ValueError(f"lang= is one of {', '.join(map(repr, get_args(Lang)))}, got {lang!r}")
        self.lang: Lang = lang

    def __call__(self, text: str, /, **parts: object) -> str:
        """The text in this language, with its parts put in.

        Args:
            text: the English text, a row of the table.
            **parts: what stands for the names between braces.

        Returns:
            The text.
        """
        found = text if self.lang == "en" else ZH_TW[text]
        return found.format(**parts) if parts else found
