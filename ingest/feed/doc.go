// Package feed polls web feeds: RSS, RDF, Atom and JSON Feed. It fetches them
// politely, guards the parser against hostile documents, and hands over what
// is new as mentions in plain text.
//
// The way of a poll, and the files in which it is told:
//
//   - When: [Poller] keeps a queue (dispatch, lane, giveway, outage, merge). A
//     publisher's wishes and the posting rate give the next time (schedule,
//     fresh, asks, settle); a host's turn gives the moment (manners, rules,
//     pause).
//   - Fetch: fetch asks with validators through a dialer that refuses private
//     networks (dialer, retries); body takes in what comes while there is room
//     for it (room), unpack decompresses it within limits.
//   - Read: charset makes UTF-8 of it, root finds the feed in it or refuse says
//     what it is instead, repair and rewrite make XML that a parser accepts,
//     within the caps of guard; lift leads long texts around gofeed, which parses
//     the rest; loosejson does the same for JSON. All of it, to finished mentions,
//     happens two documents at a time and within two seconds (document).
//   - Clean: formats picks each item's fields, [ParseDate], [Text], link,
//     [CanonicalURL], people and geo make plain values of them, unwrap takes
//     click counters off addresses.
//   - Know again: identify names the items, sift tells which are new, edited or
//     known (same, gist, records); those go to Config.Deliver. The state of a feed
//     advances only after that returned without error, so nothing is lost when
//     the rest is down (take, state, keep).
//
// Several processes on one store poll the same sources, each by one at a time:
// who polls holds the source's lease, the others take its state over (lease,
// tenure, websub_share; see [Leases]).
//
// Beside it stand hubs that push (websub*), presets, the search for feeds
// (find, page, known), lists of feeds (opml), and words for people (say, health).
package feed
