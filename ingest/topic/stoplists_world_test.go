package topic

import (
	"slices"
	"strings"
	"testing"
)

func TestQuestionsAndSmallWordsOfManyLanguagesAreNoTopics(t *testing.T) {
	for _, c := range []struct{ lang, title, want, never string }{
		{"cs", "Proč už Nokia není to, co bývala? Také kvůli továrně v Číně, která je před ní", "Číně", "proč už není také kvůli která před"},
		{"sk", "Prečo už Nokia nie je tým, čím bola, a čo bude s továrňou v Košiciach", "Košiciach", "prečo už tým čím bola bude"},
		{"hu", "Miért nem az már a Nokia, ami volt: ezért küldenek el embereket Komáromban", "Komáromban", "miért nem már ami volt ezért"},
		{"ro", "De ce Nokia nu mai este ce a fost și ce urmează pentru fabrica de la Cluj", "Cluj", "este fost și urmează pentru"},
		{"el", "Γιατί η Nokia δεν είναι πια αυτό που ήταν στην Ελλάδα", "Ελλάδα", "γιατί δεν είναι πια αυτό που ήταν στην"},
		{"uk", "Чому Nokia вже не та, що була, і що буде з заводом у Києві", "Києві", "чому вже та що була буде"},
		{"bg", "Защо Nokia вече не е това, което беше, и какво ще стане с завода", "завода", "защо вече това което беше какво стане"},
		{"sr", "Zašto Nokia više nije ono što je bila i šta će biti sa fabrikom", "fabrikom", "zašto više nije ono što bila šta biti"},
		{"sl", "Zakaj Nokia ni več to, kar je bila, in kaj bo s tovarno", "tovarno", "zakaj več kar bila kaj"},
		{"et", "Miks Nokia ei ole enam see, mis ta oli, ja mis saab tehasest", "tehasest", "miks ole enam mis oli saab"},
		{"lv", "Kāpēc Nokia vairs nav tāda, kāda bija, un kas notiks ar rūpnīcu", "rūpnīcu", "kāpēc vairs nav tāda kāda bija kas notiks"},
		{"lt", "Kodėl Nokia jau nėra tokia, kokia buvo, ir kas bus su gamykla", "gamykla", "kodėl jau nėra tokia kokia buvo kas bus"},
		{"da", "Derfor er Nokia ikke længere det, som den var, og hvad der nu sker med fabrikken", "fabrikken", "derfor ikke længere hvad sker"},
		{"vi", "Vì sao Nokia không còn như trước ở Hà Nội", "Hà Nội", "vì sao không còn như trước"},
		{"fa", "چرا Nokia دیگر آن شرکتی که بود نیست", "شرکتی", "چرا دیگر آن که بود نیست"},
		{"he", "למה Nokia כבר לא מה שהייתה ומה יהיה עם המפעל", "המפעל", "למה כבר לא מה שהייתה ומה יהיה עם"},
		{"ko", "Nokia 왜 예전 같지 않은가, 그리고 공장은 어떻게 되나", "공장은", "왜 예전 같지 않은가 그리고 어떻게 되나"},
		{"bn", "কেন Nokia আর আগের মতো নেই এবং কারখানার কী হবে", "কারখানার", "কেন আর আগের মতো নেই এবং কী হবে"},
		{"ur", "Nokia اب وہ کیوں نہیں رہا جو تھا اور فیکٹری کا کیا ہوگا", "فیکٹری", "اب وہ کیوں نہیں رہا جو تھا اور کیا"},
	} {
		got := New(brands()).Topics(c.title, "", c.lang)
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: %q lacks %s", c.lang, got, c.want)
		}
		for _, w := range strings.Fields(c.never) {
			if slices.Contains(got, w) {
				t.Errorf("%s: %q has %s", c.lang, got, w)
			}
		}
	}
}

func TestATextOfNoKnownLanguageKeepsEnglishNounsThatAreSmallWordsElsewhere(t *testing.T) {
	if got := New(brands()).Topics("Nokia brings phones into health care by van", "", ""); !slices.Contains(got, "van") && !slices.Contains(got, "health care") {
		t.Errorf("%q has neither van nor health care", got)
	}
}
