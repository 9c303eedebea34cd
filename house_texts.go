package main

import (
	"context"
	"log/slog"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"

	"agora/ingest/archive"
)

// textsFolder is that of the archive of texts, in the data folder.
const textsFolder = "texts"

// openTexts opens the archive of texts that queries are tried on; nil: none
// are kept, since none are wanted, or the disk refuses: counting goes on
// without them. It has metrics, unless there is nowhere to show them.
func openTexts(c *console, cfg *Config, registry prometheus.Registerer) *archive.Archive {
	if cfg.Limits.Texts == 0 {
		return nil
	}
	a, err := archive.Open(archive.Options{
		Folder: filepath.Join(cfg.Data, textsFolder), MaxBytes: cfg.Limits.Texts, KeepFor: cfg.Retain.Texts, Now: c.now, Log: c.log,
	})
	if err != nil {
		c.log.LogAttrs(context.Background(), slog.LevelError, "texts can't be kept, and no query can be tried on them; what is said of brands is counted all the same", slog.Any("error", err))
		return nil
	}
	if registry == nil {
		return a
	}
	gauge := func(name, help string, value func(archive.Stats) float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return value(a.Stats()) }))
	}
	gauge("agora_texts_bytes", "Bytes on disk of the texts that queries are tried on.", func(s archive.Stats) float64 { return float64(s.Bytes) })
	gauge("agora_texts", "Texts that queries are tried on.", func(s archive.Stats) float64 { return float64(s.Texts) })
	gauge("agora_texts_lost", "Texts that the disk didn't take since the start.", func(s archive.Stats) float64 { return float64(s.Lost) })
	return a
}

// closeTexts closes an archive. What it could not write is said by then, and
// is no reason to fail.
func closeTexts(a *archive.Archive) {
	if a != nil {
		_ = a.Close()
	}
}
