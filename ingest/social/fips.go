package social

import (
	"strings"
	"unicode"

	"agora/mood"
)

// fipsCountries are the countries of FIPS 10-4, which GDELT goes by, with their
// ISO 3166-1 codes and, where GDELT writes another name than people do, that
// one. Many codes of two letters mean another country in ISO: GM is Germany here
// and the Gambia there.
const fipsCountries = `
AA AW; AC AG; AE AE; AF AF; AG DZ; AJ AZ; AL AL; AM AM; AN AD; AO AO; AQ AS; AR AR; AS AU; AT AU Ashmore and Cartier Islands; AU AT; AV AI; AX GB Akrotiri; AY AQ;
BA BH; BB BB; BC BW; BD BM; BE BE; BF BS Bahamas, The; BG BD; BH BZ; BK BA Bosnia-Herzegovina; BL BO; BM MM Burma; BN BJ; BO BY; BP SB; BQ UM Navassa Island; BR BR; BS TF Bassas Da India; BT BT; BU BG; BV BV; BX BN; BY BI;
CA CA; CB KH; CD TD; CE LK; CF CG Congo Republic; CG CD Democratic Republic of the Congo; CH CN; CI CL; CJ KY; CK CC; CM CM; CN KM; CO CO; CQ MP; CR AU Coral Sea Islands; CS CR; CT CF; CU CU; CV CV; CW CK; CY CY;
DA DK; DJ DJ; DO DM; DQ UM Jarvis Island; DR DO; DX GB Dhekelia;
EC EC; EG EG; EI IE; EK GQ; EN EE; ER ER; ES SV; ET ET; EU TF Europa Island; EZ CZ Czech Republic;
FG GF; FI FI; FJ FJ; FK FK Falkland Islands (Islas Malvinas); FM FM; FO FO; FP PF; FQ UM Baker Island; FR FR; FS TF;
GA GM Gambia, The; GB GA; GG GE; GH GH; GI GI; GJ GD; GK GG; GL GL; GM DE; GO TF Glorioso Islands; GP GP; GQ GU; GR GR; GT GT; GV GN; GY GY; GZ PS Gaza Strip;
HA HT; HK HK; HM HM; HO HN; HQ UM Howland Island; HR HR; HU HU;
IC IS; ID ID; IM IM; IN IN; IO IO; IP CP Clipperton Island; IR IR; IS IL; IT IT; IV CI Ivory Coast; IZ IQ;
JA JP; JE JE; JM JM; JN SJ Jan Mayen; JO JO; JQ UM Johnston Atoll; JU TF Juan De Nova Island;
KE KE; KG KG; KN KP; KQ UM Kingman Reef; KR KI; KS KR; KT CX; KU KW; KV XK; KZ KZ;
LA LA; LE LB; LG LV; LH LT; LI LR; LO SK Slovak Republic; LQ UM Palmyra Atoll; LS LI; LT LS; LU LU; LY LY;
MA MG; MB MQ; MC MO Macau; MD MD; MF YT; MG MN; MH MS; MI MW; MJ ME; MK MK Macedonia; ML ML; MN MC; MO MA; MP MU; MQ UM Midway Islands; MR MR; MT MT; MU OM; MV MV; MX MX; MY MY; MZ MZ;
NC NC; NE NU; NF NF; NG NE; NH VU; NI NG; NL NL; NM SX; NN SX Sint Maarten; NO NO; NP NP; NR NR; NS SR; NT CW Netherlands Antilles; NU NI; NZ NZ;
OD SS;
PA PY; PC PN; PE PE; PK PK; PL PL; PM PA; PO PT; PP PG; PS PW; PU GW;
QA QA;
RE RE; RI RS; RM MH; RN MF; RO RO; RP PH; RQ PR; RS RU; RW RW;
SA SA; SB PM; SC KN; SE SC; SF ZA; SG SN; SH SH; SI SI; SL SL; SM SM; SN SG; SO SO; SP ES; ST LC; SU SD; SV SJ Svalbard; SW SE; SX GS; SY SY; SZ CH;
TB BL; TD TT; TE TF Tromelin Island; TH TH; TI TJ; TK TC; TL TK; TN TO; TO TG; TP ST; TS TN; TT TL East Timor; TU TR; TV TV; TW TW; TX TM; TZ TZ;
UC CW; UG UG; UK GB; UP UA; US US; UV BF; UY UY; UZ UZ;
VC VC; VE VE; VI VG British Virgin Islands; VM VN; VQ VI Virgin Islands; VT VA Vatican City;
WA NA; WE PS West Bank; WF WF; WI EH; WQ UM Wake Island; WS WS; WZ SZ Swaziland;
YI RS Serbia and Montenegro; YM YE;
ZA ZM; ZI ZW
`

// otherNames are what countries are called by GDELT or by people, beside their
// names in ISO 3166.
var otherNames = map[string]string{
	"russia": "RU", "south korea": "KR", "north korea": "KP", "korea south": "KR", "korea north": "KP", "iran": "IR", "syria": "SY", "vietnam": "VN", "laos": "LA",
	"united states": "US", "united states of america": "US", "usa": "US", "united kingdom": "GB", "great britain": "GB", "uk": "GB",
	"czech republic": "CZ", "czechia": "CZ", "slovakia": "SK", "turkey": "TR", "turkiye": "TR", "moldova": "MD", "bolivia": "BO", "venezuela": "VE", "tanzania": "TZ",
	"brunei": "BN", "taiwan": "TW", "hong kong": "HK", "macao": "MO", "palestine": "PS", "palestinian territories": "PS", "palestinian territory": "PS", "palestinian territory occupied": "PS", "gaza": "PS", "micronesia": "FM",
	"congo": "CG", "republic of the congo": "CG", "democratic republic of congo": "CD", "congo kinshasa": "CD", "congo brazzaville": "CG", "zaire": "CD",
	"cote divoire": "CI", "ivory coast": "CI", "cape verde": "CV", "eswatini": "SZ", "myanmar": "MM", "north macedonia": "MK", "timor leste": "TL", "kosovo": "XK",
	"gambia": "GM", "bahamas": "BS", "netherlands": "NL", "vatican": "VA", "holy see": "VA", "south sudan": "SS", "curacao": "CW",
	"bosnia and herzegovina": "BA", "bosnia": "BA", "serbia": "RS", "montenegro": "ME", "china": "CN", "saint lucia": "LC", "st lucia": "LC",
	"reunion": "RE", "sao tome and principe": "ST", "trinidad and tobago": "TT", "antigua and barbuda": "AG", "papua new guinea": "PG",
	"us virgin islands": "VI", "falkland islands": "FK", "saint kitts and nevis": "KN", "saint vincent and the grenadines": "VC",
}

// countries finds countries by FIPS code, and by name in plain letters.
var countries = func() (table struct{ byCode, byName map[string]string }) {
	table.byCode, table.byName = map[string]string{}, map[string]string{}
	for _, t := range mood.Territories() {
		table.byName[plainName(t.Name)] = t.Code
	}
	for row := range strings.SplitSeq(fipsCountries, ";") {
		fields := strings.Fields(row)
		code, iso := fields[0], fields[1]
		table.byCode[code] = iso
		if len(fields) > 2 {
			table.byName[plainName(strings.Join(fields[2:], " "))] = iso
		}
	}
	for name, iso := range otherNames {
		table.byName[name] = iso
	}
	return table
}()

// countryNamed gives the ISO 3166-1 code of a country by its FIPS code or its
// English name; "" for what is neither, or belongs to nobody's map.
func countryNamed(s string) string {
	s = strings.TrimSpace(s)
	iso, ok := countries.byCode[s]
	if !ok {
		name := plainName(s)
		if iso, ok = countries.byName[name]; !ok {
			iso = countries.byName[strings.TrimPrefix(name, "the ")]
		}
	}
	if _, known := mood.Country(iso); !known {
		return ""
	}
	return iso
}

// plainName is a name in small letters without marks, with a space between its
// words.
func plainName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r == 'ç':
			b.WriteByte('c')
		case r == 'ô' || r == 'ó' || r == 'ö':
			b.WriteByte('o')
		case r == 'é' || r == 'è':
			b.WriteByte('e')
		case r == 'ã' || r == 'å' || r == 'á':
			b.WriteByte('a')
		case r == 'ü' || r == 'ú':
			b.WriteByte('u')
		case r == 'í':
			b.WriteByte('i')
		case r == '\'' || r == '’':
		case unicode.IsLetter(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	return strings.Join(words, " ")
}
