"""Every kind of plot: activations, a loss surface with optimisers on it, and a classifier that is trained and judged.

Run: python examples/plots.py (writes plots.png; needs the extra demo)
"""

import numpy as np
from matplotlib.figure import Figure

import autograd_core as ag
import nn
import optim
from viz import plots

figure = Figure(figsize=(16, 12), layout="constrained")
places = iter(figure.subplots(3, 3).ravel())

# An activation and its derivative
ax = plots.activation("relu", ax=next(places))
plots.activation("tanh", ax=ax)

# A line through 20 points: the cost of w and b, and how gradient descent goes with different learning rates
x = np.arange(0, 10, 0.5)
y = np.array([0.1, 0.4, 0.9, 1.6, 2.2, 2.5, 2.8, 3.5, 3.9, 4.7, 5.1, 5.3, 6.3, 6.5, 6.7, 7.5, 8.1, 8.5, 8.9, 9.5])


def cost(w, b):
    return ag.square(w * x + b - y).mean()


paths = {
    f"η = {rate}": plots.descent(cost, lambda p, rate=rate: optim.SGD(p, lr=rate), (-0.5, 3), steps=40)
    for rate in (0.001, 0.01, 0.03, 0.05)
}
plots.loss_surface(cost, (-1, 3), (-4, 4), paths, ax=next(places))


# Optimisers on one surface
def valley(x, y):
    return (1 - x) ** 2 + 10 * (y - x * x) ** 2


makers = {
    "SGD": lambda p: optim.SGD(p, lr=0.005),
    "momentum": lambda p: optim.SGD(p, lr=0.005, momentum=0.8),
    "AdaGrad": lambda p: optim.Adagrad(p, lr=0.4),
    "Adam": lambda p: optim.Adam(p, lr=0.1),
}
paths = {name: plots.descent(valley, maker, (-1.5, 2), steps=100) for name, maker in makers.items()}
plots.loss_surface(valley, (-2, 2), (-1, 3), paths, ax=next(places))

# A classifier of points inside and outside a circle
ag.manual_seed(0)
points = ag.randn(300, 2)
inside = (points.square().sum(1) < 1.4).long()
training, held_out = (points[:200], inside[:200]), (points[200:], inside[200:])
model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
adam = optim.Adam(model.parameters(), lr=0.05)
history = nn.fit(model, nn.CrossEntropyLoss(), adam, training, held_out, epochs=30, progress=False)
with ag.no_grad():
    scores = model(held_out[0])
names = ["outside", "inside"]
plots.learning_curves(history, ax=next(places))
plots.decision_regions(model, *held_out, labels=names, ax=next(places))
plots.confusion_matrix(held_out[1], scores.argmax(1), labels=names, ax=next(places))
plots.roc(held_out[1], scores, ax=next(places))

# Gradients that vanish on their way back through twelve layers
ax = next(places)
for activation in (nn.Sigmoid, nn.ReLU):
    deep = nn.Sequential(*(part for _ in range(12) for part in (nn.Linear(20, 20), activation())))
    deep(ag.randn(30, 20)).square().mean().backward()
    plots.gradient_norms(deep, label=activation.__name__, ax=ax)

# What a convolution looks for; plots.feature_maps shows what it makes of an image
plots.filters(nn.Conv2d(1, 16, 5).weight, columns=4, ax=next(places))

figure.savefig("plots.png")
print("plots.png")
