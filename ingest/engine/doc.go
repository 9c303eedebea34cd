// Package engine asks other engines than Agora's own how texts feel: a model
// behind HTTP ([HTTP]) or one on disk ([ONNX]). A [Breaker] around them keeps
// a sick engine from holding up the news: another scorer stands in, and the
// breaker says so.
//
// Three wire formats are spoken. [HuggingFace] is the Inference API's text
// classification, [TEI] is /predict of text-embeddings-inference, and [OpenAI]
// is a chat whose answer must keep to a JSON schema. The first two judge a
// text as a whole, unless the model takes pairs of text and target; a chat is
// told towards whom.
//
// Texts are cut to [LongestExcerpt] code points around the first place that
// names the target.
package engine

import (
	"context"

	"agora/mood"
)

// Scorer judges how texts feel towards a target. It returns one reading for
// each ask, in order.
type Scorer interface {
	Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error)
}
