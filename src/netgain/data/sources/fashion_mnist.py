"""Fashion-MNIST: Zalando's articles of clothing, made to replace MNIST."""

from pathlib import Path

from netgain.data.delivery import DebianPackage, Mirror
from netgain.data.download import IdxDownload
from netgain.data.source import Source

SOURCE = Source(
    name="fashion-mnist",
    description="articles of clothing, 28x28 grey, 60,000 to train and 10,000 to test (31 MB to fetch)",
    image_shape=(28, 28, 1),
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    num_train=60_000,
    num_test=10_000,
    supply=IdxDownload(
        name="fashion-mnist",
        checksums={
            "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        },
        deliveries=(
            Mirror("https://storage.googleapis.com/tensorflow/tf-keras-datasets/"),
            Mirror("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
            DebianPackage("dataset-fashion-mnist", folder=Path("/usr/share/datasets/fashion-mnist")),
        ),
    ),
)
