package draw

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Meta says what a document is. With the same Meta and pages, a document has
// the same bytes.
type Meta struct {
	Title, Author, Subject string
	Language               string    // BCP 47, such as en
	Created                time.Time // written as the date of making and of the last change
}

// A Document is a PDF in the making. It belongs to one goroutine.
type Document struct {
	pdf      *fpdf.Fpdf
	set      *setter
	fonts    *Fonts
	report   Report
	embedded map[int]bool // faces
	images   map[any]string
}

// NewDocument begins a PDF. Texts are set in the fonts; those of TrueType are
// embedded, as far as their letters are used, so that the texts can be searched
// and copied. Letters of other fonts are drawn as outlines.
func NewDocument(meta Meta, fonts *Fonts) *Document {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: 595.28, Ht: 841.89}})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetProducer("Agora", false)
	pdf.SetTitle(bmp(meta.Title), true)
	pdf.SetAuthor(bmp(meta.Author), true)
	pdf.SetSubject(bmp(meta.Subject), true)
	pdf.SetLang(meta.Language)
	pdf.SetCreationDate(meta.Created.UTC()) // it is written without a zone
	pdf.SetModificationDate(meta.Created.UTC())
	d := &Document{pdf: pdf, fonts: fonts, embedded: map[int]bool{}, images: map[any]string{}}
	d.set = newSetter(fonts, &d.report)
	return d
}

// Page begins a page of a size in points, 1/72 inch.
func (d *Document) Page(width, height float64) *Page {
	d.pdf.AddPageFormat("P", fpdf.SizeType{Wd: width, Ht: height})
	return &Page{Width: width, Height: height, d: d}
}

// Write ends the document and writes it.
func (d *Document) Write(w io.Writer) (Report, error) {
	d.set.done()
	if err := d.pdf.Output(w); err != nil {
		return d.report, fmt.Errorf("write the PDF: %w", err)
	}
	return d.report, nil
}

// A Page is one of a document. Its places are in points from the upper left.
// Only the newest page can be drawn on.
type Page struct {
	Width, Height float64
	d             *Document
	written       int    // bytes
	clips         []clip // mapped to the page
}

// Link makes a box lead to an address: http, https or mailto, else an error.
func (p *Page) Link(x, y, w, h float64, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
		return fmt.Errorf("link to %s: only http, https and mailto are linked to", short(address))
	}
	p.d.pdf.LinkString(x, y, w, h, u.String())
	return nil
}

// raw writes operators of a content stream (ISO 32000, annex A), with the
// state kept and the clips that hold.
func (p *Page) raw(inside func(b *content)) {
	var b content
	b.op("q")
	for _, c := range p.clips {
		b.path(c.path, identity, p.Height)
		if c.evenOdd {
			b.op("W* n")
		} else {
			b.op("W n")
		}
	}
	p.flush(&b)
	inside(&b)
	b.op("Q")
	p.flush(&b)
}

func (p *Page) flush(b *content) {
	if b.Len() > 0 {
		p.written += b.Len()
		p.d.pdf.RawWriteStr(strings.TrimSuffix(b.String(), "\n"))
		b.Reset()
	}
}

// content is a piece of a content stream.
type content struct{ bytes.Buffer }

func (b *content) op(name string) { b.WriteString(name); b.WriteByte('\n') }

// num writes a number with so many digits behind the point, but no zeros.
func (b *content) num(v float64, digits int) {
	var buf [32]byte
	s := strconv.AppendFloat(buf[:0], v, 'f', digits, 64)
	if bytes.IndexByte(s, '.') >= 0 {
		s = bytes.TrimRight(s, "0")
		s = bytes.TrimSuffix(s, []byte("."))
	}
	if string(s) == "-0" {
		s = s[1:]
	}
	b.Write(s)
	b.WriteByte(' ')
}

func (b *content) point(a point, height float64) {
	b.num(a.x, 2)
	b.num(height-a.y, 2)
}

// path writes a path, mapped to the page, for the operator that follows.
func (b *content) path(p path, m matrix, height float64) {
	i := 0
	for _, op := range p.ops {
		switch op {
		case 'M', 'L':
			b.point(m.apply(p.pts[i]), height)
			i++
			if op == 'M' {
				b.op("m")
			} else {
				b.op("l")
			}
		case 'C':
			for range 3 {
				b.point(m.apply(p.pts[i]), height)
				i++
			}
			b.op("c")
		case 'Z':
			b.op("h")
		}
	}
}

// bmp drops what the PDF library can't write: characters beyond U+FFFF.
func bmp(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF || r < ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
