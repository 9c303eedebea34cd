package places

import (
	"strings"

	"agora/mood"
)

// worldly are endings of domains that belong to countries and are used by
// anybody.
const worldly = " ac ad ag ai am as bz cc cd cf co cv cx dj dm fm fo ga gd gg gl gq gs hm im io ki la ly me ml mn ms mu nu pn pw re sb sc sh sl so st su tc tk tl to tv vc vg vu ws yt eu "

// shortened are hosts of platforms that spell their name with a country's ending.
const shortened = " youtu.be redd.it goo.gl instagr.am flic.kr spoti.fi lnkd.in pin.it fb.me t.me wp.me ift.tt dlvr.it buff.ly amzn.eu apple.news "

// OfDomain gives the country whose ending a domain has, such as GB for
// bbc.co.uk. Endings that anybody uses, as .io and .tv, say nothing.
func OfDomain(domain string) (country string, ok bool) {
	domain = strings.TrimSuffix(strings.ToLower(domain), ".")
	at := strings.LastIndexByte(domain, '.')
	if at < 0 || len(domain)-at != 3 || strings.Contains(shortened, " "+domain+" ") {
		return "", false
	}
	ending := domain[at+1:]
	if strings.Contains(worldly, " "+ending+" ") {
		// com.co is sold in Colombia; .co is sold everywhere.
		second := domain[:at]
		second = second[strings.LastIndexByte(second, '.')+1:]
		if second == domain[:at] || !strings.Contains(" com gov edu org net gob ", " "+second+" ") {
			return "", false
		}
	}
	code := strings.ToUpper(ending)
	if code == "UK" {
		code = "GB"
	}
	_, ok = mood.Country(code)
	return code, ok
}
