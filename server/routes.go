package server

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

// route is one thing that can be asked of the server: who may, what answers,
// and what openapi.json says of it.
type route struct {
	method, path string
	access       access
	page         bool // for people: who isn't known is sent to /login
	writes       bool // changes what is kept: only a process that ingests can
	framed       bool // pages of the sites in embed.origins may frame it
	// grants is what a request asks for of a route that a key opens; nil: none does.
	grants func(echo.Context) (grant, bool)
	handle echo.HandlerFunc
	says   operation
}

// operation is what a program needs to know of a route.
type operation struct {
	summary string
	params  []string // see [parameters]
	body    any      // a value of the type that is sent; nil: nothing
	several bool     // body may also be an array, or one on each line
	answer  any      // a value of the type that is answered; nil: nothing
	kind    string   // of content, when it isn't JSON alone; several with commas
	status  int      // 0: 200
}

// table lists every route.
func (s *Server) table() []route {
	get, post, del := http.MethodGet, http.MethodPost, http.MethodDelete
	listed := mentionParams()
	html := "text/html"
	return []route{
		{method: get, path: "/", access: reader, page: true, handle: s.front, says: operation{summary: "The manager's page", kind: html}},
		{method: get, path: "/wall", handle: s.wallPage, says: operation{summary: "The wall; an unpaired screen shows its code", kind: html}},
		{method: get, path: "/wall.:format", handle: s.takeWall, says: operation{summary: "The wall as one picture, as " + list(wallFormats()) + ": the scene whose turn it is", params: wallParams(), kind: kindPNG + ", " + kindSVG}},
		{method: get, path: "/wall/:scene", handle: s.wallScene, says: operation{summary: "One scene of the wall; {scene}." + list(wallFormats()) + " is its picture", params: wallParams(), kind: html + ", " + kindPNG + ", " + kindSVG}},
		{method: get, path: "/still", handle: s.stillDeskPage, says: operation{summary: "The manager's page for browsers that are too old for the live one", params: []string{"brand", "window"}, kind: html}},
		{method: get, path: "/still/wall", handle: s.stillWall, says: operation{summary: "The wall for browsers that are too old for the live one; an unpaired screen shows its code", kind: html}},
		{method: get, path: "/still/wall/:scene", handle: s.stillWall, says: operation{summary: "One scene of the wall, likewise", kind: html}},
		{method: get, path: "/still/there.gif", handle: s.stillThere, says: operation{summary: "A dot that says that the server answers; it is two wide where the screen must be paired", kind: "image/gif"}},
		{method: get, path: "/displays", access: admin, page: true, handle: s.page("displays.html"), says: operation{summary: "Where screens are approved", kind: html}},
		{method: get, path: queriesPath, access: admin, page: true, handle: s.page("queries.html"), says: operation{summary: "Where queries are tried on the texts of the last days", kind: html}},
		{method: get, path: "/login", handle: s.page("login.html"), says: operation{summary: "Where the admin token becomes a session", kind: html}},

		{method: get, path: "/api/v1/brands", access: reader, handle: s.brands, says: operation{summary: "What is watched", answer: brandsView{}}},
		{method: get, path: "/api/v1/walls", access: reader, handle: s.walls, says: operation{summary: "What walls show; a paired screen gets its own", params: []string{"id"}, answer: wallsView{}}},
		{method: get, path: "/api/v1/sources", access: reader, handle: s.sources, says: operation{summary: "How each source does", answer: sourcesView{}}},
		{method: get, path: "/api/v1/board", access: reader, handle: s.board, says: operation{summary: "Everything that the charts of a view draw", params: []string{"brand", "window"}, answer: mood.Board{}}},
		{method: get, path: "/api/v1/mentions", access: reader, handle: s.mentions, says: operation{summary: "The mentions behind any number, newest first", params: listed, answer: mood.MentionList{}}},
		{method: get, path: "/api/v1/mentions.:format", access: reader, handle: s.takeMentions, says: operation{summary: "All pages of the list taken away, as " + list(listFormats()), params: takeParams(), kind: kindCSV + ", " + kindXLSX + ", " + kindNDJSON, answer: mood.MentionList{}}},
		{method: post, path: "/api/v1/mentions", access: admin, writes: true, handle: s.push, says: operation{summary: "Push mentions", body: pushedMention{}, several: true, answer: mood.Receipt{}, status: http.StatusAccepted}},
		{method: del, path: "/api/v1/mentions/:id", access: admin, writes: true, handle: s.withdraw, says: operation{summary: "Withdraw a mention", status: http.StatusNoContent}},
		{method: http.MethodPatch, path: "/api/v1/mentions/:id", access: admin, writes: true, handle: s.correct, says: operation{summary: "Correct how a mention was read towards a brand; counters follow", body: correctionBody{}, answer: mood.CorrectionReceipt{}}},
		{method: get, path: "/api/v1/corrections", access: reader, handle: s.corrections, says: operation{summary: "What people corrected, newest first: the last 2,000 of each brand", params: []string{"brand"}, answer: correctionsView{}}},
		{method: post, path: "/api/v1/activity", access: admin, writes: true, handle: s.pushActivity, says: operation{summary: "Push what consumer devices did", body: pushedActivity{}, several: true, answer: mood.Receipt{}, status: http.StatusAccepted}},
		{method: post, path: testPath, access: admin, writes: true, handle: s.testQuery, says: operation{summary: "What a query would have matched in the texts of the last days, and what another one would have", body: mood.QueryTest{}, answer: mood.QueryAnswer{}}},
		{method: post, path: backfillPath, access: admin, writes: true, handle: s.backfill, says: operation{summary: "Count a brand anew in the texts of the last days; GET tells how it goes", body: backfillBody{}, answer: mood.Backfill{}, status: http.StatusAccepted}},
		{method: get, path: backfillPath, access: admin, writes: true, handle: s.backfills, says: operation{summary: "How the last backfill of each brand goes", answer: backfillsView{}}},
		{method: get, path: statsPath, access: admin, writes: true, handle: s.storeStats, says: operation{summary: "What the store and the journal take, by kind and brand, and what they will", answer: mood.StoreStats{}}},
		{method: post, path: verifyPath, access: admin, writes: true, handle: s.verifyStore, says: operation{summary: "Count what was accepted again, and compare with the counters; it takes a while", answer: mood.Verification{}}},
		{method: get, path: "/api/v1/charts", access: reader, handle: s.listCharts, says: operation{summary: "The charts there are, and in which formats they and the list can be taken away", answer: chartsView{}}},
		{method: get, path: "/charts/:file", access: reader, grants: s.grantOfPicture, handle: s.takeChart, says: operation{summary: "One chart taken away: {id}." + list(s.chartFormats()), params: chartParams(), kind: strings.Join([]string{kindSVG, kindPNG, kindPDF, kindCSV, kindXLSX}, ", "), answer: charts.Table{}}},
		{method: get, path: "/report.:format", access: reader, handle: s.takeReport, says: operation{summary: "What changed for some brands, and why, on two pages: " + list(s.reportFormats()), params: []string{"brand", "window"}, kind: html + ", " + kindPDF}},
		{method: post, path: "/api/v1/reports/:id/send", access: admin, handle: s.sendReport, says: operation{summary: "Send a report that is configured, now; refused mails are named", body: sendBody{}, answer: Sending{}, status: http.StatusAccepted}},

		{method: post, path: "/api/v1/snapshots", access: admin, handle: s.keep, says: operation{summary: "Keep a board as it is, until it is deleted", body: keepBody{}, answer: keptAnswer{}, status: http.StatusCreated}},
		{method: get, path: "/api/v1/snapshots", access: reader, handle: s.listKept, says: operation{summary: "The kept boards, newest first", answer: keptListView{}}},
		{method: get, path: "/api/v1/snapshots/:id", access: reader, handle: s.showKept, says: operation{summary: "A kept board", answer: keptWhole{}}},
		{method: del, path: "/api/v1/snapshots/:id", access: admin, handle: s.deleteKept, says: operation{summary: "Delete a kept board", status: http.StatusNoContent}},
		{method: get, path: "/snapshots/:id", access: reader, page: true, handle: s.pageOfKept, says: operation{summary: "The page of a kept board", kind: html}},
		{method: get, path: "/snapshots/:id/:file", access: reader, handle: s.takeKept, says: operation{summary: "One chart of a kept board: {chart}." + list(s.chartFormats()) + ", the same bytes for as long as the software is the same", params: lookParams(), kind: strings.Join([]string{kindSVG, kindPNG, kindPDF, kindCSV, kindXLSX}, ", "), answer: charts.Table{}}},

		{method: get, path: streamPath, access: reader, grants: s.grantOfStream, handle: s.serveStream, says: operation{summary: "Server-sent events: hello, snapshot, delta, mention, correction, alert, status, heartbeat", params: []string{"view", "brand", "window", "charts", "after", keyParam}, kind: "text/event-stream"}},
		{method: post, path: "/api/v1/shown", access: reader, handle: s.takeShown, says: operation{summary: "Report how late mentions were painted", body: shownBody{}, status: http.StatusNoContent}},

		{method: get, path: "/embed/:chart", access: reader, framed: true, grants: s.grantOfEmbed, handle: s.embed, says: operation{summary: "One chart for a frame on another site, live or as a picture", params: embedParams(), kind: html}},
		{method: post, path: embedsPath, access: admin, handle: s.makeEmbed, says: operation{summary: "Make the address of an embed, with its key, and the HTML around it", body: embedBody{}, answer: embedView{}}},
		{method: del, path: embedsPath, access: admin, handle: s.revokeEmbeds, says: operation{summary: "Revoke the addresses of all embeds at once", status: http.StatusNoContent}},

		{method: get, path: "/api/v1/session", handle: s.whoAmI, says: operation{summary: "What the caller may do", answer: sessionView{}}},
		{method: post, path: "/api/v1/session", handle: s.logIn, says: operation{summary: "Turn the admin token into a session cookie", body: loginBody{}, status: http.StatusNoContent}},
		{method: del, path: "/api/v1/session", handle: s.logOut, says: operation{summary: "Log out", status: http.StatusNoContent}},
		{method: post, path: "/api/v1/displays/pair", handle: s.startPairing, says: operation{summary: "A screen asks for a code to show", answer: pairView{}}},
		{method: post, path: "/api/v1/displays/poll", handle: s.pollPairing, says: operation{summary: "A screen asks whether it was approved; 202 until then", body: pollBody{}, answer: pollView{}}},
		{method: get, path: "/api/v1/displays", access: admin, handle: s.displays, says: operation{summary: "The paired screens", answer: displaysView{}}},
		{method: post, path: "/api/v1/displays/approve", access: admin, handle: s.approve, says: operation{summary: "Pair the screen that shows a code", body: approveBody{}, answer: mood.Display{}, status: http.StatusCreated}},
		{method: del, path: "/api/v1/displays/:id", access: admin, handle: s.unpair, says: operation{summary: "Unpair a screen and cut its streams", status: http.StatusNoContent}},

		{method: get, path: hubPath, writes: true, handle: s.confirmToHub, says: operation{summary: "A WebSub hub asks whether a subscription is meant; the challenge is echoed", kind: "application/octet-stream"}},
		{method: post, path: hubPath, writes: true, handle: s.takeFromHub, says: operation{summary: "A WebSub hub pushes news of a feed, signed", status: http.StatusAccepted}},
		{method: post, path: hookPath, writes: true, handle: s.takeFromHook, says: operation{summary: "Send mentions to a webhook of agora.yaml, in the form that its fields: say, with its secret or signed by it", body: map[string]any{}, several: true, answer: mood.Receipt{}, status: http.StatusAccepted}},

		{method: get, path: "/healthz", handle: s.healthz, says: operation{summary: "Whether the process answers", answer: healthView{}}},
		{method: get, path: "/readyz", handle: s.readyz, says: operation{summary: "Whether the store is there", answer: healthView{}}},
		{method: get, path: "/metrics", access: reader, handle: s.metrics(), says: operation{summary: "Figures for Prometheus", kind: "text/plain"}},
		{method: get, path: "/openapi.json", handle: s.describe, says: operation{summary: "This description", answer: map[string]any{}}},
	}
}

// route puts every route of the table behind its guard.
func (s *Server) route() error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.IPExtractor = echo.ExtractIPDirect()
	if len(s.TrustedProxies) > 0 {
		e.IPExtractor = s.behindProxies()
	}
	origin, err := s.checkOrigin()
	if err != nil {
		return fmt.Errorf("read public_url: %w", err)
	}
	e.Use(s.watchOver, s.harden, s.checkHost, origin)
	s.routes = s.table()
	for _, r := range s.routes {
		handle := r.handle
		if r.writes {
			if handle, err = s.writes(handle); err != nil {
				return fmt.Errorf("read ingest_url: %w", err)
			}
		}
		around := []echo.MiddlewareFunc{s.guard(r)}
		if r.framed {
			around = []echo.MiddlewareFunc{s.letFrame, s.guard(r)}
		}
		e.Add(r.method, r.path, handle, around...)
		if r.method == http.MethodGet && r.path != streamPath {
			e.Add(http.MethodHead, r.path, handle, around...)
		}
	}
	e.GET("/*", s.file)
	e.HEAD("/*", s.file)
	s.echo = e
	s.openAPI, err = openAPI(s.routes, s.Version)
	return err
}

// describe answers GET /openapi.json.
func (s *Server) describe(c echo.Context) error {
	return s.send(c, http.StatusOK, "application/json", s.openAPI)
}
