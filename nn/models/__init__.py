"""Models of the textbooks, with torchvision's layer names and parameter counts where it has them too.

>>> import autograd_core as ag, nn
>>> model = nn.models.LeNet(num_classes=10)
>>> model(ag.zeros(2, 1, 28, 28)).shape
(2, 10)
"""

from ..perceptron import Perceptron
from .autoencoder import Autoencoder
from .char_rnn import CharRNN
from .googlenet import GoogLeNet, GoogLeNetOutputs, InceptionAux, googlenet
from .inception import BasicConv2d, BottleneckInception, Inception, NaiveInception
from .lenet import LeNet
from .mlp import MLP
from .resnet import BasicBlock, Bottleneck, ResNet, resnet18, resnet34, resnet50, resnet101, resnet152
from .vgg import VGG, vgg11, vgg11_bn, vgg13, vgg13_bn, vgg16, vgg16_bn, vgg19, vgg19_bn

__all__ = [
    "MLP",
    "VGG",
    "Autoencoder",
    "BasicBlock",
    "BasicConv2d",
    "Bottleneck",
    "BottleneckInception",
    "CharRNN",
    "GoogLeNet",
    "GoogLeNetOutputs",
    "Inception",
    "InceptionAux",
    "LeNet",
    "NaiveInception",
    "Perceptron",
    "ResNet",
    "googlenet",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "vgg11",
    "vgg11_bn",
    "vgg13",
    "vgg13_bn",
    "vgg16",
    "vgg16_bn",
    "vgg19",
    "vgg19_bn",
]
