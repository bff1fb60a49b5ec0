"""Slide "The overtraining issue": 10,000 images, 100 epochs, and the test images watched."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_test, x_train, y_test, y_train
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD


model = Sequential([Input((28, 28)), Reshape((784,)), Dense(30, activation="sigmoid"), Dense(10, activation="softmax")])
model.compile(loss="categorical_crossentropy", optimizer=SGD(learning_rate=1.0), metrics=["accuracy"])
data = x_train[:10_000], y_train[:10_000]
rec = ng.fit(model, *data, epochs=100, batch_size=30, validation_data=(x_test, y_test), verbose=0)
for epoch in (1, 20, 100):
    training, testing = rec.history["accuracy"][epoch - 1], rec.history["val_accuracy"][epoch - 1]
    print(f"epoch {epoch}: accuracy {training:.4f} in training, {testing:.4f} in testing")
