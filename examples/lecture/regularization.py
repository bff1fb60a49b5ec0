"""Slide "Regularization (III)": an L2 penalty on the weights of the output layer."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_test, x_train, y_test, y_train
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD
from keras.regularizers import l2


for penalty in (None, l2(0.01)):
    model = Sequential(
        [
            Input((28, 28)),
            Reshape((784,)),
            Dense(30, activation="sigmoid"),
            Dense(10, activation="softmax", kernel_regularizer=penalty),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer=SGD(learning_rate=1.0), metrics=["accuracy"])
    data = x_train[:10_000], y_train[:10_000]
    rec = ng.fit(model, *data, epochs=100, batch_size=30, validation_data=(x_test, y_test), verbose=0)
    training, testing = rec.history["accuracy"][-1], rec.history["val_accuracy"][-1]
    print(f"{'with' if penalty else 'without'} L2: accuracy {training:.4f} in training, {testing:.4f} in testing")
