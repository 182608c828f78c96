"""Fashion-MNIST as published: 60,000 + 10,000 pictures of clothes in the format of MNIST."""

from relubook.datasets.entry import Edition, Entry, File
from relubook.datasets.images import mnist

CLASSES = (
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
)
_HOSTS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
# The publishers give MD5 sums; these SHA-256 are of the files that have them.
_FILES = {  # name: size [bytes], SHA-256
    "train-images-idx3-ubyte.gz": (
        26421880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    "train-labels-idx1-ubyte.gz": (
        29515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    "t10k-images-idx3-ubyte.gz": (
        4422102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        5148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
}

FASHION = Entry(
    name="fashion-mnist",
    title="Fashion-MNIST",
    what="70,000 pictures of clothes, 28 x 28: 50,000 for training, 10,000 each to judge and test",
    origin=(
        Edition(
            files=tuple(
                File(
                    name=name, size=size, sha256=sha256, urls=tuple(host + name for host in _HOSTS)
                )
                for name, (size, sha256) in _FILES.items()
            ),
            read=mnist.read,
        ),
    ),
    license="MIT",
    citekey="xiao2017",
    classes=CLASSES,
    image_shape=(28, 28),
    note="MNIST's sizes; validation is the last 10,000 of the published training images.",
    differs="The paper has nothing like it: it appeared in 2017 as a harder set in MNIST's format.",
    stand_in="mnist-5k",
)
