"""An LSTM that reads an image row by row."""

import keras
from keras import layers

model = keras.Sequential(
    [keras.Input((8, 8)), layers.LSTM(32, recurrent_dropout=0.1), layers.Dense(10, activation="softmax")]
)
