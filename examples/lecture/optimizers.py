"""Slides "Different training algorithm?": the seven of the lecture, each with Keras' own settings."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_test, x_train, y_test, y_train
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential


for optimizer in ("sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamax", "nadam"):
    model = Sequential(
        [Input((28, 28)), Reshape((784,)), Dense(30, activation="sigmoid"), Dense(10, activation="softmax")]
    )
    model.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    data = x_train[:10_000], y_train[:10_000]
    rec = ng.fit(model, *data, epochs=100, batch_size=30, validation_data=(x_test, y_test), verbose=0)
    print(f"{optimizer}: loss {rec.history['loss'][-1]:.4f}, test accuracy {rec.history['val_accuracy'][-1]:.4f}")
