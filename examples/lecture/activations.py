"""Slide "Different activation function? (III)": sigmoid and ReLU in 784-256-256-10."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_test, x_train, y_test, y_train
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD


for activation in ("sigmoid", "relu"):
    model = Sequential(
        [
            Input((28, 28)),
            Reshape((784,)),
            Dense(256, activation=activation),
            Dense(256, activation=activation),
            Dense(10, activation="softmax"),
        ]
    )
    rate = 1.0 if activation == "sigmoid" else 0.1
    model.compile(loss="categorical_crossentropy", optimizer=SGD(learning_rate=rate), metrics=["accuracy"])
    data = x_train[:10_000], y_train[:10_000]
    rec = ng.fit(model, *data, epochs=40, batch_size=30, validation_data=(x_test, y_test), verbose=0)
    print(f"{activation}: test accuracy {rec.history['val_accuracy'][-1]:.4f}")
