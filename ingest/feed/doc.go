// Package feed polls web feeds: RSS, RDF, Atom and JSON Feed. It fetches them
// politely, guards the parser against hostile documents, and hands over what
// is new as mentions in plain text.
//
// The way of a poll: [Poller] decides when (schedule, manners); fetch asks
// with validators through a dialer that refuses private networks; decode and
// repair make UTF-8 XML of what came; guard bounds it; gofeed parses it;
// [Text] and [CanonicalURL] clean every field; identify names the items, and
// sift tells which of them are new and which are edited; those go to
// Config.Deliver. The state of a feed advances only after that
// returned without error, so nothing is lost when the rest is down.
package feed
