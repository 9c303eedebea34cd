package watch

import (
	"fmt"
	"testing"
)

func TestSearchesSayInWordsWhatAQueryCanFind(t *testing.T) {
	for query, want := range map[string]string{
		`Nokia`:                                 `[[Nokia]]`,
		`Nokia OR "Bell Labs"`:                  `[[Nokia] [Bell Labs]]`,
		`Nokia OR nokia OR NOKIA`:               `[[Nokia]]`,
		`nokia AND (phone OR network) NOT tyre`: `[[nokia phone] [nokia network]]`,
		`nokia NEAR/5 profit`:                   `[[nokia profit]]`,
		`=Apple OR title:iphone`:                `[[iphone] [Apple]]`,
		`nok*`:                                  `[[nok]]`,
		`no* nokia`:                             `[[nokia]]`,
		`"C++"`:                                 `[[C++]]`,
		`"🎉"`:                                   `[]`,
		`nokia lang:fi NOT site:spam.example`:   `[[nokia]]`,
		`nokia OR NOT tyre`:                     `[[nokia]]`,
		`(a OR b OR c OR d) (e OR f OR g OR h) (i OR j)`: `[[a i] [a j] [b i] [b j] [c i] [c j] [d i] [d j]]`,
	} {
		q, err := Compile(query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if got := fmt.Sprint(q.Searches()); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
