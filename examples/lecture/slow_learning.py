"""Slide "Slow learning with bad weights": two neurons in a row that start out very wrong learn late."""

import netgain as ng  # before Keras, whose backend it chooses

import numpy as np
from keras.layers import Dense, Input
from keras.models import Sequential
from keras.optimizers import SGD


x_train = np.random.randn(1000, 1)
y_train = np.zeros((1000, 1))

model = Sequential([Input((1,)), Dense(units=1, activation="sigmoid"), Dense(units=1, activation="sigmoid")])
model.layers[0].set_weights([np.array([[2.0]]), np.array([3.0])])
model.layers[1].set_weights([np.array([[4.0]]), np.array([5.0])])
model.compile(loss="mean_squared_error", optimizer=SGD(learning_rate=1.0))
rec = ng.fit(model, x_train, y_train, epochs=100, batch_size=100, verbose=0)
print("loss after epochs 1, 10, 50, 100:", [round(rec.history["loss"][epoch - 1], 4) for epoch in (1, 10, 50, 100)])
