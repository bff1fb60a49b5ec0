"""Slides "Can we do something with the learning method?" and "Keep the momentum?": four ways of gradient descent."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_train, y_train
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD


optimizers = {
    "rate 1.0": SGD(learning_rate=1.0),
    "rate 0.1": SGD(learning_rate=0.1),
    "rate 0.1, momentum 0.9": SGD(learning_rate=0.1, momentum=0.9),
    "rate 0.1, Nesterov momentum 0.9": SGD(learning_rate=0.1, momentum=0.9, nesterov=True),
}
for name, optimizer in optimizers.items():
    model = Sequential(
        [Input((28, 28)), Reshape((784,)), Dense(30, activation="sigmoid"), Dense(10, activation="softmax")]
    )
    model.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    rec = ng.fit(model, x_train[:10_000], y_train[:10_000], epochs=20, batch_size=30, verbose=0)
    print(f"{name}: loss {rec.history['loss'][0]:.4f} after 1 epoch, {rec.history['loss'][-1]:.4f} at the end")
