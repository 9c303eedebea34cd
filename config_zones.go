package main

import (
	"strings"
	_ "time/tzdata" // small images have no time zones of their own
)

// zoneHint names the time zone that was meant, by its name or by its city.
func zoneHint(written string) string {
	wanted := strings.ReplaceAll(strings.TrimSpace(written), " ", "_")
	for _, z := range commonZones {
		if strings.EqualFold(z[strings.LastIndexByte(z, '/')+1:], wanted) || strings.EqualFold(z, wanted) {
			return `did you mean "` + z + `"?`
		}
	}
	if z := nearest(wanted, commonZones); z != "" {
		return `did you mean "` + z + `"?`
	}
	return "use a name such as Europe/Helsinki, America/New_York or UTC"
}

// commonZones are only for the hints: every zone of the IANA database works.
var commonZones = strings.Fields(`
UTC
Africa/Accra Africa/Addis_Ababa Africa/Algiers Africa/Cairo Africa/Casablanca Africa/Johannesburg
Africa/Lagos Africa/Nairobi Africa/Tunis
America/Anchorage America/Argentina/Buenos_Aires America/Bogota America/Caracas America/Chicago
America/Denver America/Halifax America/Havana America/Lima America/Los_Angeles America/Mexico_City
America/Montevideo America/New_York America/Panama America/Phoenix America/Santiago
America/Sao_Paulo America/St_Johns America/Toronto America/Vancouver
Asia/Almaty Asia/Baghdad Asia/Baku Asia/Bangkok Asia/Colombo Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh
Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kathmandu Asia/Kolkata
Asia/Kuala_Lumpur Asia/Kuwait Asia/Manila Asia/Qatar Asia/Riyadh Asia/Seoul Asia/Shanghai
Asia/Singapore Asia/Taipei Asia/Tashkent Asia/Tbilisi Asia/Tehran Asia/Tokyo Asia/Yerevan
Atlantic/Azores Atlantic/Reykjavik
Australia/Adelaide Australia/Brisbane Australia/Melbourne Australia/Perth Australia/Sydney
Europe/Amsterdam Europe/Athens Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels
Europe/Bucharest Europe/Budapest Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul
Europe/Kyiv Europe/Lisbon Europe/Ljubljana Europe/London Europe/Luxembourg Europe/Madrid
Europe/Oslo Europe/Paris Europe/Prague Europe/Riga Europe/Rome Europe/Sofia Europe/Stockholm
Europe/Tallinn Europe/Vienna Europe/Vilnius Europe/Warsaw Europe/Zagreb Europe/Zurich
Pacific/Auckland Pacific/Fiji Pacific/Honolulu`)
