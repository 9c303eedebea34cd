package model

import "math"

// Classes, in the order of every list of three.
const (
	Negative = iota
	Neutral
	Positive
)

// Linear is a multinomial logistic regression over hashed features: a row of
// three weights for each hash.
type Linear struct {
	weights []int8 // 3 × 2^20
	scale   float32
}

// score gives the three sums of a list of features.
func (l *Linear) score(features []feature) (out [3]float32) {
	w := l.weights
	var a, b, c float32
	for i := range features {
		f := &features[i]
		k := 3 * int(f.index)
		r := w[k : k+3 : k+3]
		a += float32(r[0]) * f.value
		b += float32(r[1]) * f.value
		c += float32(r[2]) * f.value
	}
	return [3]float32{a * l.scale, b * l.scale, c * l.scale}
}

// lean gives what each token adds to positive against negative, in the unit
// of the difference of the two sums, and what the sums over the text and the
// rest add. All of it adds up to the difference.
func (l *Linear) lean(features []feature, by []float32) (sums, rest float32) {
	for i := range features {
		f := &features[i]
		k := 3 * int(f.index)
		v := (float32(l.weights[k+2]) - float32(l.weights[k])) * f.value * l.scale
		switch {
		case f.token >= 0 && int(f.token) < len(by):
			by[f.token] += v
		case f.token == ofSums:
			sums += v
		default:
			rest += v
		}
	}
	return sums, rest
}

func softmax(x [3]float32) (p [3]float32) {
	most := max(x[0], x[1], x[2])
	var sum float32
	for i := range x {
		p[i] = float32(math.Exp(float64(x[i] - most)))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

func logSoftmax(x [3]float32) (p [3]float32) {
	most := float64(max(x[0], x[1], x[2]))
	sum := 0.0
	for i := range x {
		sum += math.Exp(float64(x[i]) - most)
	}
	log := float32(most + math.Log(sum))
	for i := range x {
		p[i] = x[i] - log
	}
	return p
}
