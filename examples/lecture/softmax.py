"""Slide "Try it out!": softmax with cross-entropy on all 60,000 images."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_test, x_train, y_test, y_train
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD


model = Sequential([Input((28, 28)), Reshape((784,)), Dense(30, activation="sigmoid"), Dense(10, activation="softmax")])
model.compile(loss="categorical_crossentropy", optimizer=SGD(learning_rate=1.0), metrics=["accuracy"])
ng.fit(model, x_train, y_train, epochs=20, batch_size=120)

print("Performance (training): loss {:.5f}, accuracy {:.5f}".format(*model.evaluate(x_train, y_train, verbose=0)))
print("Performance (testing): loss {:.5f}, accuracy {:.5f}".format(*model.evaluate(x_test, y_test, verbose=0)))
