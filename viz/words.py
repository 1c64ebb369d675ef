"""The words in pictures, in English and in Traditional Chinese as used in Taiwan: one table.

A text is written in English where it is used, and looked up here for another language, so that a
picture in English needs no table and a missing row is found by a test.
"""

from __future__ import annotations

from typing import Literal, get_args

Lang = Literal["en", "zh-TW"]

ZH_TW: dict[str, str] = {
    # titles
    "Forward graph of {name}": "{name} 的前向計算圖",
    "Part of the forward graph of {name}": "{name} 的前向計算圖（部分）",
    "Part of the backward graph of {name}": "{name} 的部分反向計算圖",
    "Backward graph of {name}": "{name} 的反向計算圖",
    "Forward and backward graph of {name}": "{name} 的前向與反向計算圖",
    # boxes and arrows
    "start": "起點",
    "backward of": "反向傳播：",
    "in {module}": "位於 {module}",
    "constant {value}": "常數 {value}",
    "no gradient": "沒有梯度",
    "{name}'s rule": "{name} 的微分規則",
    "{name}'s rule, of g": "{name} 的微分規則（作用於 g）",
    "{n} operation": "{n} 個運算",
    "{n} operations": "{n} 個運算",
    "{n} parameter": "{n} 個參數",
    "{n} parameters": "{n} 個參數",
    "{n} inputs": "{n} 個輸入",
    "{n} gradients": "{n} 個梯度",
    "{n} more leaves": "另有 {n} 個葉節點",
    "Σ {n} uses": "Σ {n} 次使用",
    "{n} use not drawn": "{n} 次使用未繪出",
    "{n} uses not drawn": "{n} 次使用未繪出",
    "{name} is used several times: its gradient is the sum of what its uses bring": (
        "{name} 被使用多次：其梯度是各次使用所得之和"
    ),
    "{name} is repeated to fit: its gradient is the sum over the repeats": (
        "{name} 為配合形狀而重複展開：其梯度是對重複處求和"
    ),
    "operations {first} to {last}": "第 {first} 到第 {last} 個運算",
    # numbers
    "shape {shape}": "形狀 {shape}",
    "empty, shape {shape}": "空陣列，形狀 {shape}",
    "all {number}": "全為 {number}",
    "{low} to {high}": "{low} 到 {high}",
    "gradients from what is not drawn": "來自未畫出部分的梯度",
    # sums over repeats
    "over all elements": "對所有元素",
    "over axis {axis}": "沿第 {axis} 軸",
    "over axes {axes}": "沿第 {axes} 軸",
    # rules
    "g, repeated": "g，重複展開",
    "g, reshaped": "g，改變形狀",
    "g, summed over the repeats": "g，對重複處求和",
    "g, converted": "g，轉換型別",
    "g, put back in its place": "g，放回原位置",
    "1 at its place, else 0": "原位置為 1，其餘為 0",
    # trees of text
    "leaf": "葉節點",
    "used {n} times": "使用 {n} 次",
    "see above": "見上方",
    "see below": "見下方",
    # notes
    "{name} has shape {shape}: the gradients are those of its sum, Σ{name}.": (
        "{name} 的形狀為 {shape}：梯度是對其總和 Σ{name} 所求。"
    ),
    "g is the gradient that arrives at the operation: ∂{result}/∂ its result.": (
        "g 是傳到該運算的梯度，也就是 ∂{result}/∂（該運算的結果）。"
    ),
    "grad is what the last backward pass brought there.": "grad 是上一次反向傳播在該處得到的梯度。",
    "Boxes with a stripe of the same colour belong together: point at one to see the other.": (
        "色條顏色相同的方塊彼此對應：將游標移到其中一個，即可看到另一個。"
    ),
    # legend
    "leaf: gradients are collected here": "葉節點：梯度累積於此",
    "constant": "常數",
    "operation": "運算",
    "result": "結果",
    "module, folded": "模組（已摺疊）",
    "sum over several uses, or over repeats": "多次使用或重複展開處的梯度總和",
    "start of the backward pass": "反向傳播的起點",
    "here the part drawn is cut off": "繪出的部分在此截斷",
    # pages
    "◀ Back": "◀ 上一步",
    "Step ▶": "下一步 ▶",
    "Show all": "全部顯示",
    "Fit to window": "符合視窗大小",
    "Step through the computation with the buttons or the arrow keys.": "用按鈕或方向鍵逐步走過計算過程。",
    "{at} of {count}: {text}": "第 {at} 步，共 {count} 步：{text}",
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

    def count(self, n: int, one: str, several: str) -> str:
        """So many of something.

        Args:
            n: how many.
            one: the English text for one, a row of the table that has ``{n}``.
            several: that for any other number.

        Returns:
            The text.
        """
        return self(one if n == 1 else several, n=n)
