package model

import "math"

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func rsqrt(x float32) float32 { return float32(1 / math.Sqrt(float64(x))) }

// Steps of the tables below, and how far they reach.
const (
	steps  = 2048
	bounds = 8
)

// curve is a function by its values on [−8, 8], at the nearest of its steps.
type curve [steps + 1]float32

func newCurve(f func(float64) float64) *curve {
	var c curve
	for i := range c {
		c[i] = float32(f(float64(i)/steps*2*bounds - bounds))
	}
	return &c
}

func (c *curve) at(x float32) float32 {
	y := x*(steps/(2*bounds)) + (steps/2 + 0.5)
	if y < 0 {
		return c[0]
	}
	if y > steps { // NaN never comes: every input is finite
		return c[steps]
	}
	return c[int(y)]
}
