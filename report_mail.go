package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	sheet "agora/charts/report"
	"agora/mood"
	"agora/server"
	"agora/server/mail"
)

// reportMaker makes reports of what the server shows.
type reportMaker struct{ house *house }

// Report makes the mail of a report: the sheet itself, and the same as PDF.
func (m reportMaker) Report(ctx context.Context, brands []string, window string) (mail.Message, error) {
	w, err := mood.ParseWindow(window)
	if err != nil {
		return mail.Message{}, err
	}
	content, err := m.house.server.Report(ctx, brands, w)
	if err != nil {
		return mail.Message{}, err
	}
	text, err := content.Mail(ctx, m.house.server.ReportPainter())
	if err != nil {
		return mail.Message{}, fmt.Errorf("write the mail of a report: %w", err)
	}
	var pdf bytes.Buffer
	if err := m.house.writePDF(ctx, content, &pdf); err != nil {
		return mail.Message{}, err
	}
	message := mail.Message{
		Subject: text.Subject, Text: text.Text, HTML: text.HTML,
		Files: []mail.File{{Name: reportName(brands, window, content), Kind: "application/pdf", Data: pdf.Bytes()}},
	}
	for _, image := range text.Images {
		message.Images = append(message.Images, mail.Image{ID: image.ID, Name: image.Name, PNG: image.PNG})
	}
	return message, nil
}

// reportName names the file that a mail carries.
func reportName(brands []string, window string, content *sheet.Content) string {
	const most = 60 // bytes of brands
	named := strings.Join(brands, "+")
	if named == "" || len(named) > most {
		named = plural(len(content.Brands), "brand")
	}
	return strings.ReplaceAll(fmt.Sprintf("agora-report-%s-%s-%s.pdf", named, window, content.To.Format("20060102")), " ", "-")
}

// writePDF writes a report as PDF.
func (h *house) writePDF(ctx context.Context, content *sheet.Content, out io.Writer) error {
	if err := content.PDF(ctx, out, h.server.ReportPainter(), h.figures.Fonts()); err != nil {
		return fmt.Errorf("write a report as PDF: %w", err)
	}
	return nil
}

// reportDesk sends reports for whoever asks the server.
type reportDesk struct{ reports *reports }

// Send sends a report now.
func (p reportDesk) Send(ctx context.Context, id string, to []string) (server.Sending, error) {
	done, err := p.reports.send(ctx, id, to)
	var wrong misuse
	switch {
	case errors.Is(err, errNoReport):
		return server.Sending{}, fmt.Errorf("%w: %w", err, mood.ErrNotFound)
	case errors.As(err, &wrong):
		return server.Sending{}, fmt.Errorf("%w: %w", err, mood.ErrInvalid)
	}
	answer := server.Sending{Sent: done.Sent, Failed: []server.Unsent{}}
	for _, f := range done.Failed {
		answer.Failed = append(answer.Failed, server.Unsent(f))
	}
	return answer, err
}
