"""XOR by two layers: no line parts these four points, a hidden layer does. Run: python examples/xor.py"""

import autograd_core as ag
import nn
import optim

ag.manual_seed(0)
x = ag.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = ag.tensor([[0.0], [1.0], [1.0], [0.0]])
model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
loss_of = nn.BCEWithLogitsLoss()
optimizer = optim.Adam(model.parameters(), lr=0.05)

for step in range(401):
    optimizer.zero_grad()
    loss = loss_of(model(x), y)
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print(f"step {step:3}: loss {loss.item():.4f}")

with ag.no_grad():
    for row, probability in zip(x.tolist(), nn.functional.sigmoid(model(x)).tolist(), strict=True):
        print(f"{row} → {probability[0]:.0f} ({probability[0]:.3f})")
