package feed

import (
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// wordKind says what a word does in a date.
type wordKind uint8

const (
	wordNoise   wordKind = iota + 1 // weekdays and little words
	wordMonth                       // value 1…12
	wordMarch                       // "mar": March, and Tuesday in Romance languages
	wordMorning                     // a.m.
	wordEvening                     // p.m.
	wordUnit                        // 年, 月 and the like; value is a dateUnit
)

type dateWord struct {
	kind  wordKind
	value int
}

// The units that follow their number in East Asia; hours do so elsewhere too.
const (
	unitYear = iota
	unitMonth
	unitDay
	unitHour
	unitMinute
	unitSecond
)

// months lists the names of each month, short and long, as they stand in
// dates (many languages put them into the genitive), for English, German,
// French, Spanish, Italian, Portuguese, Dutch, Finnish, Swedish, Danish and
// Norwegian, Polish, Czech and Slovak, Russian, Ukrainian, Bulgarian, Greek,
// Turkish, Hungarian, Romanian, Arabic (eastern and western) and Hebrew.
// Accents don't matter. Names that mean different months in two of them, such
// as Croatian listopad, have the meaning of the language listed here.
var months = [12]string{
	"jan january jän jänner januar janv janvier ene enero gen gennaio janeiro januari tammi tammikuu tammikuuta sty styczeń stycznia led leden ledna január januára янв январь января січ січень січня яну януари ιαν ιανουάριος ιανουαρίου oca ocak ian ianuarie يناير جانفي ינואר בינואר",
	"feb february febr februar fév févr février febrero febbraio fev fevereiro februari helmi helmikuu helmikuuta lut luty lutego úno únor února február februára фев февр февраль февраля лют лютий лютого февруари φεβ φεβρ φεβρουάριος φεβρουαρίου şub şubat februarie فبراير فيفري פברואר בפברואר",
	"march mär märz mrz mars marzo março maart mrt maalis maaliskuu maaliskuuta marts marzec marca bře březen března marec марта март мар бер березень березня μάρ μαρ μάρτιος μαρτίου mart március márc már martie مارس מרץ מרס במרץ",
	"apr april avr avril abr abril aprile huhti huhtikuu huhtikuuta kwi kwiecień kwietnia dub duben dubna apríl apríla апр апрель апреля кві квітень квітня април απρ απρίλιος απριλίου nis nisan április ápr aprilie أبريل ابريل إبريل أفريل אפריל באפריל",
	"may mai mayo mag maggio maio mei touko toukokuu toukokuuta maj maja máj mája kvě květen května май мая тра травень травня μάι μαι μάιος μαΐου mayıs május مايو ماي מאי במאי",
	"jun june juni juin junio giu giugno junho kesä kesäkuu kesäkuuta cze czerwiec czerwca čvn červen června jún júna июн июнь июня чер червень червня юни ιούν ιουν ιούνιος ιουνίου haz haziran június iun iunie يونيو جوان יוני ביוני",
	"jul july juli juil juillet julio lug luglio julho heinä heinäkuu heinäkuuta lip lipiec lipca čvc červenec července júl júla июл июль июля липень липня юли ιούλ ιουλ ιούλιος ιουλίου tem temmuz július iul iulie يوليو جويلية יולי ביולי",
	"aug august août agosto ago augustus elo elokuu elokuuta augusti sie sierpień sierpnia srp srpen srpna augusta авг август августа сер серпень серпня αύγ αυγ αύγουστος αυγούστου ağu ağustos augusztus أغسطس اغسطس أوت אוגוסט באוגוסט",
	"sep sept september septembre septiembre setiembre set settembre setembro syys syyskuu syyskuuta wrz wrzesień września zář září septembra сен сент сентябрь сентября вер вересень вересня септември σεπ σεπτ σεπτέμβριος σεπτεμβρίου eyl eylül szeptember szept septembrie سبتمبر ספטמבר בספטמבר",
	"oct october okt oktober octobre octubre ott ottobre out outubro loka lokakuu lokakuuta paź październik października říj říjen října október októbra окт октябрь октября жов жовтень жовтня октомври οκτ οκτώβριος οκτωβρίου eki ekim octombrie أكتوبر اكتوبر אוקטובר באוקטובר",
	"nov november novembre noviembre novembro marras marraskuu marraskuuta lis listopad listopada listopadu novembra ноя нояб ноябрь ноября лис листопад листопада ноември νοέ νοε νοέμβριος νοεμβρίου kas kasım noi noiembrie نوفمبر נובמבר בנובמבר",
	"dec december dez dezember déc décembre dic diciembre dicembre dezembro des desember joulu joulukuu joulukuuta gru grudzień grudnia pro prosinec prosince decembra дек декабрь декабря гру грудень грудня декември δεκ δεκέμβριος δεκεμβρίου ara aralık decembrie ديسمبر דצמבר בדצמבר",
}

// Weekdays and the little words of dates say nothing that the numbers don't.
const dateNoise = `mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday
mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
lun lundi mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche
lunes martes mié miércoles jue jueves vie viernes sáb sábado dom domingo
lunedì martedì mercoledì gio giovedì venerdì sabato domenica
seg segunda ter terça qua quarta qui quinta sex sexta feira
ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
ti ke to pe la su maanantai maanantaina tiistai tiistaina keskiviikko keskiviikkona torstai torstaina perjantai perjantaina lauantai lauantaina sunnuntai sunnuntaina
mån tis ons tor tors fre lör sön måndag tisdag onsdag torsdag fredag lördag söndag
man tir lør søn mandag tirsdag lørdag søndag
pon wt śr czw pt sob ndz niedz poniedziałek wtorek środa czwartek piątek sobota niedziela
po út st čt pá so ne pondělí úterý středa čtvrtek pátek neděle
пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота воскресенье нд понеділок вівторок середа четвер пʼятниця субота неділя нед пон
δευ τρι τετ πεμ παρ σαβ κυρ δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή
pzt pts sal çar per cum cmt cts paz pazartesi salı çarşamba perşembe cuma cumartesi pazar
hét hétfő kedd sze szerda csüt csütörtök pén péntek szo szombat vas vasárnap
lu mie joi vi sâ du luni marți miercuri vineri sâmbătă duminică
الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت
יום ראשון שני שלישי רביעי חמישי שישי שבת א ב ג ד ה ו ש
at of de del den der le el il um uhr klo kl on the th st nd rd er date и в г года р року godz lúc saat ore alle às den`

// East Asian words are written without spaces, so they are looked for at each
// place, the longest first.
var eastAsian = []struct {
	text string
	word dateWord
}{
	{"月曜日", dateWord{wordNoise, 0}}, {"火曜日", dateWord{wordNoise, 0}}, {"水曜日", dateWord{wordNoise, 0}}, {"木曜日", dateWord{wordNoise, 0}},
	{"金曜日", dateWord{wordNoise, 0}}, {"土曜日", dateWord{wordNoise, 0}}, {"日曜日", dateWord{wordNoise, 0}},
	{"월요일", dateWord{wordNoise, 0}}, {"화요일", dateWord{wordNoise, 0}}, {"수요일", dateWord{wordNoise, 0}}, {"목요일", dateWord{wordNoise, 0}},
	{"금요일", dateWord{wordNoise, 0}}, {"토요일", dateWord{wordNoise, 0}}, {"일요일", dateWord{wordNoise, 0}},
	{"星期一", dateWord{wordNoise, 0}}, {"星期二", dateWord{wordNoise, 0}}, {"星期三", dateWord{wordNoise, 0}}, {"星期四", dateWord{wordNoise, 0}},
	{"星期五", dateWord{wordNoise, 0}}, {"星期六", dateWord{wordNoise, 0}}, {"星期日", dateWord{wordNoise, 0}}, {"星期天", dateWord{wordNoise, 0}},
	{"周一", dateWord{wordNoise, 0}}, {"周二", dateWord{wordNoise, 0}}, {"周三", dateWord{wordNoise, 0}}, {"周四", dateWord{wordNoise, 0}},
	{"周五", dateWord{wordNoise, 0}}, {"周六", dateWord{wordNoise, 0}}, {"周日", dateWord{wordNoise, 0}}, {"週", dateWord{wordNoise, 0}},
	{"午前", dateWord{wordMorning, 0}}, {"上午", dateWord{wordMorning, 0}}, {"오전", dateWord{wordMorning, 0}}, {"凌晨", dateWord{wordMorning, 0}}, {"早上", dateWord{wordMorning, 0}},
	{"午後", dateWord{wordEvening, 0}}, {"下午", dateWord{wordEvening, 0}}, {"오후", dateWord{wordEvening, 0}}, {"晚上", dateWord{wordEvening, 0}},
	{"年", dateWord{wordUnit, unitYear}}, {"년", dateWord{wordUnit, unitYear}}, {"月", dateWord{wordUnit, unitMonth}}, {"월", dateWord{wordUnit, unitMonth}},
	{"日", dateWord{wordUnit, unitDay}}, {"일", dateWord{wordUnit, unitDay}}, {"号", dateWord{wordUnit, unitDay}}, {"號", dateWord{wordUnit, unitDay}},
	{"時", dateWord{wordUnit, unitHour}}, {"时", dateWord{wordUnit, unitHour}}, {"点", dateWord{wordUnit, unitHour}}, {"點", dateWord{wordUnit, unitHour}}, {"시", dateWord{wordUnit, unitHour}},
	{"分", dateWord{wordUnit, unitMinute}}, {"분", dateWord{wordUnit, unitMinute}}, {"秒", dateWord{wordUnit, unitSecond}}, {"초", dateWord{wordUnit, unitSecond}},
	{"火", dateWord{wordNoise, 0}}, {"水", dateWord{wordNoise, 0}}, {"木", dateWord{wordNoise, 0}}, {"金", dateWord{wordNoise, 0}}, {"土", dateWord{wordNoise, 0}},
	{"화", dateWord{wordNoise, 0}}, {"수", dateWord{wordNoise, 0}}, {"목", dateWord{wordNoise, 0}}, {"금", dateWord{wordNoise, 0}}, {"토", dateWord{wordNoise, 0}},
}

// dateWords is built at the first date that is not in a standard form.
var dateWords = sync.OnceValue(func() map[string]dateWord {
	words := make(map[string]dateWord, 900)
	for w := range strings.FieldsSeq(dateNoise) {
		words[foldWord(w)] = dateWord{kind: wordNoise}
	}
	for i, names := range months {
		for w := range strings.FieldsSeq(names) {
			words[foldWord(w)] = dateWord{wordMonth, i + 1}
		}
	}
	words["mar"] = dateWord{wordMarch, 3}
	for _, w := range [...]string{"am", "πμ", "ص", "vorm"} {
		words[foldWord(w)] = dateWord{kind: wordMorning}
	}
	for _, w := range [...]string{"pm", "μμ", "م", "nachm"} {
		words[foldWord(w)] = dateWord{kind: wordEvening}
	}
	words["h"] = dateWord{wordUnit, unitHour}
	for _, x := range eastAsian {
		words[x.text] = x.word
	}
	return words
})

// foldWord is a word in lower case without accents.
func foldWord(w string) string {
	w = strings.ToLower(w)
	plain := true
	for i := range len(w) {
		plain = plain && w[i] < utf8.RuneSelf
	}
	if plain {
		return w
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(w)))
}

// zones are the abbreviations that feeds use, in seconds east of UTC. Some of
// them have several meanings, and the one of most feeds is taken: CST is
// North America's (not China's), IST India's (not Ireland's or Israel's), BST
// Britain's summer time (not Bangladesh's), AST the Atlantic's (not Arabia's),
// GST the Gulf's. Whoever can be misread does better to write an offset.
var zones = func() map[string]int {
	const h = 3600
	table := map[string]int{}
	for hours, names := range map[float64]string{
		0: "z ut gmt utc wet zulu", 1: "west bst cet met mez wat", 2: "cest mest mesz eet sast cat", 3: "eest msk мск trt eat idt",
		3.5: "irst", 4: "msd gst samt", 4.5: "aft", 5: "pkt yekt uzt", 5.5: "ist", 5.75: "npt", 6: "omst", 7: "wib ict krat novt",
		8: "hkt sgt awst pht myt irkt wita", 9: "jst kst yakt wit", 9.5: "acst", 10: "aest vlat chst", 10.5: "acdt", 11: "aedt magt", 12: "nzst pett", 13: "nzdt",
		-2: "brst", -2.5: "ndt", -3: "adt brt art clst uyt", -3.5: "nst", -4: "edt ast clt bot vet", -5: "est cdt cot pet ect",
		-6: "cst mdt", -7: "mst pdt", -8: "pst akdt", -9: "akst hdt", -10: "hst",
	} {
		for name := range strings.FieldsSeq(names) {
			table[name] = int(hours * h)
		}
	}
	return table
}()

// placeZone reads a zone that is named by its place, as in Europe/Berlin, or by
// what Americans call theirs, in lower case.
func placeZone(name string) *time.Location {
	switch name {
	case "et":
		name = "America/New_York"
	case "ct":
		name = "America/Chicago"
	case "mt":
		name = "America/Denver"
	case "pt":
		name = "America/Los_Angeles"
	default:
		if !strings.Contains(name, "/") || len(name) > 40 {
			return nil
		}
		up := true
		name = strings.Map(func(r rune) rune {
			if up {
				r = unicode.ToUpper(r)
			}
			up = r == '/' || r == '_' || r == '-'
			return r
		}, name)
	}
	if known, ok := placeZones.Load(name); ok {
		return known.(*time.Location)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	placeZones.Store(name, loc)
	return loc
}

// placeZones are the *time.Location that were asked for, by name: each is read
// from the database once.
var placeZones sync.Map

// zoneOf knows a zone by its name. The military letters count as UTC, as RFC
// 5322, section 4.3, wants it: they were used with either sign.
func zoneOf(w string) (seconds int, ok bool) {
	if len(w) == 1 && isLetter(w[0]) && w != "j" {
		return 0, true
	}
	seconds, ok = zones[w]
	return seconds, ok
}
