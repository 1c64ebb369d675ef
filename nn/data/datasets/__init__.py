"""Datasets to learn with: made by a formula, bundled with scikit-learn, or downloaded once."""

from .cifar import CIFAR10
from .mnist import MNIST, FashionMNIST
from .table import Table, breast_cancer, digits, iris, wine
from .toy import blobs, circles, gate, line, moons, spiral, xor
from .vision import Images

__all__ = [
    "CIFAR10",
    "MNIST",
    "FashionMNIST",
    "Images",
    "Table",
    "blobs",
    "breast_cancer",
    "circles",
    "digits",
    "gate",
    "iris",
    "line",
    "moons",
    "spiral",
    "wine",
    "xor",
]
