// Package server brings boards to browsers: the pages, the API, and the
// stream that keeps every open screen current.
//
// What it needs from the rest of the house it declares as small interfaces
// ([Boards], [Mentions], [Baselines], [Intake], [States], [Sources]). It is
// the only package that knows Echo, and handlers are thin, so that a change of
// framework touches this folder alone.
//
// Where to find what:
//
//	server.go     New, Run, and the stop that takes at most five seconds
//	routes.go     every route, who may call it, and what openapi.json says of it
//	problem.go    the one table from kinds of errors to statuses
//	access.go     who is calling; session.go and display.go: how they became known
//	stream.go     one reader of a stream
//	take.go       what is taken away, and how much of it; charts.go: tables of charts;
//	              mentions_take.go: whole lists, streamed
//	embed.go      charts on pages of other sites; embed_key.go: what opens them
//	hub.go        the tick that feeds all of them; topic.go and log.go: what they share
package server
