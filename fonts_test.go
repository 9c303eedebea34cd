package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/image/font/gofont/goregular"

	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
	"agora/static"
)

// scripts are what feeds bring, by script: "Nokia signs a 5G contract" and
// the like.
var scripts = map[string]string{
	"Arabic":     "شركة نوكيا توقّع عقد شبكات الجيل الخامس",
	"Persian":    "نوکیا قرارداد شبکهٔ ۵G را امضا می\u200cکند",
	"Urdu":       "نوکیا نے نئے معاہدے پر دستخط کیے ہیں",
	"Hebrew":     "נוקיה חתמה על הסכם 5G עם בזק",
	"Thai":       "โนเกียเปิดตัวเครือข่าย 5G ใหม่ที่กรุงเทพ",
	"Devanagari": "नोकिया ने नए नेटवर्क के लिए समझौते पर हस्ताक्षर किए",
	"Bengali":    "নোকিয়া নতুন চুক্তি স্বাক্ষর করেছে",
	"Tamil":      "நோக்கியா புதிய ஒப்பந்தம் கையெழுத்து",
	"Telugu":     "నోకియా కొత్త ఒప్పందం కుదుర్చుకుంది",
	"Kannada":    "ನೋಕಿಯಾ ಹೊಸ ಒಪ್ಪಂದಕ್ಕೆ ಸಹಿ ಹಾಕಿದೆ",
	"Malayalam":  "നോക്കിയ പുതിയ കരാറിൽ ഒപ്പുവച്ചു",
	"Gujarati":   "નોકિયાએ નવા કરાર પર હસ્તાક્ષર કર્યા",
	"Gurmukhi":   "ਨੋਕੀਆ ਨੇ ਨਵੇਂ ਸਮਝੌਤੇ ਤੇ ਦਸਤਖਤ ਕੀਤੇ",
	"Sinhala":    "නොකියා නව ගිවිසුමක් අත්සන් කරයි",
	"Georgian":   "ნოკიამ ახალი ხელშეკრულება გააფორმა",
	"Armenian":   "Նոկիան նոր պայմանագիր կնքեց",
	"Ethiopic":   "ኖኪያ አዲስ ውል ተፈራረመ",
	"Khmer":      "ណូគៀចុះកិច្ចសន្យាថ្មី",
	"Lao":        "ໂນເກຍເຊັນສັນຍາໃໝ່",
	"Myanmar":    "နိုကီယာ စာချုပ်အသစ် လက်မှတ်ရေးထိုး",
	"Japanese":   "ノキア、半導体の新工場を大阪に建設へ「５Ｇ」",
	"Korean":     "노키아, 서울에서 5G 네트워크 계약 체결",
	"Chinese":    "诺基亚与中国移动签署五亿欧元协议，股价上涨",
	"Taiwanese":  "諾基亞在臺灣擴大投資，佢哋話嘅嘢",
	"Vietnamese": "Nokia ký hợp đồng mạng 5G với Viettel",
	"Greek":      "Η Nokia υπογράφει σύμβαση για δίκτυα",
	"Mixed":      "Al Jazeera الجزيرة: Nokia ノキア 노키아 诺基亚 โนเกีย 5G",
	"Emoji":      "Nokia 🚀📈 ❤️ 👩‍💻 👍🏽 🇫🇮",
}

func shippedFonts(t *testing.T) *draw.Fonts {
	t.Helper()
	fonts, err := openFonts(nil)
	must(t, err)
	return fonts
}

// drawnLine is a picture of one line, and what it lacks.
func drawnLine(t *testing.T, fonts *draw.Fonts, words string, size float64) (*draw.Picture, *image.RGBA, draw.Report) {
	t.Helper()
	svg := fmt.Sprintf(`<svg width="1600" height="200"><text x="20" y="120" style="font-size:%gpx;font-family:Inter" xml:space="preserve">%s</text></svg>`, size, words)
	picture, err := draw.Parse([]byte(svg))
	must(t, err)
	img, report, err := picture.Image(t.Context(), draw.Options{Fonts: fonts})
	must(t, err)
	return picture, img, report
}

// ink is the columns and rows that a picture has ink in, and how many stretches
// of columns without a gap there are.
func ink(img *image.RGBA) (left, right, top, pieces int) {
	left, top = img.Rect.Dx(), img.Rect.Dy()
	before := false
	for x := range img.Rect.Dx() {
		now := false
		for y := range img.Rect.Dy() {
			if img.RGBAAt(x, y).A > 60 {
				now, top = true, min(top, y)
			}
		}
		if now {
			left, right = min(left, x), x
			if !before {
				pieces++
			}
		}
		before = now
	}
	return left, right, top, pieces
}

func TestEveryScriptIsDrawnAsWideAsItIsMeasured(t *testing.T) {
	fonts := shippedFonts(t)
	for script, words := range scripts {
		// Bars as the ends, so that the width is that of ink.
		line := "|" + words + "|"
		_, img, report := drawnLine(t, fonts, line, 32)
		if len(report.Missing) > 0 {
			t.Errorf("%s: no face has %+q", script, report.Missing)
		}
		left, right, _, _ := ink(img)
		// The ink of | lies in the middle of it.
		drawn, measured := float64(right-left), fonts.Advance(line, 32, 400)-fonts.Advance("|", 32, 400)
		off := math.Abs(drawn-measured) / measured
		t.Logf("%s: %.1f px measured, %.0f drawn (%.2f %%)", script, measured, drawn, 100*off)
		if off > 0.02 {
			t.Errorf("%s is measured %.1f px wide and drawn %.0f: %.1f %% off", script, measured, drawn, 100*off)
		}
	}
}

func TestLettersJoinStackAndCombineAsTheirScriptsDo(t *testing.T) {
	fonts := shippedFonts(t)
	shape := func(words string) (width, top, pieces int) {
		_, img, _ := drawnLine(t, fonts, words, 64)
		left, right, top, pieces := ink(img)
		return right - left, top, pieces
	}
	const apart = "\u200c" // tells letters not to join
	if _, _, joined := shape("بيت"); joined != 1 {
		t.Errorf("three Arabic letters that join are drawn in %d pieces", joined)
	}
	if _, _, pieces := shape("ب" + apart + "ي" + apart + "ت"); pieces != 3 {
		t.Errorf("three Arabic letters that are kept apart are drawn in %d pieces", pieces)
	}
	joined, _, _ := shape("क्ष")
	if split, _, _ := shape("क्" + apart + "ष"); joined >= split {
		t.Errorf("a Devanagari conjunct has %d pixels, and its parts %d", joined, split)
	}
	plain, low, _ := shape("ท")
	if marked, high, _ := shape("ที่"); high >= low-5 || marked > plain+plain/2 {
		t.Errorf("Thai marks lie at row %d over a letter that begins at %d, and make %d pixels of %d", high, low, marked, plain)
	}
	// א has two arms, ו is a thin line: in או the thin one is on the left.
	_, img, _ := drawnLine(t, fonts, "או", 64)
	left, right, _, _ := ink(img)
	inked := func(from, to int) (n int) {
		for x := from; x < to; x++ {
			for y := range img.Rect.Dy() {
				if img.RGBAAt(x, y).A > 60 {
					n++
				}
			}
		}
		return n
	}
	if middle := (left + right) / 2; inked(left, middle) >= inked(middle, right) {
		t.Error("Hebrew runs from left to right")
	}
}

func TestAChartWithNamesOfManyScriptsKeepsThemInItsFrame(t *testing.T) {
	fonts := shippedFonts(t)
	painter := paintedWith(t, fonts)
	names := []string{
		"日本経済新聞：半導体の新工場", "الجزيرة: شركة نوكيا تفوز بعقد", "הארץ: נוקיה חתמה על הסכם", "ไทยรัฐ: โนเกียเปิดตัวเครือข่ายใหม่",
		"दैनिक जागरण: नोकिया ने नया नेटवर्क", "人民日报：诺基亚与中国移动签署协议", "조선일보: 노키아 네트워크 계약 체결",
	}
	option := fmt.Sprintf(`{"title":{"text":"ノキア Nokia نوكيا נוקיה โนเกีย नोकिया 诺基亚 노키아","left":4},
		"grid":[{"left":0,"right":20,"top":50,"bottom":8,"containLabel":true}],"xAxis":[{"type":"value"}],
		"yAxis":[{"type":"category","inverse":true,"data":["%s"]}],"series":[{"type":"bar","data":[12,11,10,9,8,7,6]}]}`, strings.Join(names, `","`))
	svg, err := painter.SVG(t.Context(), snapshot.Picture{Option: []byte(option), Theme: "light", Width: 1200, Height: 600})
	must(t, err)
	picture, err := draw.Parse(svg)
	must(t, err)
	var b bytes.Buffer
	report, err := picture.PNG(t.Context(), &b, draw.Options{Fonts: fonts, Background: color.White})
	must(t, err)
	if len(report.Missing) > 0 {
		t.Errorf("missing: %+q", report.Missing)
	}
	if folder := os.Getenv("AGORA_PICTURES"); folder != "" {
		must(t, os.WriteFile(filepath.Join(folder, "scripts.png"), b.Bytes(), 0o644))
	}
	img, _, err := picture.Image(t.Context(), draw.Options{Fonts: fonts, Background: color.White})
	must(t, err)
	ground := img.RGBAAt(0, 300)
	for y := range 600 {
		if img.RGBAAt(0, y) != ground {
			t.Fatalf("row %d: a name is cut off at the left", y)
		}
	}
	document := draw.NewDocument(draw.Meta{Title: "Scripts"}, fonts)
	must(t, picture.PDF(t.Context(), document.Page(1200, 600), 0, 0, 1200, 600))
	text := pdfWords(t, document)
	for _, name := range names {
		for word := range strings.FieldsSeq(name) {
			if !strings.Contains(text, strings.Trim(word, ":")) {
				t.Errorf("%q isn't found in the PDF:\n%s", word, text)
			}
		}
	}
}

func paintedWith(t *testing.T, fonts *draw.Fonts) *snapshot.Painter {
	t.Helper()
	script, err := static.Engine()
	must(t, err)
	world, err := static.World()
	must(t, err)
	painter, err := snapshot.New(snapshot.Config{Script: script, World: world, Fonts: fonts})
	must(t, err)
	t.Cleanup(painter.Close)
	return painter
}

// pdfWords ends a document and gives its words as pdftotext finds them, without
// the marks of direction that it puts around them.
func pdfWords(t *testing.T, d *draw.Document) string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			t.Fatal("pdftotext is not installed, and AGORA_TEST_ALL asks for every test: apt-get install poppler-utils")
		}
		t.Skip("pdftotext is not installed: apt-get install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	out, err := os.Create(file)
	must(t, err)
	_, err = d.Write(out)
	must(t, err)
	must(t, out.Close())
	text, err := exec.CommandContext(t.Context(), program, file, "-").Output()
	must(t, err)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, string(text))
}

// ttc is a collection of one font.
func ttc(font []byte) []byte {
	const start = 16
	font = bytes.Clone(font)
	for i := range binary.BigEndian.Uint16(font[4:]) {
		place := font[12+16*int(i)+8:]
		binary.BigEndian.PutUint32(place, binary.BigEndian.Uint32(place)+start)
	}
	return append([]byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x10"), font...)
}

func TestTheOperatorsFontsDrawWhatAgorasLack(t *testing.T) {
	// Runes, which the program has no face for, instead of Latin letters.
	own := bytes.Clone(goregular.TTF)
	folder := t.TempDir()
	path := filepath.Join(folder, "own.ttc")
	must(t, os.WriteFile(path, ttc(own), 0o600))
	cfg, problems := readConfig("agora.yaml", fmt.Appendf(nil, "brands: [{name: Nokia}]\nfonts: [%s]\n", path))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	fonts, err := openFonts(cfg.Fonts)
	must(t, err)
	const only = "◙" // of IBM's code page 437: Go has it
	if _, _, report := drawnLine(t, shippedFonts(t), only, 20); !slices.Contains(report.Missing, []rune(only)[0]) {
		t.Fatalf("Agora's own faces have %s, and the test needs one that they lack", only)
	}
	if _, _, report := drawnLine(t, fonts, only, 20); len(report.Missing) > 0 {
		t.Errorf("with the operator's font, %+q is missing", report.Missing)
	}
	if keys := needRestart(cfg, &Config{Location: cfg.Location}); !slices.Contains(keys, "fonts") {
		t.Errorf("other fonts need a restart, and said were %v", keys)
	}
}
