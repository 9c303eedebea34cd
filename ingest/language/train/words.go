package main

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed said
var saidFiles embed.FS

// readSaid reads the words that were written for Agora, by language.
func readSaid() (map[string][][]string, error) {
	found := map[string][][]string{}
	files, err := saidFiles.ReadDir("said")
	if err != nil {
		return nil, fmt.Errorf("list the words in said: %w", err)
	}
	for _, file := range files {
		b, err := saidFiles.ReadFile("said/" + file.Name())
		if err != nil {
			return nil, fmt.Errorf("read the words in said: %w", err)
		}
		lang := strings.TrimSuffix(file.Name(), ".txt")
		for line := range strings.Lines(string(b)) {
			if words := strings.Fields(line); len(words) > 0 {
				found[lang] = append(found[lang], words)
			}
		}
	}
	return found, nil
}

// language is one that is told apart from others of its script.
type language struct {
	tag string
	// models are the names of lingua-go's models that its words are made from.
	models []string
	// share is how many texts it gets to learn from, beside 1: more for those
	// that most of what is read is in, less for those that few write.
	share float64
}

// latin, cyrillic … are the languages by script. Bosnian isn't among them:
// short texts in it can't be told from Croatian ones, and are called that.
var (
	latin = []language{
		{"en", []string{"en"}, 2}, {"de", []string{"de"}, 1.3}, {"fr", []string{"fr"}, 1.3}, {"es", []string{"es"}, 1.4}, {"pt", []string{"pt"}, 1.3},
		{"it", []string{"it"}, 1.3}, {"nl", []string{"nl"}, 1.2}, {"sv", []string{"sv"}, 1.2}, {"da", []string{"da"}, 1.2}, {"no", []string{"nb", "nb", "nb", "nn"}, 1.3},
		{"fi", []string{"fi"}, 1.2}, {"et", []string{"et"}, 1}, {"lv", []string{"lv"}, 1}, {"lt", []string{"lt"}, 1}, {"pl", []string{"pl"}, 1.2},
		{"cs", []string{"cs"}, 1.2}, {"sk", []string{"sk"}, 1.1}, {"sl", []string{"sl"}, 1}, {"hr", []string{"hr", "hr", "bs"}, 1.1}, {"sr", []string{"sr"}, 1},
		{"hu", []string{"hu"}, 1}, {"ro", []string{"ro"}, 1.1}, {"tr", []string{"tr"}, 1.2}, {"az", []string{"az"}, 0.8}, {"uz", nil, 0.8},
		{"vi", []string{"vi"}, 1}, {"id", []string{"id"}, 1.3}, {"ms", []string{"ms"}, 1.3}, {"tl", []string{"tl"}, 1}, {"sw", []string{"sw"}, 0.8},
		{"af", []string{"af"}, 0.9}, {"ca", []string{"ca"}, 1}, {"gl", nil, 1}, {"eu", []string{"eu"}, 0.9}, {"cy", []string{"cy"}, 0.8},
		{"ga", []string{"ga"}, 0.8}, {"is", []string{"is"}, 0.9}, {"sq", []string{"sq"}, 0.9}, {"eo", []string{"eo"}, 0.5}, {"mt", nil, 0.5},
		{"so", []string{"so"}, 0.4}, {"zu", []string{"zu"}, 0.4}, {"xh", []string{"xh"}, 0.3}, {"yo", []string{"yo"}, 0.4},
		{"sn", []string{"sn"}, 0.3}, {"", nil, 1.2},
	}
	cyrillic = []language{
		{"ru", []string{"ru"}, 1.6}, {"uk", []string{"uk"}, 1.3}, {"be", []string{"be"}, 1}, {"bg", []string{"bg"}, 1.2}, {"mk", []string{"mk"}, 1},
		{"sr", []string{"sr"}, 1.1}, {"kk", []string{"kk"}, 0.9}, {"ky", nil, 0.6}, {"mn", []string{"mn"}, 0.8}, {"tg", nil, 0.5}, {"", nil, 0.3},
	}
	arabic = []language{
		{"ar", []string{"ar"}, 1.5}, {"fa", []string{"fa"}, 1.2}, {"ur", []string{"ur"}, 1.2}, {"ps", nil, 0.6}, {"sd", nil, 0.5}, {"ug", nil, 0.5},
	}
	devanagari = []language{{"hi", nil, 1.4}, {"mr", nil, 1}, {"ne", nil, 1}}
	han        = []language{{"zh", []string{"zh"}, 1}, {"ja", []string{"ja"}, 1}}
)

// inLatin writes Serbian in its other script.
var inLatin = strings.NewReplacer(
	"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "ђ", "đ", "е", "e", "ж", "ž", "з", "z", "и", "i", "ј", "j", "к", "k", "л", "l", "љ", "lj",
	"м", "m", "н", "n", "њ", "nj", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "ћ", "ć", "у", "u", "ф", "f", "х", "h", "ц", "c", "ч", "č",
	"џ", "dž", "ш", "š",
	"А", "A", "Б", "B", "В", "V", "Г", "G", "Д", "D", "Ђ", "Đ", "Е", "E", "Ж", "Ž", "З", "Z", "И", "I", "Ј", "J", "К", "K", "Л", "L", "Љ", "Lj",
	"М", "M", "Н", "N", "Њ", "Nj", "О", "O", "П", "P", "Р", "R", "С", "S", "Т", "T", "Ћ", "Ć", "У", "U", "Ф", "F", "Х", "H", "Ц", "C", "Ч", "Č",
	"Џ", "Dž", "Ш", "Š",
)

// withoutMarks is how people write who don't look for the right key.
var withoutMarks = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ä", "a", "ã", "a", "å", "a", "ą", "a", "ă", "a", "ā", "a", "æ", "ae", "ç", "c", "ć", "c", "č", "c", "ď", "d", "đ", "d",
	"é", "e", "è", "e", "ê", "e", "ë", "e", "ę", "e", "ě", "e", "ē", "e", "ė", "e", "ğ", "g", "ģ", "g", "í", "i", "ì", "i", "î", "i", "ï", "i", "ī", "i",
	"į", "i", "ı", "i", "ķ", "k", "ł", "l", "ľ", "l", "ļ", "l", "ñ", "n", "ń", "n", "ň", "n", "ņ", "n", "ó", "o", "ò", "o", "ô", "o", "ö", "o", "õ", "o",
	"ő", "o", "ø", "o", "œ", "oe", "ř", "r", "ś", "s", "š", "s", "ş", "s", "ș", "s", "ß", "ss", "ť", "t", "ț", "t", "ţ", "t", "ú", "u", "ù", "u", "û", "u",
	"ü", "u", "ů", "u", "ű", "u", "ū", "u", "ų", "u", "ý", "y", "ź", "z", "ż", "z", "ž", "z",
)

// stray are English words that stand in texts of other languages.
var stray = strings.Fields(`app update online streaming smartphone software team show business marketing startup design live video game gaming
	fan club premium smart home free sale outlet store delivery service hotel support email web blog news feed post story like top cool wow ok
	new best back up the of and for in love`)

// laughs are what people type in every language.
var laughs = strings.Fields("haha hahaha hahahaha hehe hihi lol lmao rofl xd xdd omg wow ok okay yes no hi hey bye hmm ooh aah wtf btw pls thx")

// names are of brands and products, to be told from words.
var names = strings.Split(strings.ReplaceAll(`Nokia|Samsung|Samsung Galaxy|Galaxy S24 Ultra|iPhone 15 Pro Max|Apple Watch|MacBook Air|Tesla Model 3|Tesla|
Microsoft Teams|Windows 11|Xbox Series X|PlayStation 5|Nintendo Switch|Sony|Google Pixel|Pixel 8 Pro|Huawei|Xiaomi Redmi Note|OnePlus|Oppo Reno|Motorola Edge|
Volkswagen|Volkswagen Golf GTI|BMW X5|Mercedes-Benz|Audi e-tron|Porsche Taycan|Toyota Corolla|Honda Civic|Hyundai Ioniq|Kia Sportage|Ford Mustang|Volvo Cars|
Škoda Octavia|Renault Clio|Peugeot|Citroën|Fiat Panda|Ferrari|Lamborghini|Nike Air Max|Adidas Originals|Puma|Zara|Mango|IKEA|Decathlon|Lidl|Aldi|Carrefour|
Coca-Cola|Pepsi Max|Red Bull|Nespresso|Nestlé|Danone|Unilever|Procter & Gamble|L'Oréal Paris|Heineken|Carlsberg|Starbucks|Burger King|KFC|Pizza Hut|
Netflix|Spotify Premium|Disney+|HBO Max|Amazon Prime|YouTube Music|TikTok|Instagram|WhatsApp|Facebook|Twitter|LinkedIn|Snapchat|Telegram|Zoom|Slack|
OpenAI|ChatGPT|Gemini|Nvidia|Nvidia GeForce RTX|AMD Ryzen|Intel Core|Qualcomm Snapdragon|ASML|TSMC|SAP|Oracle|IBM|Cisco|Dell XPS|HP Spectre|Lenovo ThinkPad|Asus ROG|
Ericsson|Telia|Elisa|Telenor|Vodafone|T-Mobile|Orange|Telefónica|Movistar|Telecom Italia|KPN|Swisscom|Proximus|Verizon|Comcast|
Ryanair|Lufthansa|Finnair|easyJet|Wizz Air|KLM|Air France|British Airways|Emirates|Qatar Airways|Turkish Airlines|Boeing|Airbus A350|Uber|Bolt|Lyft|Wolt|Glovo|
Revolut|PayPal|Visa|Mastercard|Klarna|ING|Santander|BBVA|HSBC|Barclays|Deutsche Bank|UniCredit|Nordea|Danske Bank|Swedbank|Erste|OTP|
Pfizer|Moderna|AstraZeneca|Novartis|Roche|Bayer|Siemens|Bosch|Philips|Miele|Electrolux|Whirlpool|Dyson V15|Makita|Lego|Mattel|Barbie|Pokémon|
Shell|BP|Total|Eni|Repsol|Equinor|Neste|Fortum|Vattenfall|Maersk|DHL|FedEx|UPS|Posti|PostNord|Kone|Wärtsilä|Marimekko|Fiskars|Rovio|Supercell|
Real Madrid|FC Barcelona|Bayern München|Juventus|Liverpool|Manchester United|Lionel Messi|Cristiano Ronaldo|Taylor Swift|Elon Musk|Tim Cook|Jeff Bezos|Beyoncé|Lady Gaga`, "\n", ""), "|")
