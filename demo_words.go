package main

import "agora/mood"

// The demo's world is made up: no such company, product, person or outlet is
// meant. Outlets are under .example, which nobody can register.

// demoBrands are the companies of the demo.
var demoBrands = []mood.Brand{
	{ID: "northvane", Name: "Northvane", Query: `Northvane`, Color: "#005AFF"},
	{ID: "haldric", Name: "Haldric", Query: `Haldric`, Color: "#8A4FBF"},
	{ID: "miravo", Name: "Miravo", Query: `Miravo`, Color: "#00857A"},
	{ID: "solbryn", Name: "Solbryn", Query: `Solbryn`, Color: "#B7791F"},
}

// demoProducts are what each brand makes, in the order of demoBrands.
var demoProducts = [][]string{
	{"the N9 phone", "its roaming plan", "the Breeze app", "its prepaid card"},
	{"its 5G core", "the Haldric router", "its fibre network", "its cloud platform"},
	{"the Miravo One", "its smart watch", "the Miravo tablet", "its camera"},
	{"its electric bus", "the home battery", "its charging network", "the Solbryn heat pump"},
}

// demoOutlet publishes in a language, from a country; weight is how much.
type demoOutlet struct {
	domain, name, country, language string
	weight                          float64
}

var demoOutlets = []demoOutlet{
	{"morning-wire.example", "Morning Wire", "US", "en", 5},
	{"techledger.example", "Tech Ledger", "US", "en", 4},
	{"thamespost.example", "Thames Post", "GB", "en", 4},
	{"outback-daily.example", "Outback Daily", "AU", "en", 2},
	{"deccan-business.example", "Deccan Business", "IN", "en", 4},
	{"maple-observer.example", "Maple Observer", "CA", "en", 2},
	{"lagos-now.example", "Lagos Now", "NG", "en", 2},
	{"singapore-desk.example", "Singapore Desk", "SG", "en", 2},
	{"cape-dispatch.example", "Cape Dispatch", "ZA", "en", 1},
	{"helsinki-herald.example", "Helsinki Herald", "FI", "en", 3},
	{"nordic-wire.example", "Nordic Wire", "SE", "en", 3},
	{"berlin-bulletin.example", "Berlin Bulletin", "DE", "en", 2},
	{"paris-ledger.example", "Paris Ledger", "FR", "en", 2},
	{"iberia-report.example", "Iberia Report", "ES", "en", 1},
	{"vistula-news.example", "Vistula News", "PL", "en", 1},
	{"bosphorus-daily.example", "Bosphorus Daily", "TR", "en", 1},
	{"nile-monitor.example", "Nile Monitor", "EG", "en", 1},
	{"rift-valley-post.example", "Rift Valley Post", "KE", "en", 1},
	{"tokyo-circuit.example", "Tokyo Circuit", "JP", "en", 2},
	{"han-river-times.example", "Han River Times", "KR", "en", 2},
	{"java-courier.example", "Java Courier", "ID", "en", 1},
	{"paulista-post.example", "Paulista Post", "BR", "en", 2},
	{"andes-gazette.example", "Andes Gazette", "CL", "en", 1},
	{"azteca-review.example", "Azteca Review", "MX", "en", 1},
	{"rhein-kurier.example", "Rhein-Kurier", "DE", "de", 1},
	{"alpenblatt.example", "Alpenblatt", "AT", "de", 1},
	{"seine-matin.example", "Seine Matin", "FR", "fr", 1},
	{"dakar-jour.example", "Dakar Jour", "SN", "fr", 1},
	{"diario-sur.example", "Diario Sur", "ES", "es", 1},
	{"andes-hoy.example", "Andes Hoy", "CL", "es", 1},
	{"la-reforma-mx.example", "La Reforma Digital", "MX", "es", 1},
	{"lahti-uutiset.example", "Lahti Uutiset", "FI", "fi", 1},
	{"norra-bladet.example", "Norra Bladet", "SE", "sv", 1},
	{"folha-nova.example", "Folha Nova", "BR", "pt", 1},
	{"square-talk.example", "Square Talk", "US", "en", 5},
	{"handy-forum.example", "Handy-Forum", "DE", "de", 1},
}

// demoPhrase is a headline and a text: {b} is the brand, {p} a product, {c} a
// city, {n} a number, {o} another brand.
type demoPhrase struct{ title, text string }

// demoPhrases by language, then by feeling: good, plain, bad.
var demoPhrases = map[string][3][]demoPhrase{
	"en": {
		{
			{"{b} wins {n} million deal for {p} in {c}", "The award is a great success for the company, and analysts praised the result."},
			{"Customers love {p}: {b} tops satisfaction survey", "Readers call it reliable, fast and a joy to use."},
			{"{b} beats expectations as demand for {p} grows", "Profit rose strongly and the outlook was improved."},
			{"Hands on: {p} from {b} is the best we have tried this year", "Battery life is excellent, and the design is beautiful."},
			{"{b} to create {n} jobs in {c}", "The mayor welcomed the good news and thanked the company."},
			{"{b} praised for quick help after the storm in {c}", "Volunteers and staff restored service in hours; residents are grateful."},
			{"Why I switched to {b}, and why I am happy I did", "Support was friendly and everything simply works."},
		},
		{
			{"{b} to present {p} in {c} next month", "The event is open to the press; no prices were given."},
			{"{b} and {o} meet regulators in {c}", "The talks are about spectrum, and go on next week."},
			{"What we know about {p}", "The next version of {p} by {b} is expected in spring."},
			{"{b} names new head of its {c} office", "The change takes effect at the end of the quarter."},
			{"{b} publishes its figures for the quarter", "Revenue was in line with the quarter before."},
		},
		{
			{"Outage at {b} leaves thousands without service in {c}", "Angry customers complain of a terrible failure and poor support."},
			{"{b} recalls {n} thousand units of {p} over fire risk", "The defect is dangerous, the regulator warned."},
			{"{b} sued in {c} over misleading prices for {p}", "The lawsuit claims customers were cheated for years."},
			{"Disappointed: {p} is slow, buggy and overpriced", "I regret that I bought from {b}. The worst purchase this year."},
			{"{b} cuts {n} jobs in {c} after weak sales", "Unions fear worse, and shares fell sharply."},
			{"Data leak at {b}: criminals stole addresses of customers", "The company apologised for the serious failure."},
			{"{o} beats {b} to contract in {c}", "For {b} it is a painful loss, and critics blame bad management."},
		},
	},
	"de": {
		{
			{"{b} gewinnt Großauftrag in {c}", "Analysten loben den großen Erfolg und das gute Ergebnis."},
			{"Testsieger: {p} von {b} überzeugt auf ganzer Linie", "Schnell, zuverlässig und hervorragend verarbeitet."},
			{"{b} schafft {n} Arbeitsplätze in {c}", "Die Stadt freut sich über die gute Nachricht."},
		},
		{
			{"{b} stellt neues Angebot in {c} vor", "Preise wurden noch nicht genannt."},
			{"{b} legt Zahlen zum Quartal vor", "Der Umsatz blieb auf dem Niveau des Vorquartals."},
		},
		{
			{"Störung bei {b}: Tausende in {c} ohne Netz", "Kunden sind verärgert über den schlechten Service."},
			{"{b} ruft Geräte zurück: Brandgefahr", "Die Behörde warnt vor dem gefährlichen Mangel."},
			{"{b} streicht {n} Stellen", "Der Gewinn ist eingebrochen, die Aktie fällt."},
		},
	},
	"fr": {
		{
			{"{b} remporte un gros contrat à {c}", "Un beau succès, salué par les analystes."},
			{"Les clients de {b} sont les plus satisfaits", "Un service excellent, rapide et fiable."},
		},
		{
			{"{b} présente sa nouvelle offre à {c}", "Les prix ne sont pas encore connus."},
			{"{b} publie ses résultats du trimestre", "Le chiffre d'affaires est stable."},
		},
		{
			{"Panne chez {b} : des milliers d'abonnés de {c} sans réseau", "Les clients en colère dénoncent un mauvais service."},
			{"{b} supprime {n} emplois", "Une mauvaise nouvelle, les syndicats s'inquiètent."},
		},
	},
	"es": {
		{
			{"{b} gana un gran contrato en {c}", "Un éxito excelente, según los analistas."},
			{"Los clientes de {b}, los más felices", "Un servicio rápido y muy bueno."},
		},
		{
			{"{b} presenta su nueva oferta en {c}", "Todavía no se conocen los precios."},
		},
		{
			{"Caída de {b} deja a miles sin servicio en {c}", "Clientes furiosos denuncian un servicio pésimo."},
			{"Demanda contra {b} por precios engañosos", "Un grave fracaso, dicen los consumidores."},
		},
	},
	"fi": {
		{
			{"{b} voitti suuren sopimuksen", "Analyytikot kiittävät hienoa menestystä."},
			{"{b} on asiakkaiden suosikki", "Palvelu on nopeaa, luotettavaa ja erinomaista."},
		},
		{
			{"{b} esittelee uuden palvelun", "Hinnoista ei vielä kerrottu."},
		},
		{
			{"{b}: häiriö katkaisi yhteydet tuhansilta", "Asiakkaat ovat vihaisia huonosta palvelusta."},
			{"{b} irtisanoo {n} työntekijää", "Tulos romahti ja osake laski."},
		},
	},
	"sv": {
		{
			{"{b} vinner stororder i {c}", "En stor framgång, säger analytiker."},
		},
		{
			{"{b} visar nytt erbjudande i {c}", "Priserna är ännu inte kända."},
		},
		{
			{"Avbrott hos {b}: tusentals utan nät i {c}", "Kunder är arga över den dåliga servicen."},
			{"{b} varslar {n} anställda", "Vinsten rasade och aktien föll."},
		},
	},
	"pt": {
		{
			{"{b} ganha grande contrato em {c}", "Um excelente sucesso, dizem analistas."},
			{"Clientes da {b} são os mais satisfeitos", "Serviço rápido e ótimo."},
		},
		{
			{"{b} apresenta nova oferta em {c}", "Os preços ainda não são conhecidos."},
		},
		{
			{"Falha na {b} deixa milhares sem serviço em {c}", "Clientes furiosos reclamam do péssimo serviço."},
		},
	},
}

// demoCity is a place on the map.
type demoCity struct {
	name, country string
	lat, lon      float64
}

var demoCities = []demoCity{
	{"Helsinki", "FI", 60.2, 24.9}, {"Stockholm", "SE", 59.3, 18.1}, {"London", "GB", 51.5, -0.1},
	{"Berlin", "DE", 52.5, 13.4}, {"Vienna", "AT", 48.2, 16.4}, {"Paris", "FR", 48.9, 2.4},
	{"Madrid", "ES", 40.4, -3.7}, {"New York", "US", 40.7, -74.0}, {"Austin", "US", 30.3, -97.7},
	{"Toronto", "CA", 43.7, -79.4}, {"Mexico City", "MX", 19.4, -99.1}, {"São Paulo", "BR", -23.6, -46.6},
	{"Santiago", "CL", -33.4, -70.7}, {"Lagos", "NG", 6.5, 3.4}, {"Dakar", "SN", 14.7, -17.5},
	{"Cape Town", "ZA", -33.9, 18.4}, {"Nairobi", "KE", -1.3, 36.8}, {"Mumbai", "IN", 19.1, 72.9},
	{"Singapore", "SG", 1.4, 103.8}, {"Jakarta", "ID", -6.2, 106.8}, {"Tokyo", "JP", 35.7, 139.7},
	{"Seoul", "KR", 37.6, 127.0}, {"Sydney", "AU", -33.9, 151.2}, {"Istanbul", "TR", 41.0, 29.0},
	{"Warsaw", "PL", 52.2, 21.0}, {"Cairo", "EG", 30.0, 31.2},
}

// demoKinds are what the demo's devices do, and how often compared: usually,
// and on the day of a launch.
var demoKinds = []struct {
	kind          mood.ActivityKind
	usual, launch float64
}{
	{mood.ActivityKind{ID: "activation", Name: "Activations", Unit: "devices", Color: "#0E9F8E"}, 5, 12},
	{mood.ActivityKind{ID: "download", Name: "Downloads", Unit: "downloads", Color: "#9A6BD1"}, 3, 5},
	{mood.ActivityKind{ID: "check-in", Name: "Check-ins", Unit: "check-ins", Color: "#C98A1B"}, 2, 1},
}
