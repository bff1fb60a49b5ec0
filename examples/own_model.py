import netgain as ng
import keras

dataset = ng.load_dataset("leaves")  # your folder of images: one sub-folder per class
layers = [keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
softmax = keras.layers.Dense(dataset.num_classes, activation="softmax")
model = keras.Sequential([keras.Input(dataset.image_shape), *layers, softmax])
baseline = ng.Recipe(dataset=dataset, network=ng.KerasNetwork(model), optimizer="adam", batch_size=32, epochs=10)
arms = {"sgd": baseline.change("optimizer", ng.Optimizer("sgd", 0.1, momentum=0.9))}
print(ng.run(ng.Study("leaves", question="Is momentum as good as Adam here?", baseline=baseline, arms=arms), seeds=5))
