import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf
from keras import layers

from training_data import COPIES, NAMES, case, load

tf.config.threading.set_intra_op_parallelism_threads(2)
tf.config.threading.set_inter_op_parallelism_threads(2)


def conv(filters, size=3, **options):
    return layers.Conv2D(filters, size, padding="same", **options)


def cnn():
    def block(filters):
        return [conv(filters, use_bias=False), layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D()]

    head = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)]
    return keras.Sequential([keras.Input((28, 28, 1)), *block(16), *block(32), *head])


def unet():
    x = keras.Input((28, 28, 1))
    fine = conv(32, activation="relu")(x)
    coarse = conv(64, activation="relu")(layers.MaxPooling2D()(fine))
    up = layers.UpSampling2D()(coarse)
    joined = conv(32, activation="relu")(layers.Concatenate()([up, fine]))
    return keras.Model(x, conv(1, 1)(joined))


class Heads(layers.Layer):
    """Atenção de várias cabeças sobre q, k e v já juntos."""

    def call(self, qkv):
        shape = tf.shape(qkv)
        q, k, v = tf.unstack(tf.transpose(tf.reshape(qkv, [shape[0], 64, 3, 4, 32]), [2, 0, 3, 1, 4]))
        mixed = tf.matmul(tf.nn.softmax(tf.matmul(q, k, transpose_b=True) / 32**0.5), v)
        return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [shape[0], 64, 128])


def transformer():
    x = keras.Input((64, 128))
    qkv = layers.Dense(384)(layers.LayerNormalization(epsilon=1e-5)(x))
    y = layers.Add()([x, layers.Dense(128)(Heads()(qkv))])
    up = layers.Dense(512, activation="gelu")(layers.LayerNormalization(epsilon=1e-5)(y))
    y = layers.Add()([y, layers.Dense(128)(up)])
    return keras.Model(x, layers.Dense(10)(layers.GlobalAveragePooling1D()(y)))


def sequential(shape, *stack):
    return lambda: keras.Sequential([keras.Input(shape), *[make() for make in stack]])


def dense(first, *widths):
    """Camadas densas com ReLU entre elas."""
    hidden = [lambda units=units: layers.Dense(units, activation="relu") for units in widths[:-1]]
    return sequential((first,), *hidden, lambda: layers.Dense(widths[-1]))


MODELS = {
    "mlp": dense(784, 512, 256, 10),
    "small": dense(2, 64, 64, 2),
    "small3": dense(2, 128, 128, 128, 2),
    "cnn": cnn,
    "unet": unet,
    "lstm": sequential((32, 64), lambda: layers.LSTM(128, unit_forget_bias=False), lambda: layers.Dense(10)),
    "transformer": transformer,
}


def training(folder, name):
    weights, inputs, labels = load(folder, name)
    inputs, labels = tf.constant(inputs), tf.constant(labels)
    batches = [(x, x if name in COPIES else y) for x, y in zip(inputs, labels)]
    model = MODELS[name]()
    optimizer = keras.optimizers.Adam(1e-3, epsilon=1e-8)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            out = model(x, training=True)
            if name in COPIES:
                loss = tf.reduce_mean(tf.square(out - y))
            else:
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, out))
        optimizer.apply(tape.gradient(loss, model.trainable_variables))
        return loss

    def start():
        for variable, weight in zip(model.trainable_variables, weights):
            variable.assign(weight)
        for variable in optimizer.variables:
            if variable is not optimizer._learning_rate:
                variable.assign(tf.zeros_like(variable))
        return step

    return case(start, batches)


def prepare(folder):
    return {name: training(folder, name) for name in NAMES}
