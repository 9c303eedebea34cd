package figure

// wrap breaks a text into lines of a width, in pixels.
func (m *Maker) wrap(text string, size float64, weight int, width float64, most int) []string {
	return m.fonts.Wrap(text, size, weight, width, most)
}
