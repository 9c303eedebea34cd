package server

import (
	"context"
	"log/slog"
	"time"
)

// drawAhead has one picture after another drawn before it is asked for, until
// ctx ends, with rests between them. one says how long a picture took; 0: none
// was needed.
func (s *Server) drawAhead(ctx context.Context, one func(context.Context) (time.Duration, error)) {
	for {
		rest := galleryTick
		switch took, err := one(ctx); {
		case err != nil && ctx.Err() == nil:
			// Whoever asks will be told; here it may wait.
			s.log.LogAttrs(ctx, slog.LevelDebug, "a picture could not be drawn ahead", slog.Any("error", err))
			rest = drawnLately
		case took > 0:
			s.meters.pictures.WithLabelValues("ahead").Inc()
			rest = max(rest, (drawnShare-1)*took)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}
