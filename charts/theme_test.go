package charts

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func themes(t *testing.T) map[string]map[string]string {
	t.Helper()
	var all map[string]map[string]string
	if err := json.Unmarshal(Theme(), &all); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"light", "dark", "print"} {
		if all[name] == nil {
			t.Fatalf("there is no theme %q", name)
		}
	}
	return all
}

func TestEveryThemeKnowsEveryRole(t *testing.T) {
	all := themes(t)
	roles := slices.Sorted(maps.Keys(all["light"]))
	hex := regexp.MustCompile(`^#[0-9A-F]{6}([0-9A-F]{2})?$`)
	for name, theme := range all {
		if got := slices.Sorted(maps.Keys(theme)); !slices.Equal(got, roles) {
			t.Errorf("%s has the roles %v, light has %v", name, got, roles)
		}
		for role, colour := range theme {
			if !hex.MatchString(colour) {
				t.Errorf("%s: %s is %q, want #RRGGBB", name, role, colour)
			}
		}
	}
	used := map[string]bool{}
	eachOption(t, func(_ *testing.T, _ string, _ Option, v map[string]any) {
		walk(v, nil, func(path []string, v any) {
			if s, ok := v.(string); ok && strings.HasPrefix(s, rolePrefix) && !slices.Contains(path, "filter") {
				used[strings.TrimPrefix(s, rolePrefix)] = true
			}
		})
	})
	for role := range used {
		if all["light"][role] == "" {
			t.Errorf("options use the role %q, and no theme has it", role)
		}
	}
	if len(used) < 10 {
		t.Errorf("options use only %v", used)
	}
}

// luminance and contrast are those of WCAG 2.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// over is a colour with transparency on a ground.
func over(t *testing.T, colour, ground string) string {
	t.Helper()
	parts := make([]int64, 7)
	for i := range 4 {
		n, err := strconv.ParseInt(colour[1+2*i:3+2*i], 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		parts[i] = n
	}
	for i := range 3 {
		n, err := strconv.ParseInt(ground[1+2*i:3+2*i], 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		parts[4+i] = (parts[i]*parts[3] + n*(255-parts[3])) / 255
	}
	return fmt.Sprintf("#%02X%02X%02X", parts[4], parts[5], parts[6])
}

func TestTextAndMarksStandOut(t *testing.T) {
	// Text: AA, and AAA on the wall, which is dark. Marks: 3:1.
	text := map[string]float64{"light": 4.5, "dark": 7, "print": 4.5}
	for name, theme := range themes(t) {
		for _, ground := range []string{"surface", "paper"} {
			for _, role := range []string{"text", "quiet", "accent", "focus", "warning", "positive-text", "neutral-text", "unclear-text", "negative-text",
				"word-1", "word-2", "word-3", "word-4", "word-5", "word-6", "word-7"} {
				if c := contrast(t, theme[role], theme[ground]); c < text[name] {
					t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", name, role, ground, c, text[name])
				}
			}
			for _, role := range []string{"positive", "neutral", "negative", "mood-1", "mood-7", "activity", "activity-2", "activity-3", "activity-4", "activity-5", "pulse"} {
				if c := contrast(t, theme[role], theme[ground]); c < 3 {
					t.Errorf("%s: %s on %s has a contrast of %.2f, want 3", name, role, ground, c)
				}
			}
		}
		for _, side := range []string{"positive", "negative"} {
			for _, step := range []string{"-tint-1", "-tint-2", "-tint-3"} {
				if c := contrast(t, theme["text"], over(t, theme[side+step], theme["paper"])); c < 4.5 {
					t.Errorf("%s: text on %s has a contrast of %.2f, want 4.5", name, side+step, c)
				}
			}
		}
		if c := contrast(t, theme["text"], theme["paper"]); c < 7 {
			t.Errorf("%s: text on paper has a contrast of %.2f, want 7", name, c)
		}
	}
}

func TestTheScaleOfMoodGoesBothWaysFromTheMiddle(t *testing.T) {
	for m, want := range map[float64]string{
		-100: "mood-1", -60: "mood-2", -61: "mood-1", -35: "mood-3", -12: "mood-4", 0: "mood-4", 11: "mood-4", 12: "mood-5", 35: "mood-6", 60: "mood-7", 100: "mood-7",
	} {
		if got := moodRole(m); got != role(want) {
			t.Errorf("a mood of %g has the colour %s, want %s", m, got, want)
		}
	}
}
