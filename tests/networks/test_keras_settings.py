import keras

from netgain.networks.keras_settings import STANDARD, KerasSettings


def test_the_settings_of_now_are_those_that_were_set() -> None:
    assert KerasSettings.now() == STANDARD
    keras.config.set_image_data_format("channels_first")
    keras.config.set_epsilon(1e-4)
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        now = KerasSettings.now()
    finally:
        keras.config.set_image_data_format("channels_last")
        keras.config.set_epsilon(1e-7)
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
    assert now.model_dump() == {
        "floatx": "float64",
        "epsilon": 1e-4,
        "image_data_format": "channels_first",
        "dtype_policy": "mixed_bfloat16",
    }
    assert KerasSettings(**now.model_dump()) == now
