// Package social follows what is no feed: live streams and keyless search
// services, and takes in what is pushed in forms of its own.
//
// Each source is a small file that speaks one protocol, a [Source]: Bluesky
// (bluesky), Mastodon (mastodon, mastodonlive), Hacker News (hackernews), GDELT
// (gdelt), Wikipedia's edits and page views (wikipedia, pageviews), any stream of
// server-sent events or JSON lines (stream), and webhooks (hooks). What all have
// in common is here once:
//
//   - which there are, what they need and how gently they are asked: preset,
//     presettable;
//   - [Runner] keeps them going (runner, work): one process at a time follows a
//     source, failures back off, a line that fell silent is cut and dialled anew
//     (pump), and what can't be taken now is waited with, never dropped (desk);
//   - where a source goes on after a restart is its cursor, which advances only
//     after what it stands for was delivered (state, keep): everything comes at least
//     once, and who counts knows it again by its identity;
//   - requests take turns by host, and keep to what services ask for (web,
//     manners);
//   - how a source does, in words: health, say.
package social
