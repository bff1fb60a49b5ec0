"""Slide "Dropout": a fifth of the inputs and of the hidden neurons rests in every step."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_test, x_train, y_test, y_train
from keras.layers import Dense, Dropout, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD


for rate in (0.0, 0.2):
    model = Sequential(
        [
            Input((28, 28)),
            Reshape((784,)),
            Dropout(rate),
            Dense(30, activation="sigmoid"),
            Dropout(rate),
            Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer=SGD(learning_rate=1.0), metrics=["accuracy"])
    data = x_train[:10_000], y_train[:10_000]
    rec = ng.fit(model, *data, epochs=100, batch_size=30, validation_data=(x_test, y_test), verbose=0)
    training, testing = rec.history["accuracy"][-1], rec.history["val_accuracy"][-1]
    print(f"dropout {rate}: accuracy {training:.4f} in training, {testing:.4f} in testing")
