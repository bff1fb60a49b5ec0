"""Slide "What else we can do?": every image once more, turned a little to either side."""

import netgain as ng  # before Keras, whose backend it chooses

import numpy as np
from digits import x_test, x_train, y_test, y_train
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD
from scipy.ndimage import rotate


x_train, y_train = x_train[:10_000], y_train[:10_000]


def turned(images, lowest, highest):
    angles = np.random.uniform(lowest, highest, len(images))
    return np.array([rotate(image, angle, reshape=False) for image, angle in zip(images, angles, strict=True)])


x_three = np.concatenate([x_train, turned(x_train, 5, 25), turned(x_train, -25, -5)])
y_three = np.concatenate([y_train, y_train, y_train])

for images, labels in ((x_train, y_train), (x_three, y_three)):
    model = Sequential(
        [Input((28, 28)), Reshape((784,)), Dense(30, activation="sigmoid"), Dense(10, activation="softmax")]
    )
    model.compile(loss="categorical_crossentropy", optimizer=SGD(learning_rate=1.0), metrics=["accuracy"])
    rec = ng.fit(model, images, labels, epochs=100, batch_size=30, validation_data=(x_test, y_test), verbose=0)
    training, testing = rec.history["accuracy"][-1], rec.history["val_accuracy"][-1]
    print(f"{len(images):,} images: accuracy {training:.4f} in training, {testing:.4f} in testing")
