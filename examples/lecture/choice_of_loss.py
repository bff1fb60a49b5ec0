"""Slide "The choice of loss": with cross-entropy the same two neurons learn at once."""

import netgain as ng  # before Keras, whose backend it chooses

import numpy as np
from keras.layers import Dense, Input
from keras.models import Sequential
from keras.optimizers import SGD


x_train = np.random.randn(1000, 1)
y_train = np.zeros((1000, 1))

model = Sequential([Input((1,)), Dense(units=1, activation="sigmoid"), Dense(units=1, activation="sigmoid")])

for loss in ("mean_squared_error", "binary_crossentropy"):
    model.compile(loss=loss, optimizer=SGD(learning_rate=1.0))
    model.layers[0].set_weights([np.array([[2.1]]), np.array([3.1])])
    model.layers[1].set_weights([np.array([[4.1]]), np.array([5.1])])
    rec = ng.fit(model, x_train, y_train, epochs=100, batch_size=100, verbose=0)
    answers = model.predict(x_train, verbose=0)
    print(f"{loss}: the mean answer, 0 if right, is {answers.mean():.3f} after 100 epochs")
