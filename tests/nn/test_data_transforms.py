"""Transforms of images: what each does, on arrays and on tensors, and how the random ones are seeded."""

import math

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.testing import check_grads
from nn.data import DataLoader, transforms
from nn.data.transforms import functional as F  # noqa: N812

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4)
COLOUR = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)


def forms(image):
    """An array as it is and as a Tensor (channels, height, width), each with what makes an array of it again."""
    planes = image[None] if image.ndim == 2 else image.transpose(2, 0, 1)
    back = (lambda t: t.numpy()[0]) if image.ndim == 2 else (lambda t: t.numpy().transpose(1, 2, 0))
    return [(image, lambda made: made), (ag.tensor(planes), back)]


@pytest.mark.parametrize("image", [GREY, COLOUR])
def test_what_moves_pixels(image):
    cases = [
        (F.hflip, image[:, ::-1]),
        (F.vflip, image[::-1]),
        (lambda x: F.crop(x, 1, 2, 2, 1), image[1:3, 2:3]),
        (lambda x: F.center_crop(x, (1, 2)), image[1:2, 1:3]),
        (lambda x: F.rotate(x, 180), image[::-1, ::-1]),
        (lambda x: F.affine(x, 0, (0, 0), 1.0, 0.0), image),
    ]
    for given, back in forms(image):
        for change, expected in cases:
            made = change(given)
            assert type(made) is type(given)
            assert made.dtype == np.uint8
            np.testing.assert_array_equal(back(made), expected)


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect", "symmetric"])
@pytest.mark.parametrize("image", [GREY, COLOUR])
def test_borders_are_numpys(image, mode):
    for padding, ends in ((2, ((2, 2), (2, 2))), ((1, 2), ((2, 2), (1, 1))), ((0, 1, 2, 1), ((1, 1), (0, 2)))):
        ends = (*ends, (0, 0))[: image.ndim]
        expected = np.pad(image, ends, mode)
        for given, back in forms(image):
            np.testing.assert_array_equal(back(F.pad(given, padding, padding_mode=mode)), expected)
    filled = F.pad(image, 1, fill=7)
    assert (filled[0] == 7).all()


def test_cutting_out_more_than_there_is():
    assert F.crop(GREY, -1, 3, 2, 3).tolist() == [[0, 0, 0], [3, 0, 0]]
    assert F.center_crop(GREY, 6).shape == (6, 6)
    assert F.center_crop(GREY, 6).sum() == GREY.sum()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns_are_numpys(turns):
    square = np.random.default_rng(0).integers(0, 255, (5, 5, 3), np.uint8)
    np.testing.assert_array_equal(F.rotate(square, 90 * turns), np.rot90(square, turns))
    even = square[:4, :4]
    np.testing.assert_array_equal(F.rotate(even, 90 * turns), np.rot90(even, turns))


def test_shifts_scales_and_fills():
    assert F.affine(GREY, 0, (1, -1), 1.0, 0, fill=9).tolist() == [[9, 4, 5, 6], [9, 8, 9, 10], [9, 9, 9, 9]]
    assert (
        F.affine(np.eye(4), 0, (0, 0), 2.0, 0).tolist()
        == np.repeat(np.repeat(np.eye(4)[1:3, 1:3], 2, 0), 2, 1).tolist()
    )
    row = F.affine(np.array([[0.0, 1.0, 0.0]]), 0, (0.5, 0), 1.0, 0, interpolation="bilinear")
    np.testing.assert_allclose(row, [[0, 0.5, 0.5]], atol=1e-6)
    about = F.rotate(GREY + 1, 90, center=(0.5, 0.5))  # the middle of the first pixel
    assert about[0].tolist() == [*(GREY[:, 0] + 1), 0]
    with pytest.raises(ValueError, match="scale above 0"):
        F.affine(GREY, 0, (0, 0), 0.0, 0)


def test_where_pixels_go():
    """A point of an image lands where the composed maps say: sheared, scaled, turned, then shifted."""
    size, start = 41, np.array([7.0, -4.0])
    image = np.zeros((size, size), np.float32)
    image[20 + int(start[1]), 20 + int(start[0])] = 1
    turn, along, across, scale, shift = 30.0, 10.0, 20.0, 1.5, (2, -3)
    moved = F.affine(image, turn, shift, scale, (along, across), interpolation="bilinear")
    x, y = start
    x -= math.tan(math.radians(along)) * y
    y -= math.tan(math.radians(across)) * x
    x, y = scale * x, scale * y
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    expected = np.array([c * x - s * y + shift[0], s * x + c * y + shift[1]]) + 20
    rows, columns = np.mgrid[:size, :size]
    centre = np.array([(columns * moved).sum(), (rows * moved).sum()]) / moved.sum()
    np.testing.assert_allclose(centre, expected, atol=0.05)


def test_sizes():
    assert F.resize(GREY, 6).shape == (6, 8)
    assert F.resize(COLOUR, (5, 2)).shape == (5, 2, 3)
    assert F.resize(ag.rand(2, 3, 8, 4), 2).shape == (2, 3, 4, 2)
    assert F.resize(GREY, (6, 8), "nearest").tolist() == np.repeat(np.repeat(GREY, 2, 0), 2, 1).tolist()
    np.testing.assert_allclose(F.resize(np.full((4, 4), 0.3, np.float32), 7), 0.3, rtol=1e-6)
    assert F.resize(np.full((4, 4), 200, np.uint8), 3).dtype == np.uint8
    halved = F.resize(np.array([[0.0, 0.0, 1.0, 1.0]]), (1, 2))
    assert halved[0, 0] + halved[0, 1] == pytest.approx(1)


def test_tensors_of_images():
    made = F.to_tensor(COLOUR)
    assert made.shape == (3, 3, 4)
    assert made.dtype == np.float32
    np.testing.assert_allclose(made.numpy(), COLOUR.transpose(2, 0, 1) / 255, rtol=1e-6)
    assert F.to_tensor(GREY.astype(np.int64)).dtype == np.int64
    assert F.to_tensor(GREY.astype(np.float64)).max() == 11
    with pytest.raises(TypeError, match="already"):
        F.to_tensor(made)
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        F.to_tensor(np.zeros(2))


def test_normalising():
    x = ag.rand(2, 3, 4, 4)
    made = transforms.Normalize((0.1, 0.2, 0.3), (1, 2, 4))(x)
    for i in range(3):
        np.testing.assert_allclose(made[:, i].numpy(), (x[:, i].numpy() - 0.1 * (i + 1)) / 2**i, rtol=1e-5, atol=1e-7)
    for wrong, error, what in (
        (lambda: F.normalize(COLOUR, 0.5, 0.5), TypeError, "ToTensor"),
        (lambda: F.normalize(ag.tensor(COLOUR), 0.5, 0.5), TypeError, "ToTensor"),
        (lambda: F.normalize(x, (0.5, 0.5), (1, 1)), ValueError, "2 means and 2 stds for 3 channels"),
        (lambda: F.normalize(x, 0.5, 0.0), ValueError, "std of 0"),
    ):
        with pytest.raises(error, match=what):
            wrong()


def test_greys():
    image = np.full((2, 2, 3), (10, 20, 30), np.uint8)
    assert (transforms.Grayscale()(image) == round(0.2989 * 10 + 0.587 * 20 + 0.114 * 30)).all()
    assert transforms.Grayscale(3)(image).shape == (2, 2, 3)
    with pytest.raises(ValueError, match="three channels"):
        F.rgb_to_grayscale(GREY)


def test_gradients_flow():
    x = ag.rand(1, 4, 4, dtype=np.float64)
    for change in (
        F.hflip,
        lambda t: F.pad(t, 1, padding_mode="symmetric"),
        lambda t: F.rotate(t, 20, "bilinear", fill=0.5),
        lambda t: F.normalize(F.crop(t, -1, 1, 3, 3), 0.5, 0.25),
        lambda t: F.resize(t, 3),
    ):
        check_grads(change, (x,))


def test_a_chain_as_tutorials_write_it():
    ag.manual_seed(0)
    chain = transforms.Compose(
        [
            transforms.RandomCrop(32, padding=4),
            transforms.RandomHorizontalFlip(),
            transforms.RandomRotation(10),
            transforms.ToTensor(),
            transforms.GaussianNoise(sigma=0.05),
            transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
        ]
    )
    made = chain(np.random.default_rng(0).integers(0, 255, (32, 32, 3), np.uint8))
    assert made.shape == (3, 32, 32)
    assert made.dtype == np.float32
    assert -1 <= made.min() < -0.5 < 0.5 < made.max() <= 1
    assert repr(chain).splitlines()[2] == "    RandomHorizontalFlip(p=0.5)"


RANDOM = [
    transforms.RandomCrop(3),
    transforms.RandomResizedCrop(4),
    transforms.RandomHorizontalFlip(),
    transforms.RandomVerticalFlip(),
    transforms.RandomRotation(90),
    transforms.RandomAffine(30, (0.3, 0.3), (0.5, 2), 20),
    transforms.RandomAffine((0, 10), shear=(-10, 10, -5, 5)),
    transforms.RandomApply([transforms.Lambda(lambda x: x + 1)]),
    transforms.RandomChoice([transforms.Lambda(lambda x: x + 1), transforms.Lambda(lambda x: x + 2)], p=[1, 2]),
    transforms.GaussianNoise(),
]


@pytest.mark.parametrize("transform", RANDOM, ids=lambda transform: type(transform).__name__)
def test_the_seed_decides(transform):
    x = ag.rand(1, 8, 8)

    def made(seed):
        ag.manual_seed(seed)
        return [transform(x).tolist() for _ in range(12)]

    assert made(1) == made(1) != made(2)
    assert any(one != made(1)[0] for one in made(1))


def test_random_ranges():
    ag.manual_seed(0)
    image = np.arange(100).reshape(10, 10)
    corners = {transforms.RandomCrop(8)(image)[0, 0] for _ in range(200)}
    assert corners == {row * 10 + column for row in range(3) for column in range(3)}
    shifts = {int(transforms.RandomAffine(0, (0.2, 0))(image)[0].argmax()) for _ in range(100)}
    assert shifts == {7, 8, 9}
    flips = sum(transforms.RandomHorizontalFlip(0.25)(image)[0, 0] == 9 for _ in range(400))
    assert abs(flips - 100) < 5 * math.sqrt(400 * 0.25 * 0.75)
    assert transforms.RandomResizedCrop(5, scale=(1, 1), ratio=(1, 1))(image).shape == (5, 5)
    assert transforms.RandomResizedCrop(5, scale=(9, 9))(image).shape == (5, 5)
    with pytest.raises(ValueError, match="12×12 pixels of an image of 10×10"):
        transforms.RandomCrop(12)(image)
    assert transforms.RandomCrop(12, pad_if_needed=True)(image).shape == (12, 12)


def test_noise():
    ag.manual_seed(0)
    x = ag.full((100, 100), 0.5)
    noise = (transforms.GaussianNoise(0.1, 0.05)(x) - x).numpy()
    assert noise.mean() == pytest.approx(0.1, abs=5 * 0.05 / 100)
    assert noise.std() == pytest.approx(0.05, rel=0.05)
    clipped = transforms.GaussianNoise(sigma=2.0)(x)
    assert (clipped.min(), clipped.max()) == (0, 1)
    with pytest.raises(TypeError, match="ToTensor"):
        transforms.GaussianNoise()(GREY)


def test_images_of_pillow():
    image = pytest.importorskip("PIL.Image").fromarray(COLOUR)
    np.testing.assert_array_equal(transforms.ToTensor()(image).numpy(), F.to_tensor(COLOUR).numpy())
    np.testing.assert_array_equal(F.hflip(image), COLOUR[:, ::-1])


class Augmented:
    """Digits, each shifted and turned at random."""

    transform = transforms.Compose([transforms.RandomAffine(15, (0.2, 0.2)), transforms.ToTensor()])

    def __len__(self):
        return 12

    def __getitem__(self, index):
        return self.transform(np.full((6, 6), 20 * index, np.uint8))


def test_augmentation_is_reproducible_with_workers():
    def batches(workers):
        ag.manual_seed(3)
        return [batch.tolist() for batch in DataLoader(Augmented(), 5, shuffle=True, num_workers=workers)]

    assert batches(0) == batches(1) == batches(2)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (lambda: F.pad(GREY, (1, 2, 3)), "1, 2 or 4"),
        (lambda: F.pad(GREY, 1, padding_mode="wrap"), "constant, edge, reflect and symmetric"),
        (lambda: F.hflip(np.zeros(3)), r"shape \(3,\)"),
        (lambda: F.hflip(ag.zeros(3)), r"shape \(3,\)"),
        (lambda: transforms.RandomRotation(-1)(GREY), "not below 0"),
    ],
)
def test_what_is_refused(wrong, what):
    with pytest.raises(ValueError, match=what):
        wrong()


@pytest.mark.peers
@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bicubic"])
def test_affine_maps_are_pytorchs_sampling(mode):
    """The map from output to input, in coordinates from −1 to 1, as PyTorch's functions take it."""
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).random((1, 2, 7, 9)).astype(np.float32)
    c, s = math.cos(math.radians(25)), math.sin(math.radians(25))
    scale, shift = 1.25, (1.5, -0.5)
    # x_in = (1/scale) R(−25°) (x_out − shift), in pixels; then in halves of the width and height
    inverse = np.array([[c, s], [-s, c]]) / scale
    offset = -inverse @ shift
    halves = np.array([4.5, 3.5])
    theta = np.concatenate([inverse * halves / halves[:, None], (offset / halves)[:, None]], 1)
    grid = torch.nn.functional.affine_grid(
        torch.tensor(theta[None], dtype=torch.float32), list(x.shape), align_corners=False
    )
    expected = torch.nn.functional.grid_sample(torch.tensor(x), grid, mode=mode, align_corners=False)
    made = F.affine(ag.tensor(x), 25, shift, scale, 0, mode)
    np.testing.assert_allclose(made.numpy(), expected.numpy(), atol=2e-6)
