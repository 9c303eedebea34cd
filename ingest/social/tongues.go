package social

import "strings"

// languageNames are the languages that GDELT names, by the primary subtags of
// BCP 47.
const languageNames = `
Afrikaans af; Albanian sq; Amharic am; Arabic ar; Armenian hy; Assamese as; Azerbaijani az; Azeri az; Basque eu; Belarusian be; Bengali bn; Bangla bn; Bosnian bs;
Bulgarian bg; Burmese my; Catalan ca; Cebuano ceb; Chinese zh; ChineseT zh; Croatian hr; Czech cs; Danish da; Dari fa; Dhivehi dv; Divehi dv; Dutch nl; Dzongkha dz; English en;
Esperanto eo; Estonian et; Faroese fo; Farsi fa; Filipino tl; Finnish fi; French fr; Frisian fy; Galician gl; Georgian ka; German de; Greek el; Gujarati gu;
HaitianCreole ht; Hausa ha; Hebrew he; Hindi hi; Hungarian hu; Icelandic is; Igbo ig; Indonesian id; Irish ga; Italian it; Japanese ja; Javanese jv; Kannada kn;
Kazakh kk; Khmer km; Kinyarwanda rw; Kirghiz ky; Kyrgyz ky; Korean ko; Kurdish ku; Lao lo; Laothian lo; Latin la; Latvian lv; Lithuanian lt; Luxembourgish lb; Macedonian mk;
Malagasy mg; Malay ms; Malayalam ml; Maltese mt; Maori mi; Marathi mr; Mongolian mn; Nepali ne; Norwegian no; NorwegianBokmal nb; NorwegianNynorsk nn; Nyanja ny; Occitan oc; Odia or;
Oriya or; Oromo om; Pashto ps; Persian fa; Polish pl; Portuguese pt; Punjabi pa; Romanian ro; Russian ru; Samoan sm; ScotsGaelic gd; Serbian sr; SerboCroatian sh; Shona sn; Sindhi sd;
Sinhala si; Sinhalese si; Slovak sk; Slovenian sl; Somali so; Spanish es; Sundanese su; Swahili sw; Swedish sv; Syriac syr; Tagalog tl; Tajik tg; Tamil ta; Tatar tt; Telugu te; Thai th; Tibetan bo;
Tigrinya ti; Turkish tr; Turkmen tk; Uighur ug; Uyghur ug; Ukrainian uk; Urdu ur; Uzbek uz; Vietnamese vi; Welsh cy; Wolof wo; Xhosa xh; Yiddish yi; Yoruba yo; Zulu zu
`

var languages = func() map[string]string {
	table := map[string]string{}
	for row := range strings.SplitSeq(languageNames, ";") {
		fields := strings.Fields(row)
		table[strings.ToLower(fields[0])] = fields[1]
	}
	return table
}()

// languageNamed gives the primary subtag of a language by its English name, or
// of a code; "" for what is neither.
func languageNamed(s string) string {
	plain := strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '(' || r == ')' }), ""))
	if code, ok := languages[plain]; ok {
		return code
	}
	if len(plain) == 2 || len(plain) == 3 {
		return primary(s)
	}
	return ""
}
