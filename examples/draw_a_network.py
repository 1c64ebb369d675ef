"""A network's forward graph, and both graphs side by side, as pages. Run: python examples/draw_a_network.py [FOLDER]"""

import sys
from pathlib import Path

import autograd_core as ag
import nn
import viz

folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
ag.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
loss = nn.MSELoss()(model(ag.tensor([[1.0, -1.0]])), ag.tensor([[0.5]]))
for name, drawing in (("forward", viz.draw(loss)), ("both", viz.draw_backward(loss))):
    print(drawing.save(folder / f"{name}.html"))
