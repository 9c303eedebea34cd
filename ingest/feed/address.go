package feed

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// isTracker says whether a query parameter tells how a reader came, not what
// is read.
func isTracker(param string) bool {
	name, _, _ := strings.Cut(param, "=")
	name = strings.ToLower(name)
	switch name {
	case "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid",
		"yclid", "ysclid", "ymclid", "twclid", "ttclid", "li_fat_id", "mc_cid", "mc_eid",
		"igshid", "igsh", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking",
		"mkt_tok", "oly_anon_id", "oly_enc_id", "vero_id", "vero_conv", "wickedid",
		"rb_clickid", "s_kwcid", "ml_subscriber", "ml_subscriber_hash", "_openstat",
		"ref_src", "ref_url", "at_medium", "at_campaign", "at_format", "at_bbc_team",
		"at_ptr_name", "at_creation", "ns_mchannel", "ns_source", "ns_campaign",
		"ns_linkname", "ns_fee", "cmpid", "cmp", "ncid", "xtor", "smid", "ocid", "cvid",
		"guccounter", "guce_referrer", "guce_referrer_sig", "soc_src", "soc_trk",
		"sr_share", "spm", "scm", "ftag", "_gl", "_ga", "srsltid", "taid",
		"__twitter_impression", "echobox", "wt_mc", "wt.mc_id":
		return true
	}
	for _, prefix := range [...]string{
		"utm_", "at_custom", "at_link", "feedburner", "mtm_", "pk_", "piwik_",
		"matomo_", "hsa_", "pf_rd_", "trk_",
	} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	// Medium and others mark the reader's way as source=rss….
	return strings.HasPrefix(param, "source=rss")
}

// CanonicalURL gives the address that identifies what raw points at: http or
// https, host in lower case, no default port, no user, no fragment, no
// tracking parameters; redirecting wrappers that carry the real address
// (Bing News, Google Alerts) are taken off. It is "" when raw is unusable.
func CanonicalURL(raw string) string {
	u := webURL(raw)
	if u == nil {
		return ""
	}
	for range 3 {
		inner := unwrap(u)
		if inner == nil {
			break
		}
		u = inner
	}
	u.User = nil
	if !strings.HasPrefix(u.Fragment, "!") {
		u.Fragment, u.RawFragment = "", ""
	}
	u.Host = canonicalHost(u)
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = withoutTrackers(u.RawQuery)
	u.ForceQuery = false
	return u.String()
}

// webURL parses an absolute http(s) address; nil: it is none.
func webURL(raw string) *url.URL {
	raw = tidyAddress(raw)
	if raw == "" || len(raw) > 4096 {
		return nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.Opaque != "" {
		return nil
	}
	if strings.ContainsAny(u.Host, " <>\"'`{}|\\^") {
		return nil
	}
	return u
}

// tidyAddress drops white space around and line breaks inside an address, and
// escapes spaces, which publishers leave in.
func tidyAddress(raw string) string {
	raw = strings.TrimSpace(raw)
	if strings.ContainsAny(raw, "\t\n\r") {
		raw = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(raw)
	}
	if strings.IndexByte(raw, ' ') >= 0 {
		raw = strings.ReplaceAll(raw, " ", "%20")
	}
	return raw
}

func canonicalHost(u *url.URL) string {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return host
	}
	return host + ":" + port
}

func withoutTrackers(query string) string {
	if query == "" {
		return ""
	}
	kept := make([]string, 0, 8)
	for param := range strings.SplitSeq(query, "&") {
		if param != "" && !isTracker(param) {
			kept = append(kept, param)
		}
	}
	return strings.Join(kept, "&")
}

// unwrap gives the address inside a click counter's own one, or nil.
func unwrap(u *url.URL) *url.URL {
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	var param string
	switch {
	case host == "bing.com" && strings.HasPrefix(strings.ToLower(u.Path), "/news/apiclick"):
		param = "url"
	case strings.HasPrefix(host, "google.") && u.Path == "/url":
		param = "url"
		if u.Query().Get(param) == "" {
			param = "q"
		}
	case host == "l.facebook.com" && u.Path == "/l.php":
		param = "u"
	case host == "out.reddit.com":
		param = "url"
	default:
		return nil
	}
	return webURL(u.Query().Get(param))
}

// Outlet names who published what is at an address: its host in lower case,
// without "www." and without a port. It is "" for what is no web address.
func Outlet(address string) string {
	u := webURL(address)
	if u == nil {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if rest, ok := strings.CutPrefix(host, "www."); ok && strings.Contains(rest, ".") {
		return rest
	}
	return host
}

// resolve makes a possibly relative address absolute; "" when it can't.
func resolve(base *url.URL, ref string) string {
	ref = tidyAddress(ref)
	if ref == "" {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if !u.IsAbs() {
		return ""
	}
	return u.String()
}

// hostKey names whom a request bothers: the registrable domain for names, the
// address itself for addresses. Ports don't matter.
func hostKey(u *url.URL) string {
	host := plainHost(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}
