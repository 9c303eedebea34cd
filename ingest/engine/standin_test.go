package engine

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// token is what the stand-ins let in.
const token = "hf_a-token-that-nobody-may-read"

// serve starts a stand-in that answers at path and checks what every engine
// would.
func serve(t *testing.T, path string, answer func(w http.ResponseWriter, body []byte)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		switch {
		case err != nil:
			return
		case r.URL.Path != path:
			http.NotFound(w, r)
		case r.Method != http.MethodPost:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case r.Header.Get("Content-Type") != "application/json":
			w.WriteHeader(http.StatusUnsupportedMediaType)
		case r.Header.Get("Authorization") != "Bearer "+token:
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"Invalid username or password."}`)
		default:
			w.Header().Set("Content-Type", "application/json")
			answer(w, body)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// says makes a stand-in that always answers the same.
func says(status int, body string, head ...string) func(http.ResponseWriter, []byte) {
	return func(w http.ResponseWriter, _ []byte) {
		for i := 0; i+1 < len(head); i += 2 {
			w.Header().Set(head[i], head[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func strictly(t *testing.T, body []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Errorf("the engine can't read %s: %v", body, err)
	}
}

// feel is how the stand-ins' models feel about a text.
func feel(text string) (negative, neutral, positive float64) {
	switch {
	case strings.Contains(text, "good"):
		return 0.02, 0.08, 0.9
	case strings.Contains(text, "bad"):
		return 0.8, 0.15, 0.05
	}
	return 0.1, 0.7, 0.2
}

func guesses(text string) string {
	negative, neutral, positive := feel(text)
	return fmt.Sprintf(`[{"label":"neutral","score":%v},{"label":"positive","score":%v},{"label":"negative","score":%v}]`, neutral, positive, negative)
}

// asHuggingFace answers as the Inference API does.
func asHuggingFace(t *testing.T, seen func(texts []string)) func(http.ResponseWriter, []byte) {
	return func(w http.ResponseWriter, body []byte) {
		var asked struct {
			Inputs []string `json:"inputs"`
		}
		strictly(t, body, &asked)
		if seen != nil {
			seen(asked.Inputs)
		}
		lists := make([]string, len(asked.Inputs))
		for i, text := range asked.Inputs {
			lists[i] = guesses(text)
		}
		fmt.Fprintf(w, "[%s]", strings.Join(lists, ","))
	}
}

// asTEI answers as text-embeddings-inference does, and takes most texts at a
// time.
func asTEI(t *testing.T, most int, seen func(inputs [][]string)) func(http.ResponseWriter, []byte) {
	return func(w http.ResponseWriter, body []byte) {
		var asked struct {
			Inputs    [][]string `json:"inputs"`
			Truncate  bool       `json:"truncate"`
			RawScores bool       `json:"raw_scores"`
		}
		strictly(t, body, &asked)
		if n := len(asked.Inputs); n > most {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			fmt.Fprintf(w, `{"error":"batch size %d > maximum allowed batch size %d","error_type":"Validation"}`, n, most)
			return
		}
		if seen != nil {
			seen(asked.Inputs)
		}
		lists := make([]string, len(asked.Inputs))
		for i, input := range asked.Inputs {
			lists[i] = guesses(input[0])
		}
		fmt.Fprintf(w, "[%s]", strings.Join(lists, ","))
	}
}

// chat is an answer of /v1/chat/completions with a content.
func chat(content, finish string) string {
	quoted, _ := json.Marshal(content)
	return fmt.Sprintf(`{"id":"chatcmpl-1","object":"chat.completion","created":1732000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":%s,"refusal":null},"logprobs":null,"finish_reason":%q}],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18},"system_fingerprint":"fp"}`, quoted, finish)
}

// asOpenAI answers as a chat whose model keeps to the schema.
func asOpenAI(t *testing.T) func(http.ResponseWriter, []byte) {
	return func(w http.ResponseWriter, body []byte) {
		var asked struct {
			Model       string   `json:"model"`
			Temperature *float64 `json:"temperature"`
			Messages    []struct {
				Role, Content string
			} `json:"messages"`
			Format struct {
				Type   string `json:"type"`
				Schema struct {
					Name   string          `json:"name"`
					Strict bool            `json:"strict"`
					Schema json.RawMessage `json:"schema"`
				} `json:"json_schema"`
			} `json:"response_format"`
		}
		strictly(t, body, &asked)
		if asked.Model != "qwen" || asked.Temperature == nil || *asked.Temperature != 0 || asked.Format.Type != "json_schema" ||
			!asked.Format.Schema.Strict || asked.Format.Schema.Name == "" || !json.Valid(asked.Format.Schema.Schema) || len(asked.Messages) != 2 {
			t.Errorf("asked: %s", body)
		}
		var texts struct {
			Texts []struct {
				I            int
				Target, Text string
			}
		}
		strictly(t, []byte(asked.Messages[1].Content), &texts)
		results := make([]string, 0, len(texts.Texts))
		for i := len(texts.Texts) - 1; i >= 0; i-- { // in any order
			text := texts.Texts[i]
			negative, neutral, positive := feel(text.Text)
			label, words := "neutral", `[]`
			if positive > 0.5 {
				label, words = "positive", `["good"]`
			} else if negative > 0.5 {
				label, words = "negative", `["bad"]`
			}
			results = append(results, fmt.Sprintf(`{"i":%d,"label":%q,"score":%.2f,"confidence":%v,"words":%s}`, text.I, label, positive-negative, max(negative, neutral, positive), words))
		}
		fmt.Fprint(w, chat(`{"results":[`+strings.Join(results, ",")+`]}`, "stop"))
	}
}

// engineAt makes an engine for tests.
func engineAt(t *testing.T, format, address string, change ...func(*HTTPOptions)) *HTTP {
	t.Helper()
	o := HTTPOptions{
		Format: format, URL: address, Token: token, Timeout: time.Minute,
		Now: func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) },
	}
	if format == OpenAI {
		o.Model = "qwen"
	}
	for _, c := range change {
		c(&o)
	}
	h, err := NewHTTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// texts makes asks of texts towards Nokia.
func texts(list ...string) []mood.Ask {
	asks := make([]mood.Ask, len(list))
	for i, text := range list {
		asks[i] = mood.Ask{Text: text, Target: "Nokia"}
	}
	return asks
}

// labelsOf are the labels of readings, with spaces between.
func labelsOf(readings []mood.Reading) string {
	names := make([]string, len(readings))
	for i, r := range readings {
		names[i] = r.Label.String()
	}
	return strings.Join(names, " ")
}
