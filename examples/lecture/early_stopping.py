"""Slide "Early stopping (II)": training ends when the validation loss has not fallen for 3 epochs."""

import netgain as ng  # before Keras, whose backend it chooses

from digits import x_test, x_train, y_test, y_train
from keras.callbacks import EarlyStopping
from keras.layers import Dense, Input, Reshape
from keras.models import Sequential
from keras.optimizers import SGD


x_valid, y_valid = x_train[50_000:], y_train[50_000:]
x_train, y_train = x_train[:10_000], y_train[:10_000]

model = Sequential([Input((28, 28)), Reshape((784,)), Dense(30, activation="sigmoid"), Dense(10, activation="softmax")])
model.compile(loss="categorical_crossentropy", optimizer=SGD(learning_rate=1.0), metrics=["accuracy"])
rec = ng.fit(
    model,
    x_train,
    y_train,
    epochs=100,
    batch_size=100,
    validation_data=(x_valid, y_valid),
    callbacks=[EarlyStopping(monitor="val_loss", patience=3)],
    verbose=0,
)
print(f"stopped after {len(rec.epoch)} epochs")
print("Performance (training): loss {:.5f}, accuracy {:.5f}".format(*model.evaluate(x_train, y_train, verbose=0)))
print("Performance (validation): loss {:.5f}, accuracy {:.5f}".format(*model.evaluate(x_valid, y_valid, verbose=0)))
print("Performance (testing): loss {:.5f}, accuracy {:.5f}".format(*model.evaluate(x_test, y_test, verbose=0)))
