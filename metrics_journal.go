package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"agora/ingest/journal"
)

// meterJournal shows, for /metrics, what is in the journal.
func meterJournal(registry prometheus.Registerer, j *journal.Journal) {
	gauge := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	gauge("agora_journal_bytes", "Bytes of the journal on disk.", func() float64 { return float64(j.Stats().Bytes) })
	gauge("agora_journal_waiting_entries", "Entries of the journal that are not known to be counted.", func() float64 {
		entries, _ := j.Pending()
		return float64(entries)
	})
	gauge("agora_journal_full", "1 while the journal is full and nothing more is taken, else 0.", func() float64 {
		if j.Full() {
			return 1
		}
		return 0
	})
}
