"""Trains the small recurrent net of Agora's sentiment engine.

Reads what `train prepare` wrote, and leaves the net's arrays in a folder for
`train pack`. Needs Debian's python3-torch and python3-numpy; the same seed and
the same number of threads give the same net.
"""

import argparse
import json
import os
import time
from typing import List

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

arguments = argparse.ArgumentParser()
arguments.add_argument("--work", required=True, help="the folder that prepare filled")
arguments.add_argument("--vectors", required=True, help="words, one a line; NAME.npy beside it holds their vectors")
arguments.add_argument("--out", required=True, help="folder for the arrays")
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--epochs", type=int, default=4)
arguments.add_argument("--batch", type=int, default=128)
arguments.add_argument("--rate", type=float, default=2e-3)
arguments.add_argument("--words-rate", type=float, default=1e-3)
arguments.add_argument("--threads", type=int, default=1)
arguments.add_argument("--drop", type=float, default=0.4)
arguments.add_argument("--smooth", type=float, default=0.05)
arguments.add_argument("--own", type=float, default=1.0, help="what the project's own sentences count, times what prepare says")
arguments.add_argument("--sample", type=float, default=1.0, help="part of the samples, for a quick look")
A = arguments.parse_args()

torch.manual_seed(A.seed)
torch.set_num_threads(A.threads)
random = np.random.RandomState(A.seed)

SIZES = json.load(open(f"{A.work}/sizes.json"))
WIDTH, PLACES, FLAGS = SIZES["width"], SIZES["places"], SIZES["flags"]
DENSE, COMBOS, FIRST, ROWS = SIZES["dense"], SIZES["combos"], SIZES["first"], SIZES["rows"]
HALF, BITS = WIDTH // 2, FLAGS.bit_length() - 1
PADDING = PLACES  # one more row than the net keeps


def read(name, kind):
    return np.fromfile(f"{A.work}/{name}", kind)


ids, offsets = read("ids.i32", np.int32), read("offsets.i32", np.int32)
places, flags = read("places.u8", np.uint8), read("flags.u8", np.uint8)
sides, feels = read("sides.i8", np.int8), read("feels.f32", np.float32)
count = len(offsets) - 1
dense = read("dense.f32", np.float32).reshape(count, DENSE)
weight, label = read("weight.f32", np.float32), read("class.u8", np.uint8).astype(np.int64)
dev, combo, group = read("dev.u8", np.uint8) > 0, read("combo.i16", np.int16).astype(np.int64), read("set.i32", np.int32)
sets = json.load(open(f"{A.work}/sets.json"))
shared = np.array([name.endswith(("_train", "_dev")) for name in sets])
weight[~shared[group]] *= A.own

# The frozen vectors: those of the list for its words, nothing for the others.
vocabulary = open(f"{A.work}/vocabulary.txt").read().split("\n")
listed = {w: i for i, w in enumerate(open(A.vectors).read().split("\n"))}
given = np.load(os.path.splitext(A.vectors)[0] + ".npy", mmap_mode="r")
base = np.zeros((ROWS, given.shape[1]), np.float32)
for i, word in enumerate(vocabulary):
    at = listed.get(word, listed.get(word.lstrip("#"), -1))
    if at >= 0:
        base[FIRST + i] = np.asarray(given[at]) * 0.5
base = torch.from_numpy(base)


@torch.jit.script
def recur(u, mask, forget, output):
    """Simple recurrent units over u (steps, batch, 3, half)."""
    steps, size, _, half = u.shape
    c = torch.zeros(size, half)
    x, f, r = u[:, :, 0], u[:, :, 1], u[:, :, 2]
    states = torch.jit.annotate(List[torch.Tensor], [])
    for t in range(steps):
        g = torch.sigmoid(f[t] + forget * c + 1.0)
        g = g * mask[t] + (1.0 - mask[t])
        c = x[t] + g * (c - x[t])
        states.append(c)
    c = torch.stack(states)
    return torch.sigmoid(r + output * c) * torch.tanh(c)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.delta = nn.Embedding(ROWS, base.shape[1], sparse=True)
        nn.init.zeros_(self.delta.weight)
        with torch.no_grad():
            self.delta.weight[1:FIRST].normal_(0, 0.2)
        self.narrow = nn.Linear(base.shape[1], WIDTH, bias=False)
        self.place = nn.Embedding(PLACES + 1, 12)
        self.flag = nn.Linear(BITS, 8, bias=False)
        self.gates = nn.Linear(WIDTH + 12 + 8 + 2, 3 * WIDTH)
        self.forget = nn.Parameter(torch.zeros(WIDTH))
        self.output = nn.Parameter(torch.zeros(WIDTH))
        self.attend = nn.Linear(WIDTH, 1, bias=False)
        self.answer = nn.Linear(5 * WIDTH + DENSE, 3)
        self.combo = nn.Embedding(COMBOS, 3)
        nn.init.zeros_(self.combo.weight)
        self.words, self.states = nn.Dropout(0.3), nn.Dropout(A.drop)

    def forward(self, ids, place, bits, feel, side, mask, figures, combo):
        unique, back = torch.unique(ids, return_inverse=True)
        e = self.words(self.narrow(base[unique] + self.delta(unique)))[back]
        if self.training:
            e = e * (torch.rand(ids.shape) > 0.1).unsqueeze(-1)
        x = torch.cat([e, self.place(place), self.flag(bits), feel], -1)
        n, steps = ids.shape
        u = self.gates(x).view(n, steps, 3, WIDTH).transpose(0, 1)
        m = mask.t().unsqueeze(-1)
        h = torch.cat([
            recur(u[..., :HALF], m, self.forget[:HALF], self.output[:HALF]),
            recur(u[..., HALF:].flip(0), m.flip(0), self.forget[HALF:], self.output[HALF:]).flip(0),
        ], -1).transpose(0, 1)
        h = self.states(h)
        inside = mask.unsqueeze(-1)
        a = torch.softmax(self.attend(h).squeeze(-1).masked_fill(mask == 0, -1e9), 1).unsqueeze(-1)

        def greatest(where):
            return (h * where + (where - 1) * 9).max(1)[0].clamp(min=-1)

        at = [(side == s).float().unsqueeze(-1) * inside for s in (-1, 0, 1)]
        pooled = [(h * a).sum(1), greatest(inside),
                  greatest(at[0]), (h * at[1]).sum(1), greatest(at[2])]
        return self.answer(torch.cat(pooled + [figures], -1)) + self.combo(combo)


def batch(chosen):
    chosen = np.asarray(chosen)
    starts, ends = offsets[chosen], offsets[chosen + 1]
    steps = int((ends - starts).max())
    shape = (len(chosen), steps)
    i = np.zeros(shape, np.int64)
    p, g = np.full(shape, PADDING, np.int64), np.zeros(shape, np.int64)
    s, m, v = np.full(shape, 2, np.int64), np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for k, (a, b) in enumerate(zip(starts, ends)):
        n = b - a
        i[k, :n], p[k, :n], g[k, :n] = ids[a:b], places[a:b], flags[a:b]
        s[k, :n], m[k, :n], v[k, :n] = sides[a:b], 1, feels[a:b]
    bits = ((g[..., None] >> np.arange(BITS)) & 1).astype(np.float32)
    feel = np.stack([np.maximum(v, 0), np.maximum(-v, 0)], -1) / 3
    return [torch.from_numpy(x) for x in (i, p, bits, feel, s, m, dense[chosen], combo[chosen])]


def answers(net, chosen):
    net.eval()
    out = np.zeros((len(chosen), 3), np.float32)
    order = np.argsort(lengths[chosen], kind="stable")
    with torch.no_grad():
        for k in range(0, len(order), 256):
            part = order[k:k + 256]
            out[part] = net(*batch(chosen[part])).numpy()
    net.train()
    return out


def macro(true, said):
    scores = []
    for c in np.unique(true):
        hit = ((true == c) & (said == c)).sum()
        scores.append(2 * hit / max(1, (true == c).sum() + (said == c).sum()))
    return float(np.mean(scores))


lengths = np.diff(offsets)
learn = np.flatnonzero(~dev & (weight > 0))
if A.sample < 1:
    learn = random.permutation(learn)[: int(A.sample * len(learn))]
judge = np.flatnonzero(dev)
net = Net()
sparse = [net.delta.weight]
dense_parameters = [p for p in net.parameters() if p is not net.delta.weight]
fast = torch.optim.AdamW(dense_parameters, A.rate, weight_decay=0.0)
slow = torch.optim.SparseAdam(sparse, A.words_rate)
total = A.epochs * (len(learn) // A.batch + 1)
step, began, best = 0, time.time(), -1.0
summed, taken, every = None, 0, len(learn) // A.batch // 4


def judged():
    """Prints and returns the mean of the judged sets' macro-F1."""
    said = answers(net, judge).argmax(1)
    f = {name: macro(label[judge][group[judge] == k], said[group[judge] == k])
         for k, name in enumerate(sets) if (group[judge] == k).any()}
    print(f"mean {np.mean(list(f.values())):.4f} {time.time() - began:.0f}s",
          " ".join(f"{k}:{v:.3f}" for k, v in f.items()), flush=True)
    return float(np.mean(list(f.values())))


def state():
    return {k: v.clone() for k, v in net.state_dict().items()}


for epoch in range(A.epochs):
    order = random.permutation(learn)
    batches = []
    for k in range(0, len(order), A.batch * 50):
        part = order[k:k + A.batch * 50]
        part = part[np.argsort(lengths[part], kind="stable")]
        batches += [part[j:j + A.batch] for j in range(0, len(part), A.batch)]
    random.shuffle(batches)
    loss_sum = 0.0
    for chosen in batches:
        left = max(0.03, 1 - step / total)
        step += 1
        for g in fast.param_groups:
            g["lr"] = A.rate * left
        for g in slow.param_groups:
            g["lr"] = A.words_rate * left
        y, w = torch.from_numpy(label[chosen]), torch.from_numpy(weight[chosen])
        said = net(*batch(chosen))
        loss = F.cross_entropy(said, y, reduction="none", label_smoothing=A.smooth)
        loss = (loss * w).mean()
        fast.zero_grad()
        slow.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(dense_parameters, 5.0)
        fast.step()
        slow.step()
        loss_sum += loss.item()
        if step % every == 0 and epoch > 0:
            taken += 1
            if summed is None:
                summed = state()
            else:
                for k, v in net.state_dict().items():
                    summed[k] += v
    print(f"epoch {epoch} loss {loss_sum / len(batches):.3f}", end=" ")
    if (mean := judged()) > best:
        best, kept = mean, state()

# The mean of what the net was on its way is often better than any of it.
last = {k: v / taken for k, v in summed.items()}
net.load_state_dict(last)
print("the mean of", taken, end=" ")
if judged() >= best:
    kept = last

# What the engine needs, with everything that is constant multiplied out.
net.load_state_dict(kept)
net.eval()
with torch.no_grad():
    vectors = net.narrow(base + net.delta.weight).numpy()
    scales = np.quantile(np.abs(vectors), 0.9995, axis=0) / 127
    whole = net.gates.weight.numpy()
    project, where = whole[:, :WIDTH], whole[:, WIDTH:WIDTH + 12]
    mark, feel = whole[:, WIDTH + 12:WIDTH + 20], whole[:, WIDTH + 20:]
    bits = ((np.arange(FLAGS)[:, None] >> np.arange(BITS)) & 1).astype(np.float32)
    arrays = {
        "net.scales": scales,
        "net.project": project,
        "net.place": net.place.weight.numpy()[:PLACES] @ where.T + net.gates.bias.numpy(),
        "net.flag": bits @ net.flag.weight.numpy().T @ mark.T,
        "net.feel": feel.T,
        "net.forget": net.forget.numpy(), "net.out": net.output.numpy(),
        "net.attend": net.attend.weight.numpy(), "net.answer": net.answer.weight.numpy(),
        "net.combo": net.combo.weight.numpy(), "net.bias": net.answer.bias.numpy(),
    }
os.makedirs(A.out, exist_ok=True)
for name, array in arrays.items():
    np.ascontiguousarray(array, np.float32).tofile(f"{A.out}/{name}.f32")
np.clip(np.round(vectors / scales), -127, 127).astype(np.int8).tofile(f"{A.out}/vectors.i8")
everything = np.arange(count)
answers(net, everything).astype(np.float32).tofile(f"{A.out}/answers.f32")
print("saved", A.out, f"{time.time() - began:.0f}s")
