"""Slides "Put all together": 16 maps of 5×5, 23,466 weights and biases."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_test, x_train, y_test, y_train
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D, Reshape
from keras.models import Sequential
from keras.optimizers import Adadelta


model = Sequential(
    [
        Input((28, 28)),
        Reshape((28, 28, 1)),
        Conv2D(16, kernel_size=(5, 5), activation="relu"),
        MaxPooling2D(pool_size=(2, 2)),
        Flatten(),
        Dropout(0.2),
        Dense(10, activation="softmax"),
    ]
)
model.compile(loss="categorical_crossentropy", optimizer=Adadelta(learning_rate=1.0), metrics=["accuracy"])
ng.fit(model, x_train, y_train, epochs=20, batch_size=128, validation_data=(x_test, y_test))

print("Performance (training): loss {:.5f}, accuracy {:.5f}".format(*model.evaluate(x_train, y_train, verbose=0)))
print("Performance (testing): loss {:.5f}, accuracy {:.5f}".format(*model.evaluate(x_test, y_test, verbose=0)))
