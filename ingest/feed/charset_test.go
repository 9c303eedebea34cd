package feed

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Sentences of ordinary news, to be told apart by.
const (
	inRussian    = "Компания показала новый телефон, и покупатели довольны качеством связи"
	inUkrainian  = "Компанія показала новий телефон, і покупці задоволені якістю зв'язку"
	inGreek      = "Η εταιρεία παρουσίασε το νέο τηλέφωνο και οι πελάτες είναι ευχαριστημένοι"
	inHebrew     = "החברה הציגה את הטלפון החדש והלקוחות מרוצים מאוד מאיכות השיחות"
	inArabic     = "عرضت الشركة الهاتف الجديد والعملاء راضون عن جودة الاتصال في المدينة"
	inThai       = "บริษัทเปิดตัวโทรศัพท์รุ่นใหม่และลูกค้าพอใจกับคุณภาพการโทร"
	inJapanese   = "会社は新しい電話を発表し、利用者は通話の品質に満足しています"
	inKorean     = "회사는 새로운 전화기를 발표했고 고객들은 통화 품질에 만족하고 있다"
	inChinese    = "公司发布了新的手机，用户对通话的质量都很满意，这是今年的大事"
	inChineseOld = "公司發布了新的手機，用戶對通話的質量都很滿意，這是今年的大事"
	inGerman     = "Die Käufer sind über die Qualität der Gespräche überrascht, größer für fünf"
	inPolish     = "Spółka pokazała nowy telefon, a klienci są zadowoleni z jakości połączeń, żółw źle"
	inCzech      = "Společnost ukázala nový telefon a zákazníci jsou spokojeni s kvalitou hovorů, příště"
	inTurkish    = "Şirket yeni telefonunu gösterdi ve müşteriler arama kalitesinden çok hoşnut, ışığı"
	inLithuanian = "Bendrovė parodė naują telefoną, o pirkėjai patenkinti ryšio kokybe, žąsų šūvis"
)

func encode(t *testing.T, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryCharsetOfTheWebIsRead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		e          encoding.Encoding
		labels     []string
		guessed    bool // without any declaration
	}{
		{"windows-1251", inRussian, charmap.Windows1251, []string{"windows-1251", "cp1251", "Windows1251", "win-1251", "WINDOWS_1251"}, true},
		{"KOI8-R", inRussian, charmap.KOI8R, []string{"koi8-r", "KOI8R", "koi8_r"}, true},
		{"KOI8-U", inUkrainian, charmap.KOI8U, []string{"koi8-u", "koi8u"}, true},
		{"ISO-8859-5", inRussian, charmap.ISO8859_5, []string{"iso-8859-5", "iso_8859-5", "iso88595"}, true},
		{"CP866", inRussian, charmap.CodePage866, []string{"cp866", "ibm866"}, true},
		{"windows-1253", inGreek, charmap.Windows1253, []string{"windows-1253", "cp1253"}, true},
		{"ISO-8859-7", inGreek, charmap.ISO8859_7, []string{"iso-8859-7", "ISO8859-7", "greek"}, false},
		{"windows-1255", inHebrew, charmap.Windows1255, []string{"windows-1255", "cp1255"}, true},
		{"ISO-8859-8", inHebrew, charmap.ISO8859_8, []string{"iso-8859-8", "iso-8859-8-i"}, true},
		{"windows-1256", inArabic, charmap.Windows1256, []string{"windows-1256", "cp1256"}, true},
		{"ISO-8859-6", inArabic, charmap.ISO8859_6, []string{"iso-8859-6"}, false},
		{"windows-874", inThai, charmap.Windows874, []string{"windows-874", "tis-620", "iso-8859-11"}, true},
		{"Shift_JIS", inJapanese, japanese.ShiftJIS, []string{"shift_jis", "Shift-JIS", "x-sjis", "sjis", "cp932", "windows-31j"}, true},
		{"EUC-JP", inJapanese, japanese.EUCJP, []string{"euc-jp", "x-euc-jp", "EUC_JP"}, true},
		{"ISO-2022-JP", inJapanese, japanese.ISO2022JP, []string{"iso-2022-jp", "ISO2022JP"}, false},
		{"EUC-KR", inKorean, korean.EUCKR, []string{"euc-kr", "ks_c_5601-1987", "cp949", "uhc"}, true},
		{"GB2312", inChinese, simplifiedchinese.GBK, []string{"gb2312", "gb_2312-80", "GBK", "cp936", "x-gbk", "gb18030"}, true},
		{"HZ", inChinese, simplifiedchinese.HZGB2312, []string{"hz-gb-2312"}, false},
		{"Big5", inChineseOld, traditionalchinese.Big5, []string{"big5", "Big5-HKSCS", "x-x-big5", "cp950"}, true},
		{"Windows-1252 posing as Latin-1", inGerman + " “so” – €5", charmap.Windows1252, []string{"iso-8859-1", "iso88591", "ISO_8859-1", "latin1", "latin-1", "windows-1252", "windows1252", "cp1252"}, true},
		{"ISO-8859-15", inGerman + " €5", charmap.ISO8859_15, []string{"iso-8859-15", "latin-9"}, false},
		{"windows-1250", inPolish, charmap.Windows1250, []string{"windows-1250", "cp1250"}, true},
		{"ISO-8859-2", inPolish, charmap.ISO8859_2, []string{"iso-8859-2", "latin2"}, true},
		{"ISO-8859-2, Czech", inCzech, charmap.ISO8859_2, []string{"iso-8859-2"}, false},
		{"windows-1254", inTurkish, charmap.Windows1254, []string{"windows-1254", "iso-8859-9", "latin5"}, true},
		{"windows-1257", inLithuanian, charmap.Windows1257, []string{"windows-1257"}, false},
		{"Macintosh", inGerman, charmap.Macintosh, []string{"macintosh", "MacRoman"}, false},
		{"CP437", inGerman, charmap.CodePage437, []string{"cp437"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, label := range c.labels {
				prolog := `<?xml version="1.0" encoding="` + label + `"?>`
				body := encode(t, c.e, prolog+rssOf(one(c.text))[len(`<?xml version="1.0"?>`):])
				if got := string(toUTF8(body, "")); !bytes.Contains([]byte(got), []byte(c.text)) {
					t.Errorf("prolog %q: %s", label, clip(got[len(prolog):], 200))
				}
				body = encode(t, c.e, rssOf(one(c.text)))
				if got := string(toUTF8(body, `text/xml; charset=`+label)); !bytes.Contains([]byte(got), []byte(c.text)) {
					t.Errorf("header %q: %s", label, clip(got, 200))
				}
			}
			if !c.guessed {
				return
			}
			for _, wrong := range []string{"", "utf-8", "us-ascii", "nonsense"} {
				body := encode(t, c.e, rssOf(one(c.text), one(c.text)))
				if got := string(toUTF8(body, "text/xml; charset="+wrong)); !bytes.Contains([]byte(got), []byte(c.text)) {
					t.Errorf("declared as %q: %s", wrong, clip(got, 200))
				}
			}
		})
	}
}

func TestWhatTheBytesProveOutranksWhatIsDeclared(t *testing.T) {
	text := inRussian + " naïve"
	document := `<?xml version="1.0" encoding="iso-8859-1"?>` + rssOf(one(text))[len(`<?xml version="1.0"?>`):]
	for _, c := range []struct {
		name string
		body []byte
	}{
		{"UTF-8", []byte(document)},
		{"UTF-8 with a mark", []byte("\ufeff" + document)},
		{"UTF-8 with two marks", []byte("\ufeff\ufeff" + document)},
		{"UTF-16, big end first", encode(t, utf.UTF16(utf.BigEndian, utf.UseBOM), document)},
		{"UTF-16, little end first", encode(t, utf.UTF16(utf.LittleEndian, utf.UseBOM), document)},
		{"UTF-16 without mark, big", encode(t, utf.UTF16(utf.BigEndian, utf.IgnoreBOM), document)},
		{"UTF-16 without mark, little", encode(t, utf.UTF16(utf.LittleEndian, utf.IgnoreBOM), document)},
		{"UTF-16, cut in a character", append(encode(t, utf.UTF16(utf.LittleEndian, utf.UseBOM), document), 'x')},
		{"UTF-32, big", encode(t, utf32.UTF32(utf32.BigEndian, utf32.UseBOM), document)},
		{"UTF-32, little", encode(t, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), document)},
		{"UTF-32 without mark", encode(t, utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), document)},
	} {
		for _, contentType := range []string{"", "text/xml", "application/xml; charset=windows-1251", "application/rss+xml; charset=utf-16", `text/xml; charset="`} {
			if got := toUTF8(c.body, contentType); !bytes.Contains(got, []byte(text)) || got[0] != '<' {
				t.Errorf("%s, %q: %q", c.name, contentType, clip(string(got), 200))
			}
		}
	}
}

func TestTheHeaderOutranksTheProlog(t *testing.T) {
	for _, c := range []struct {
		name, header, prolog, want string
		body                       []byte
	}{
		{"both name one", "iso-8859-2", "iso-8859-1", "żółw", encode(t, charmap.ISO8859_2, "żółw")},
		{"the header says ASCII", "us-ascii", "iso-8859-2", "żółw", encode(t, charmap.ISO8859_2, "żółw")},
		{"the header says UTF-8, wrongly", "utf-8", "iso-8859-2", "żółw", encode(t, charmap.ISO8859_2, "żółw")},
		{"the header's default is visibly wrong", "iso-8859-1", "windows-1251", inRussian, encode(t, charmap.Windows1251, inRussian)},
		{"both are visibly wrong", "iso-8859-1", "iso-8859-1", inRussian, encode(t, charmap.Windows1251, inRussian)},
		{"a prolog without quotes", "", "KOI8-R version=", inRussian, encode(t, charmap.KOI8R, inRussian)},
	} {
		t.Run(c.name, func(t *testing.T) {
			quoted := `"` + c.prolog + `"`
			if c.header == "" {
				quoted = c.prolog
			}
			body := append([]byte(`<?xml version="1.0" encoding=`+quoted+`?><rss><channel><item><title>`), c.body...)
			if got := toUTF8(body, "application/xml; charset="+c.header); !bytes.HasSuffix(got, []byte(c.want)) {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestOneBadByteCostsNothing(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"a byte that fits nothing", "ääää Nok\xffia öööö", "ääää Nok\ufffdia öööö"},
		{"a sequence that was cut", "ääää Nok\xc3 ia öööö", "ääää Nok\ufffd ia öööö"},
		{"a long sequence that was cut", "今日 今日 \xe4\xbb… 今日", "今日 今日 \ufffd\ufffd… 今日"},
		{"Windows-1252 pasted in", "ääää caf\xe9 \x93so\x94 it\x92s öööö", "ääää café “so” it’s öööö"},
		{"as much of either", "naïve caf\xe9 cr\xe8me", "naïve café crème"},
		{"a surrogate", "äää \xed\xa0\x80 öö", "äää \ufffd\ufffd\ufffd öö"},
		{"controls", "a\x00b\x01c\x7fd\ufffee", "abcde"},
	} {
		if got := string(toUTF8([]byte(c.body), "application/xml; charset=utf-8")); got != c.want || !utf8.ValidString(got) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
