import netgain as ng

baseline = ng.Recipe(
    dataset="mnist",
    train_size=10_000,
    network=ng.MLP(hidden=(30,), activation="sigmoid", output="softmax"),
    loss="categorical_crossentropy",
    optimizer=ng.Optimizer("sgd", learning_rate=1.0),
    batch_size=30,
    epochs=100,
)
study = ng.Study(
    "dropout",
    question="Does dropping 20 % of the inputs and of the hidden neurons help?",
    baseline=baseline,
    arms={"dropout 0.2": baseline.change("network.dropout", 0.2)},
)
result = ng.run(study, seeds=5)  # trains what the store lacks
print(result)  # the table of verdicts, and each in words
result.chart("learning-curves").save("dropout.png", ppi=144)  # an Altair chart; result.frame(...) is its table
result.report("dropout.html")  # one self-contained page
