"""PyTorch eager on task T1: 784-30-10 sigmoid, MSE, SGD, batch 30. Runs in the peers' environment.

`python peer_pytorch.py IMAGES.npz EPOCHS LEARNING_RATE` prints seconds of each epoch and the test accuracy as JSON.
The images wait as one float32 tensor and are gathered by index: no loader stands between them and the network.
"""

import json
import sys
import time

import numpy as np
import torch  # pyright: ignore[reportMissingImports] - lives in the peers' environment

torch.set_num_threads(1)
BATCH = 30


def main(path: str, epochs: int, learning_rate: float) -> None:
    data = np.load(path)
    x = torch.from_numpy(data["x_train"].reshape(-1, 784).astype("float32") / 255)
    y = torch.eye(10)[torch.from_numpy(data["y_train"].astype("int64"))]
    x_test = torch.from_numpy(data["x_test"].reshape(-1, 784).astype("float32") / 255)
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Linear(784, 30), torch.nn.Sigmoid(), torch.nn.Linear(30, 10), torch.nn.Sigmoid()
    )
    for layer in network[::2]:
        torch.nn.init.xavier_uniform_(layer.weight)  # Keras' glorot_uniform
        torch.nn.init.zeros_(layer.bias)
    optimizer, loss = torch.optim.SGD(network.parameters(), lr=learning_rate), torch.nn.MSELoss()
    seconds = []
    for _ in range(epochs):
        start = time.perf_counter()
        for index in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss(network(x[index]), y[index]).backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    with torch.no_grad():
        right = network(x_test).argmax(1) == torch.from_numpy(data["y_test"].astype("int64"))
    print(json.dumps({"seconds": seconds, "accuracy": float(right.float().mean()), "version": torch.__version__}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
