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
    "Part of the backward graph of {name}": "{name} 的反向計算圖（部分）",
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
    "no finite element": "沒有有限值",
    "else": "其他情況",
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
    "g, its axes put back": "g，軸換回原順序",
    "g, summed over the windows it is in": "g，對所在的各窗格求和",
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
    "[j = t] is 1 where class j is the target, else 0.": "[j = t]：類別 j 為目標時是 1，否則為 0。",
    "[x = max□] is 1 where x is the largest in its window, else 0.": "[x = max□]：x 是窗格中的最大值時為 1，否則為 0。",
    "Boxes marked with the same colour belong together.": "以相同顏色標示的方塊彼此對應。",
    # derivations
    "{n} path leads from {start} to {result}.": "從 {start} 到 {result} 有 {n} 條路徑。",
    "{n} paths lead from {start} to {result}.": "從 {start} 到 {result} 有 {n} 條路徑。",
    "{shown} of {n} paths shown.": "共 {n} 條路徑，列出其中 {shown} 條。",
    "Path {n}: {route}": "路徑 {n}：{route}",
    "The sum over all paths:": "所有路徑的總和：",
    "With what all paths have in common written once:": "提出所有路徑的共同因子：",
    "Step by step, each value once:": "逐步計算，每個值一次：",
    "{n} more steps are left out.": "另有 {n} 步未列出。",
    "∂₁ is the derivative by what stands in the first place of an operation, all else held; ∂₂ likewise.": (
        "∂₁ 是對運算中第一個位置的量求導，其餘視為固定；∂₂ 依此類推。"
    ),
    "The values:": "各值：",
    "The gradients, from the result back:": "從結果往回的梯度：",
    "{name} has a 1 at the class of each row, else 0.": "{name} 在每一列的類別處為 1，其餘為 0。",
    "Σ in front of a gradient is a sum over the repeats of an input, such as a batch's rows.": (
        "梯度前的 Σ 是對輸入的各次重複求和，例如批次中的各列。"
    ),
    "The number at an arrow is that of the place in the operation it leads to.": (
        "箭頭上的數字表示它通往運算的第幾個輸入。"
    ),
    "Σ inside a rule is a sum along the axis of its operation.": "規則中的 Σ 是沿該運算的軸求和。",
    "Numbers are missing: a backward pass freed large arrays. Derive before it, or pass retain_graph=True.": (
        "缺少部分數值：反向傳播已釋放較大的陣列。請在其之前推導，或傳入 retain_graph=True。"
    ),
    "{n} more values are left out.": "另有 {n} 個值未列出。",
    "{factor} = 0: {name} lets no gradient through here.": "{factor} = 0：{name} 在此不讓梯度通過。",
    # legend
    "leaf: gradients are collected here": "葉節點：梯度累積於此",
    "constant": "常數",
    "operation": "運算",
    "result": "結果",
    "module": "模組",
    "several operations, folded": "多個運算（已摺疊）",
    "sum over several uses, or over repeats": "多次使用或重複展開處的梯度總和",
    "start of the backward pass": "反向傳播的起點",
    "here the part drawn is cut off": "繪出的部分在此截斷",
    # pages
    "◀ Back": "◀ 上一步",
    "Step ▶": "下一步 ▶",
    "Show all": "全部顯示",
    "Fit to window": "符合視窗大小",
    "Step through the computation with the buttons or the arrow keys.": "用按鈕或方向鍵逐步走過計算過程。",
    # player
    "Forward and backward pass of {name}": "{name} 的前向與反向傳播",
    "upstream": "上游",
    "local": "局部",
    "The backward pass starts: {gradient} = 1.": "反向傳播開始：{gradient} = 1。",
    "{name} is given: {value}.": "{name} 為已知：{value}。",
    "From {result} back to {input}: upstream {upstream} × local {local} = contribution {part}.": (
        "由 {result} 回到 {input}：上游 {upstream} × 局部 {local} = 貢獻 {part}。"
    ),
    "From {result} back to {input}: upstream times local = contribution {part}.": (
        "由 {result} 回到 {input}：上游乘以局部 = 貢獻 {part}。"
    ),
    "From {result} back to {input}: {rule} = contribution {part}.": "由 {result} 回到 {input}：{rule} = 貢獻 {part}。",
    "Sum of {k} of {n} so far: {total}.": "目前 {n} 項中 {k} 項之和：{total}。",
    "The sum of all {n}: {gradient} = {total}.": "全部 {n} 項之和：{gradient} = {total}。",
    "{gradient} = {total}.": "{gradient} = {total}。",
    "no longer known": "已無法得知",
    "Computed in {dtype}, as in Python; the last digit may differ.": (
        "以 {dtype} 計算，與 Python 相同；末位數字可能不同。"
    ),
    "No gradient flows here.": "沒有梯度流到這裡。",
    "The graph has {count} nodes, more than {most}: it is folded and played box by box, without sliders.": (
        "此計算圖有 {count} 個節點，超過 {most} 個：已摺疊並逐方塊播放，沒有滑桿。"
    ),
    "No leaf is a single number, so there are no sliders.": "沒有單一數值的葉節點，因此沒有滑桿。",
    "There are no sliders:": "沒有滑桿：",
    "the graph does not hold all numbers of {name}.": "計算圖沒有保存 {name} 的所有數值。",
    "the graph does not say how {name} came to its choice.": "計算圖沒有記錄 {name} 如何做出選擇。",
    "this page can not compute {name} anew.": "本頁無法重新計算 {name}。",
    "Press play, or go step by step with the arrow keys.": "按下播放，或用方向鍵逐步前進。",
    "Step {at} of {count}, forward: {text}": "第 {at} 步，共 {count} 步，前向：{text}",
    "Step {at} of {count}, backward: {text}": "第 {at} 步，共 {count} 步，反向：{text}",
    "Play": "播放",
    "Pause": "暫停",
    "Derivation of {name}": "{name} 的推導",
    "With all digits:": "所有位數：",
    "For that value of {name} an operation takes another way than this page knows: it is back where it was.": (
        "{name} 取該值時，有運算會走本頁未記錄的路徑：已恢復原值。"
    ),
    "To the beginning (Home)": "到開頭（Home）",
    "One step back (←)": "上一步（←）",
    "One step on (→)": "下一步（→）",
    "To the end (End)": "到結尾（End）",
    "Step": "步驟",
    "Speed": "速度",
    "Without JavaScript this page shows the finished graph only.": "沒有 JavaScript 時，本頁只顯示完成的計算圖。",
    "Keys: ← → step, space plays, Home and End; click a box, or Enter on it, to pin its derivation.": (
        "按鍵：← → 逐步，空白鍵播放，Home 與 End；點選方塊，或在其上按 Enter，可釘住其推導。"
    ),
    "Numbers that were computed outside of the graph stay as they are.": "在計算圖之外算出的數值保持不變。",
    "Leaves": "葉節點",
    "As at the beginning": "恢復初始值",
    "Graph": "計算圖",
    "Unpin (Escape)": "取消釘住（Escape）",
    "Derivations": "推導",
    "{at} of {count}: {text}": "第 {at} 步，共 {count} 步：{text}",
    # training
    "Training": "訓練",
    "Training: {name}": "訓練：{name}",
    "Result": "結果",
    "Epoch by epoch": "逐回合檢視",
    "Loss and accuracy": "損失與準確率",
    "Confusion matrix of the validation samples": "驗證樣本的混淆矩陣",
    "The forward graph": "前向計算圖",
    "The backward graph": "反向計算圖",
    "What was computed for two of the samples by the trained network: each box shows its value and ∂L/∂ of it, each "
    "arrow its local derivative.": (
        "訓練後的網路對其中兩個樣本所做的計算：每個方塊顯示其值與對它的 ∂L/∂，每個箭頭顯示局部導數。"
    ),
    "How the gradient of the loss flows back to the parameters: each arrow carries one rule's result.": (
        "損失的梯度如何流回各參數：每個箭頭帶有一條微分規則的結果。"
    ),
    "How the network changed while it was trained. Move the slider, by mouse or arrow keys, or press Play.": (
        "網路在訓練過程中的變化。用滑鼠或方向鍵移動滑桿，或按下播放。"
    ),
    "The start and all {epochs} epochs were recorded, measured on the same {samples} samples, in evaluation mode.": (
        "記錄了訓練之前以及全部 {epochs} 個回合，一律以相同的 {samples} 個樣本在評估模式下測量。"
    ),
    "The start and {moments} of {epochs} epochs were recorded, more of the early ones; all measured on the same "
    "{samples} samples, in evaluation mode.": (
        "記錄了訓練之前以及 {epochs} 個回合中的 {moments} 個，前期較密；一律以相同的 {samples} 個樣本在評估模式下測量。"
    ),
    "▶ Play": "▶ 播放",
    "⏸ Pause": "⏸ 暫停",
    "Epoch": "訓練回合",
    "Before the training": "訓練之前",
    "Epoch {number} of {count}": "第 {number} 回合，共 {count} 回合",
    "loss of the samples measured: {number}": "測量樣本的損失：{number}",
    "{name}: {value}": "{name}：{value}",
    "training loss": "訓練損失",
    "validation loss": "驗證損失",
    "training accuracy": "訓練準確率",
    "validation accuracy": "驗證準確率",
    "Loss": "損失",
    "Accuracy": "準確率",
    "Decision regions": "決策區域",
    "Which class the network gives each place, the stronger the more certain; and the samples measured, scaled as it "
    "takes them.": "網路對平面上每一點判定的類別，顏色愈深愈確定；以及測量的樣本（座標為輸入網路的尺度）。",
    "What the network gives": "網路的輸出",
    "class {name}": "類別 {name}",
    "Its output for each place, and the samples measured with their targets, scaled as it takes them.": (
        "網路對平面上每一點的輸出，以及測量的樣本與其目標值（座標為輸入網路的尺度）。"
    ),
    "blue {low}, red {high}": "藍色 {low}，紅色 {high}",
    "Filters and feature maps": "濾波器與特徵圖",
    "What the channels of the first convolution look for": "第一個卷積層各通道所尋找的圖樣",
    " (red counts for it, blue against)": "（紅色為正，藍色為負）",
    "; an image, and what each convolution makes of it where that is above 0.": (
        "；一張影像，以及各卷積層輸出大於 0 的部分。"
    ),
    "filters of {layer}": "{layer} 的濾波器",
    "maps of {layer}": "{layer} 的特徵圖",
    "the image": "影像",
    "Gradient norm by depth": "各層深度的梯度範數",
    "From the first layer to the last. Gradients vanish where the curve falls towards the first layers, and explode "
    "where it rises there.": "由第一層到最後一層。曲線往前面的層下降表示梯度消失，往前面的層上升表示梯度爆炸。",
    "of the layer's weights, ‖∂L/∂w‖": "對該層權重，‖∂L/∂w‖",
    "of what it gives, ‖∂L/∂y‖": "對該層輸出，‖∂L/∂y‖",
    "Gradient norm by step of {layer}": "{layer} 各步的梯度範數",
    "From the first step to the last, as the layer is used again and again.": "該層重複使用，由第一步到最後一步。",
    "after each use of the weights, ‖∂L/∂z‖": "每次使用權重之後，‖∂L/∂z‖",
    "not finite: {names}": "非有限值：{names}",
    "grey: not finite": "灰色：非有限值",
    "0 at {layers}": "為 0：{layers}",
    "not finite at {layers}": "非有限值：{layers}",
    "Dead units of each relu": "各 ReLU 的死亡單元",
    "A unit is dead while it gives 0 for every sample measured: no gradient passes it. Named by the layer before the "
    "relu; the units of a convolution are its channels.": (
        "單元對所有測量樣本都輸出 0 時即為死亡：梯度無法通過。以 ReLU 前一層命名；卷積層的單元是其通道。"
    ),
    "{dead} of {count} ({share} %)": "{count} 個中有 {dead} 個（{share} %）",
    "Weights and gradients": "權重與梯度",
    "The bars count the elements of each parameter w and of its gradient ∂L/∂w. Those of w stand on one axis for all "
    "epochs, those of the gradient on one for each epoch.": (
        "長條圖統計每個參數 w 及其梯度 ∂L/∂w 的元素個數。w 在所有回合使用同一座標軸，梯度則每回合各用一軸。"
    ),
    "{shown} of {count} parameters are shown.": "顯示 {count} 個參數中的 {shown} 個。",
    "parameter": "參數",
    "values": "值",
    "gradient": "梯度",
    "values of {path}": "{path} 的值",
    "gradient of {path}": "{path} 的梯度",
    "{n} element": "{n} 個元素",
    "{n} elements": "{n} 個元素",
    "{n} not finite": "{n} 個非有限值",
    "network": "網路",
    # plots
    "{name} (diverges)": "{name}（發散）",
    "diverges": "發散",
    "not finite": "非有限值",
    "class": "類別",
    "predicted": "預測類別",
    "true": "真實類別",
    "no samples": "沒有樣本",
    "chance": "隨機猜測",
    "false positive rate": "偽陽性率",
    "true positive rate": "真陽性率",
    "validation": "驗證",
    "loss": "損失",
    "accuracy": "準確率",
    "best epoch": "最佳回合",
    "epoch": "回合",
    "layer, from the input": "層（自輸入起）",
    "{n} of {all}": "{all} 個中的 {n} 個",
    "{n} of {all} filters": "{all} 個濾波器中的 {n} 個",
    "{n} of {all} channels": "{all} 個通道中的 {n} 個",
    # what the train command trains
    "data": "資料",
    "training": "訓練",
    "seed": "亂數種子",
    "{n} samples": "{n} 個樣本",
    "{n} samples held out": "保留的 {n} 個樣本",
    "{n} epoch": "{n} 個回合",
    "{n} epochs": "{n} 個回合",
    "{ended} of {n} epochs (interrupted)": "{n} 個回合中的 {ended} 個（中斷）",
    "{epochs}, mini-batches of {size}, Adam, learning rate from {lr} to 0 along a cosine": (
        "{epochs}，小批次大小 {size}，Adam，學習率由 {lr} 沿餘弦降至 0"
    ),
    "Which class the network gives each place, and the samples held out.": (
        "網路對平面上每一點判定的類別，以及保留的樣本。"
    ),
    "Filters of the first layer": "第一層的濾波器",
    "What each channel looks for.": "各通道所尋找的圖樣。",
    "What each channel looks for: red is for it, blue against.": "各通道所尋找的圖樣：紅色為正，藍色為負。",
    "Feature maps": "特徵圖",
    "An image, and what each convolution makes of it where that is above 0.": (
        "一張影像，以及各卷積層輸出大於 0 的部分。"
    ),
    "Fisher's iris flowers: four measurements, three species": "Fisher 鳶尾花：四項量測值，三個品種",
    "points of two half moons in the plane": "平面上兩個半月形的點",
    "points in the plane: are the signs of their coordinates different?": "平面上的點：兩個座標的正負號是否不同？",
    "points of the three arms of a spiral in the plane": "平面上三臂螺旋的點",
    "handwritten digits, 8×8 pixels, that come with scikit-learn": "scikit-learn 內附的手寫數字，8×8 像素",
    "handwritten digits, 28×28 pixels, downloaded once (11 MB)": "手寫數字，28×28 像素，首次使用時下載（11 MB）",
    "small colour pictures of ten kinds of things, downloaded once (162 MB)": (
        "十類物體的小型彩色圖片，首次使用時下載（162 MB）"
    ),
    "4 inputs, {hidden} hidden units (sigmoid), {classes} classes (softmax)": (
        "4 個輸入，{hidden} 個隱藏單元（sigmoid），{classes} 個類別（softmax）"
    ),
    "2 inputs, two hidden layers of {hidden} units (tanh), {classes} classes (softmax)": (
        "2 個輸入，兩個隱藏層各 {hidden} 個單元（tanh），{classes} 個類別（softmax）"
    ),
    "two convolutions 3×3 (16 and 32 channels), max pooling, {hidden} hidden units, {classes} classes (softmax)": (
        "兩個 3×3 卷積層（16 與 32 個通道），最大池化，{hidden} 個隱藏單元，{classes} 個類別（softmax）"
    ),
    "LeNet: two convolutions 5×5 (6 and 16 channels), each with max pooling, 120 and 84 hidden units, {classes} "
    "classes (softmax)": (
        "LeNet：兩個 5×5 卷積層（6 與 16 個通道），各接最大池化，120 與 84 個隱藏單元，{classes} 個類別（softmax）"
    ),
    "six convolutions 3×3 (16, 16, 32, 32, 64 and 64 channels) with batch normalisation, max pooling after each two, "
    "{hidden} hidden units, {classes} classes (softmax)": (
        "六個 3×3 卷積層（16、16、32、32、64 與 64 個通道）加批次正規化，每兩層接最大池化，"
        "{hidden} 個隱藏單元，{classes} 個類別（softmax）"
    ),
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


ENGLISH = Words()
"""What stands where no language was asked for."""
