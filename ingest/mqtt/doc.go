// Package mqtt takes in what devices publish to an MQTT broker (version 5).
//
// A [Source] keeps a persistent session with a client id of its own, so that the
// broker keeps for it what is published with QoS 1 while it is away. A message
// is acknowledged once whoever accepts it has it on disk; after a crash the
// broker sends it again, and its id keeps it from counting twice. A message
// without an id is counted at least once.
//
// Of several processes on one store, one owns a source at a time.
package mqtt
