package watch_test

import (
	"fmt"

	"agora/ingest/watch"
	"agora/mood"
)

func ExampleCompile() {
	q, err := watch.Compile(`(Nokia OR "Bell Labs") NOT (tyres OR tires)`)
	if err != nil {
		fmt.Println(err)
		return
	}
	spans, ok := q.Match("Why Bell Labs matters to Nokia’s future", "")
	fmt.Println(ok, spans)
	fmt.Println(q.SearchTerms())
	// Output:
	// true [{title 4 13} {title 25 30}]
	// (Nokia OR "Bell Labs") -tyres -tires
}

func ExampleSyntaxError() {
	_, err := watch.Compile("Nokia NEAR/3 (profit OR loss)")
	fmt.Println(err)
	// Output:
	// column 14: NEAR stands between words or phrases, not groups: write (a NEAR/5 c) OR (b NEAR/5 c)
}

func ExampleIndex_Match() {
	x, err := watch.NewIndex([]mood.Brand{{ID: "nokia", Query: "Nokia"}, {ID: "apple", Query: "=Apple"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hit := range x.Match("Apple and Nokia settle", "apple pie for all") {
		fmt.Println(hit.Brand, hit.Spans)
	}
	// Output:
	// nokia [{title 10 15}]
	// apple [{title 0 5}]
}
