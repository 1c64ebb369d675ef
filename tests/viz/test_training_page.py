"""The training page: what it shows in each frame, as text, and in a browser."""

from __future__ import annotations

import base64
import dataclasses
import html
import itertools
import json
import math
import re
import struct
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest

import autograd_core as ag
import nn
import optim
import viz
from viz import images
from viz.charts import BAR_HEIGHT, BAR_WIDTH, Course, Line, histogram, on_log_axis, over_epochs
from viz.epochs import Epochs
from viz.figures import number
from viz.moving import Moving
from viz.png import SIGNED, png
from viz.snapshot import spread
from viz.words import Words


def recorded(model, x, y, loss=None, epochs=3, lr=0.05):
    loss = loss or nn.CrossEntropyLoss()
    recorder = viz.Recorder(model, loss, (x, y))
    step = optim.Adam(model.parameters(), lr=lr)
    options = {"metrics": {"accuracy": nn.accuracy}} if y.dtype == np.int64 else {}
    nn.fit(model, loss, step, (x, y), (x, y), epochs=epochs, callbacks=[recorder], progress=False, **options)
    return recorder


def in_the_plane(epochs=3):
    ag.manual_seed(0)
    x = ag.randn(50, 2)
    model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    return recorded(model, x, (x[:, 0] > x[:, 1]).long(), epochs=epochs)


def of_images(epochs=3, channels=1):
    ag.manual_seed(0)
    parts = (nn.Conv2d(channels, 4, 3), nn.ReLU(), nn.Conv2d(4, 5, 3), nn.ReLU(), nn.Flatten(), nn.Linear(20, 3))
    return recorded(nn.Sequential(*parts), ag.randn(30, channels, 6, 6), ag.randint(0, 3, (30,)), epochs=epochs)


def through_time():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell, self.out = nn.GRU(2, 4, batch_first=True), nn.Linear(4, 1)

        def forward(self, x):
            return self.out(self.cell(x)[0][:, -1])

    ag.manual_seed(0)
    return recorded(Net(), ag.randn(20, 9, 2), ag.randn(20, 1), nn.MSELoss())


def that_diverges():
    ag.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
    x = ag.randn(20, 2)
    recorder = viz.Recorder(model, nn.MSELoss(), (x, x[:, :1]))
    step = optim.SGD(model.parameters(), lr=1e6)
    with np.errstate(all="ignore"):
        nn.fit(model, nn.MSELoss(), step, (x, x[:, :1]), epochs=9, callbacks=[recorder], progress=False)
    return recorder


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1])


def frames_of(page, tag, what="text"):
    """For each moving element of a tag what it shows in each frame."""
    data = data_of(page)
    found = []
    for slots in re.findall(rf'<{tag}\b[^>]*data-slots="([^"]*)"', page):
        for entry in slots.split():
            name, _, slot = entry.partition(":")
            if name == what:
                found.append([data["texts"][text] for text in data["slots"][int(slot)]])
    return found


# The page as text


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
@pytest.mark.parametrize("make", [in_the_plane, of_images, through_time, that_diverges])
def test_a_page_is_whole_and_loads_nothing(make, lang):
    recorder = make()
    page = viz.training_page(recorder, title="<b>&", lang=lang).to_html()
    assert "<title>&lt;b&gt;&amp;</title>" in page
    assert f'<html lang="{lang}">' in page
    links = set(re.findall(r"https?://[^\s\"'<>]+", page))
    assert not {link for link in links if "www.w3.org" not in link}
    assert not re.findall(r"(?:src|href)=[\"'](?!#|data:)", page)
    assert "script-src 'sha256-" in page
    for svg in re.findall(r"<svg.*?</svg>", page, re.S):
        ET.fromstring(html.unescape(svg) if "&nbsp;" in svg else svg)
    data = data_of(page)
    assert data["frames"] == len(recorder.snapshots)
    assert len(data["texts"]) == len(set(data["texts"]))
    for slot in data["slots"]:
        assert len(slot) == data["frames"]
        assert len(set(slot)) > 1
    for text in (t for t in data["texts"] if re.match(r"[MHVL\d]", t)):
        assert "nan" not in text
        assert "inf" not in text


def test_what_is_told_of_each_epoch():
    recorder = in_the_plane()
    page = viz.training_page(recorder).to_html()
    (told,) = frames_of(page, "output")
    history = recorder.history
    for snapshot, text in zip(recorder.snapshots, told, strict=True):
        assert f"loss of the samples measured: {number(snapshot.loss)}" in text
        for name, values in history.items():
            expected = f"{name}: {number(values[snapshot.epoch - 1])}"
            assert (expected in text) == (snapshot.epoch > 0)
    (when,) = frames_of(page, "strong")
    assert when == ["Before the training", "Epoch 1 of 3", "Epoch 2 of 3", "Epoch 3 of 3"]
    assert frames_of(page, "input", "aria-valuetext") == [when]
    assert "The start and all 3 epochs were recorded, measured on the same 50 samples" in page


def test_the_colours_of_classes_are_told():
    page = viz.training_page(in_the_plane()).to_html()
    assert re.findall(r"<li style=.*?>(.*?)</li>", page) == ["class 0", "class 1"]
    named = Epochs(in_the_plane(), Words("en"), ["<left>"]).html
    assert re.findall(r"<li style=.*?>(.*?)</li>", named) == ["class &lt;left&gt;", "class 1"]


def test_numbers_of_weights_gradients_and_dead_units():
    recorder = in_the_plane()
    page = viz.training_page(recorder).to_html()
    sizes = frames_of(page, "span")
    for path in recorder.snapshots[0].parameters:
        norms = [f"‖∂L/∂w‖ = {number(snapshot.gradients[path].norm)}" for snapshot in recorder.snapshots]
        assert norms in sizes
    last = recorder.snapshots[-1]
    dead, count = last.dead["0"]
    assert f"{dead} of {count} ({100 * dead / count:.0f} %)" in page


def test_names_come_out_as_text():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            setattr(self, "</script><u>\"'&層\ud800", nn.Linear(2, 2))

        def forward(self, x):
            return next(self.children())(x).relu()

    recorder = recorded(Net(), ag.randn(9, 2), ag.randint(0, 2, (9,)))
    recorder._histories[0]["<i>metric"] = [1.0, 2.0, 3.0]
    page = viz.training_page(recorder)
    text = page.to_html()
    assert "<u>" not in text
    assert "<i>metric" not in text
    assert "&lt;i&gt;metric" in text
    assert "層" in text
    assert text.count("</script>") == 2
    text.encode()


def test_a_training_that_diverges_is_said_so():
    page = viz.training_page(that_diverges()).to_html()
    assert "not finite: training loss" in page
    assert "not finite at 0 · Linear, 2 · Linear" in page
    assert "grey: not finite" in page
    assert "no finite element" in page
    assert "size alarm" in page


def test_a_page_without_any_epoch_and_of_one_epoch():
    ag.manual_seed(0)
    x, y = ag.randn(4, 3), ag.randint(0, 2, (4,))
    model = nn.Linear(3, 2)
    recorder = viz.Recorder(model, nn.CrossEntropyLoss(), (x, y))
    page = viz.training_page(recorder)
    assert "Before the training" in page.to_html()
    assert repr(page) == "<TrainingPage: epochs: 0, recorded moments: 1>"
    assert "Epoch 1 of 1" in viz.training_page(recorded(model, x, y, epochs=1)).to_html()


def test_a_hundred_epochs_of_images_stay_small():
    recorder = of_images(epochs=100)
    assert len(recorder.snapshots) <= 40
    assert len(viz.training_page(recorder).to_html()) < 3_000_000


def test_feature_maps_that_take_much_room_are_fewer():
    """40 epochs of a network of six convolutions, with maps that can't be compressed."""
    recorder = of_images()
    first, random = recorder.snapshots[0], np.random.default_rng(0)
    layers = [f"maps {i}" for i in range(6)]
    recorder._snapshots = []
    for epoch in range(40):
        noise = {name: images.Image(random.integers(0, 256, (134, 270), np.uint8), images.GREY) for name in layers}
        recorder._snapshots.append(dataclasses.replace(first, epoch=epoch, pictures=first.pictures | noise))
    page = viz.training_page(recorder).to_html()
    assert 1_000_000 < len(page) < 3_000_000
    assert "maps of 0 · Conv2d" in page
    assert "maps of 5" not in page


def test_many_parameters_are_left_out_with_a_note():
    model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(40)))
    recorder = viz.Recorder(model, nn.CrossEntropyLoss(), (ag.ones(3, 2), ag.tensor([0, 1, 1])))
    page = viz.training_page(recorder).to_html()
    assert "40 of 80 parameters are shown." in page
    assert page.count('<th scope="row">') == 40


def test_saving(tmp_path):
    page = viz.training_page(in_the_plane())
    assert page.save(tmp_path / "r.html").read_text(encoding="utf-8") == page.to_html()
    with pytest.raises(ValueError, match=r"\.html, got 'r\.svg'"):
        page.save(tmp_path / "r.svg")
    frame = page._repr_html_()
    assert frame.startswith("<iframe")
    assert 'sandbox="allow-scripts"' in frame
    assert html.escape(page.to_html()) in frame


def test_only_a_recorder_is_shown():
    with pytest.raises(TypeError, match="takes a Recorder, got int"):
        viz.training_page(3)
    with pytest.raises(ValueError, match="lang="):
        viz.training_page(in_the_plane(), lang="fr")


# Charts


def test_the_bars_of_a_histogram_stand_where_the_values_are():
    moving = Moving(2)
    small, large = spread(np.linspace(0, 1, 100)), spread(np.r_[np.zeros(90), np.full(10, 4.0)])
    svg = histogram(moving, [small, large], True, "values", "values of w")
    data = moving.data()
    narrow, wide = (data["texts"][i] for i in data["slots"][0])
    xs = [float(x) for x in re.findall(r"H([\d.]+)", narrow)]
    assert max(xs) == pytest.approx(BAR_WIDTH / 4, abs=0.1)
    assert f"M0.0 {BAR_HEIGHT}V0" in wide  # the highest bar
    assert f"V{BAR_HEIGHT - round(BAR_HEIGHT * 10 / 90)}H{BAR_WIDTH:.1f}V{BAR_HEIGHT}z" in wide
    assert 'aria-label="values of w"' in svg
    assert 'd=""' in histogram(Moving(1), [None], False, "gradient", "")


def test_marks_on_a_logarithmic_axis():
    moving = Moving(2)
    courses = [Course("norm", "c0", [[1.0, 0.01, None], [0.1, 0.0, math.inf]])]
    svg = on_log_axis(moving, courses, [["a", "b", "<c>"]], "norms")
    data = moving.data()
    places = re.findall(r'<circle class="c0" cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg)
    assert len(places) == 3
    heights = {}
    for entry in re.findall(r'data-slots="([^"]*)"', svg):
        for name, slot in (part.split(":") for part in entry.split()):
            if name == "cy":
                heights[int(slot)] = [float(data["texts"][i]) for i in data["slots"][int(slot)]]
    first, second = list(heights.values())[:2]
    ground = max(first + second)
    unit = first[1] - first[0]  # from 1 to 0.1
    assert second[0] - first[0] == pytest.approx(2 * unit, abs=0.2)
    assert second[1] == ground == pytest.approx(second[0] + unit, abs=0.2)  # 0, below all others
    assert ">0</text>" in svg
    assert "&lt;c&gt;" in svg


def test_the_mark_of_an_epoch_stands_on_the_curve():
    moving = Moving(3)
    over_epochs(moving, [Line("loss", "c0", [4.0, 2.0, 1.0, math.nan])], [0, 2, 4], "loss")
    data = moving.data()
    slots = [[data["texts"][i] for i in slot] for slot in data["slots"]]
    xs, ys, sizes = slots[0], slots[3], slots[4]
    assert float(xs[1]) == pytest.approx((float(xs[0]) + float(xs[2])) / 2, abs=0.1)
    assert sizes == ["0", "3.5", "0"]  # there is no loss before the training, and none in the last epoch
    assert 10 < float(ys[1]) < 179


def test_places_are_named_where_there_is_room():
    def texts(names):
        svg = on_log_axis(Moving(1), [Course("norm", "c0", [[1.0] * len(names[0])])], names, "")
        return re.findall(r'text-anchor="middle">(?:<title>.*?</title>)?(.*?)</text>', svg)

    long, short = [f"layer {i} · Linear" for i in range(9)], [str(2 * i) for i in range(9)]
    assert texts([long[:2], short[:2]]) == long[:2]
    assert texts([long, short]) == short
    assert texts([long]) == [str(i + 1) for i in range(9)]
    assert texts([["a layer of some name"] * 40]) == [str(i) for i in range(1, 41, 3)]


@pytest.mark.parametrize("values", [[0.0], [1e-300, 2e-300], [1e299, -1e299], [math.inf, math.nan], [5.0, 5.0], []])
def test_strange_curves_have_axes(values):
    svg = over_epochs(Moving(1), [Line("loss", "c0", values)], [len(values)], "loss")
    ET.fromstring(svg)
    assert "nan" not in svg


# Images


def pixels_of(file):
    """What a PNG file shows: bytes (height, width) or (height, width, 3), and its palette."""
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(file):
        (size,) = struct.unpack(">I", file[at : at + 4])
        name, content = file[at + 4 : at + 8], file[at + 8 : at + 8 + size]
        assert struct.unpack(">I", file[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + content)
        chunks[name], at = content, at + 12 + size
    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert depth == 8
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not rows[:, 0].any()
    shape = (height, width, 3) if kind == 2 else (height, width)
    return rows[:, 1:].reshape(shape), chunks.get(b"PLTE")


def test_png_files_hold_their_pixels():
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3)
    found, palette = pixels_of(png(grey, [(1, 2, 3), (4, 5, 6)]))
    np.testing.assert_array_equal(found, grey)
    assert palette == bytes([1, 2, 3, 4, 5, 6])
    coloured = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    np.testing.assert_array_equal(pixels_of(png(coloured))[0], coloured)


def test_regions_are_what_the_network_gives():
    recorder = in_the_plane()
    picture = recorder.snapshots[-1].pictures["region"]
    left, right, bottom, top = images.bounds(recorder.x.numpy())
    rows, columns = [0, 20, 63], [0, 31, 63]
    for row in rows:
        for column in columns:
            place = [
                left + (right - left) * column / (images.ACROSS - 1),
                top + (bottom - top) * row / (images.ACROSS - 1),
            ]
            with ag.no_grad():
                shares = recorder.model(ag.tensor([place], dtype=np.float32)).softmax(1).numpy()[0].astype(float)
            kind, level = divmod(int(picture.pixels[row, column]), images.LEVELS)
            assert kind == shares.argmax()
            assert level == pytest.approx((2 * shares.max() - 1) * images.LEVELS, abs=1.001)
    assert recorder.snapshots[0].pictures["region"].pixels.tobytes() != picture.pixels.tobytes()


@pytest.mark.parametrize(
    ("y", "outputs", "low", "high"),
    [
        ([0.0, 1.0, 1.0], lambda x: x[:, :1].sigmoid(), 0, 1),  # probabilities
        ([-2.0, 0.0, 6.0], lambda x: x[:, 0], -2, 6),  # targets
    ],
)
def test_heights_of_one_output(y, outputs, low, high):
    x = ag.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 0.5]])
    picture = images.region(outputs, x, np.array(y))
    assert picture.palette is SIGNED
    assert (picture.low, picture.high) == (low, high)
    assert picture.pixels[5, 0] < picture.pixels[5, -1]


def test_scores_of_one_output_are_white_at_0():
    picture = images.region(lambda x: x[:, :1] * 3, ag.tensor([[-1.0, 0.0], [1.0, 1.0]]), np.array([0, 1]))
    assert picture.low == -picture.high
    assert picture.pixels[0, 0] == 0
    assert picture.pixels[0, -1] == 254


@pytest.mark.parametrize(
    ("y", "outputs"),
    [
        ([[1.0, 2.0], [0.5, 1.0]], lambda x: x),  # several numbers that are no scores of classes
        ([0, 1], lambda x: x.sum()),
        ([0, 1], lambda x: (x, x)),
    ],
)
def test_outputs_without_a_region(y, outputs):
    assert images.region(outputs, ag.tensor([[-1.0, 0.0], [1.0, 1.0]]), np.array(y)) is None


def test_filters_and_maps():
    recorder = of_images()
    first, last = recorder.snapshots[0].pictures, recorder.snapshots[-1].pictures
    assert list(last) == ["filters", "maps 0", "maps 2"]
    weight = recorder.model[0].weight.detach().numpy()
    tile = last["filters"].pixels[:24, :24]
    expected = weight[0, 0] / np.abs(weight[:, 0]).max() * 127 + 127
    np.testing.assert_allclose(tile[::8, ::8], expected, atol=1)
    with ag.no_grad():
        output = recorder.model.eval()[0](recorder.x[:1]).relu().numpy()[0]
    shown = last["maps 0"].pixels[:24, 26:50][::6, ::6]
    low, high = output[1].min(), output[1].max()
    np.testing.assert_allclose(shown, (output[1] - low) / (high - low) * 254, atol=1)
    assert first["maps 0"].pixels.tobytes() != last["maps 0"].pixels.tobytes()
    found, _ = pixels_of(base64.b64decode(last["maps 0"].uri().partition(",")[2]))
    np.testing.assert_array_equal(found, last["maps 0"].pixels)
    coloured = of_images(channels=3).snapshots[-1].pictures["filters"]
    assert coloured.pixels.shape[2] == 3


# In a browser


def shown(page):
    """Everything that the page shows now."""
    return page.evaluate(
        """() => Array.from(document.querySelectorAll("#epochs [data-slots]")).map((element) =>
             element.outerHTML + element.textContent)"""
    )


@pytest.mark.browser
@pytest.mark.parametrize("make", [in_the_plane, of_images, through_time, that_diverges])
def test_the_slider_shows_each_epoch(opened, make):
    recorder = make()
    text = viz.training_page(recorder).to_html()
    data = data_of(text)
    page = opened(text)
    slider = page.get_by_role("slider")
    assert slider.input_value() == slider.get_attribute("max") == str(len(recorder.snapshots) - 1)
    slider.focus()
    seen = [shown(page)]
    for frame in range(len(recorder.snapshots) - 2, -1, -1):
        page.keyboard.press("ArrowLeft")
        assert slider.input_value() == str(frame)
        wrong = page.evaluate(
            """([texts, slots, frame]) => Array.from(document.querySelectorAll("#epochs [data-slots]")).flatMap(
                 (element) => element.dataset.slots.split(" ").filter((entry) => {
                   const [what, slot] = entry.split(":");
                   const wanted = texts[slots[slot][frame]];
                   return wanted !== (what === "text" ? element.textContent : element.getAttribute(what));
                 }))""",
            [data["texts"], data["slots"], frame],
        )
        assert wrong == []
        seen.append(shown(page))
    assert all(one != other for one, other in itertools.pairwise(seen))
    assert "Before the training" in page.locator(".bar").inner_text()
    page.keyboard.press("End")
    assert shown(page) == seen[0]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    snapshot = recorder.snapshots[1]
    path = next(iter(snapshot.gradients))
    assert f"‖∂L/∂w‖ = {number(snapshot.gradients[path].norm)}" in page.locator(".spreads").inner_text()
    assert f"samples measured: {number(snapshot.loss)}" in page.locator("output").inner_text()


@pytest.mark.browser
def test_pictures_change_with_the_slider(opened):
    page = opened(viz.training_page(of_images()).to_html())
    pictures = [image for image in page.locator("#epochs img").all() if image.get_attribute("data-slots")]
    assert len(pictures) == 3
    before = [image.screenshot() for image in pictures]
    page.get_by_role("slider").fill("0")
    assert all(image.screenshot() != old for image, old in zip(pictures, before, strict=True))
    assert page.evaluate("Array.from(document.images).every((image) => image.complete && image.naturalWidth > 0)")


@pytest.mark.browser
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_it_plays_and_pauses(opened, motion):
    page = opened(viz.training_page(in_the_plane()).to_html(), reduced_motion=motion)
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # time passes only by run_for
    slider, button = page.get_by_role("slider"), page.get_by_role("button")
    step = 1000 if motion == "reduce" else 250
    assert button.inner_text() == "▶ Play"
    button.focus()
    page.keyboard.press("Space")
    assert (slider.input_value(), button.inner_text()) == ("0", "⏸ Pause")
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("output").get_attribute("aria-live") == "off"
    page.clock.run_for(step + 1)
    assert slider.input_value() == "1"
    page.keyboard.press("Space")
    page.clock.run_for(5 * step)
    assert (slider.input_value(), button.inner_text()) == ("1", "▶ Play")
    assert page.locator("output").get_attribute("aria-live") == "polite"
    page.keyboard.press("Space")
    page.clock.run_for(9 * step)
    assert (slider.input_value(), button.inner_text()) == ("3", "▶ Play")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")  # stops it, wherever the focus is
    page.clock.run_for(9 * step)
    assert slider.input_value() == "1"


@pytest.mark.browser
def test_in_print_and_without_a_script_the_last_epoch_is_there(opened):
    text = viz.training_page(in_the_plane()).to_html()
    page = opened(text)
    page.emulate_media(media="print")
    assert not page.get_by_role("slider").is_visible()
    assert not page.get_by_role("button").is_visible()
    assert page.get_by_text("Epoch 3 of 3").is_visible()
    plain = opened(text, java_script_enabled=False)
    assert plain.get_by_text("Epoch 3 of 3").is_visible()
    assert not plain.locator("input").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 420])
def test_nothing_is_wider_than_the_page(opened, width):
    page = opened(viz.training_page(of_images()).to_html(), viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        """Array.from(document.querySelectorAll(".chart text")).every((text) => {
             const inner = text.getBoundingClientRect(), outer = text.ownerSVGElement.getBoundingClientRect();
             return inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
           })"""
    )
