"""Slide "Size of mini-batch?": 10, 30 and 300 images an update."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_train, y_train
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD


for batch_size in (10, 30, 300):
    model = Sequential(
        [Input((28, 28)), Reshape((784,)), Dense(30, activation="sigmoid"), Dense(10, activation="softmax")]
    )
    model.compile(loss="categorical_crossentropy", optimizer=SGD(learning_rate=1.0), metrics=["accuracy"])
    rec = ng.fit(model, x_train[:10_000], y_train[:10_000], epochs=100, batch_size=batch_size, verbose=0)
    print(f"{batch_size} images an update: loss {rec.history['loss'][-1]:.5f} after 100 epochs")
