package server

import (
	"bytes"
	"fmt"
	"html/template"
)

const kindHTML = "text/html; charset=utf-8"

// templateNames are the pages that the server fills in.
func templateNames() []string {
	return []string{"embed.html", "embed-picture.html", "embed-problem.html", keptFile, stillFile}
}

// readTemplates takes those pages out of the files: nobody may ask for them as
// they are.
func (p *pages) readTemplates() error {
	p.templates = make(map[string]*template.Template)
	for _, name := range templateNames() {
		a := p.files[name]
		if a == nil {
			continue
		}
		t, err := template.New(name).Parse(string(a.body))
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		p.templates[name] = t
		delete(p.files, name)
	}
	return nil
}

// fill writes a page; where Agora was built without it, the error is a problem
// that says so.
func (p *pages) fill(name string, with any) ([]byte, error) {
	t := p.templates[name]
	if t == nil {
		return nil, noPages()
	}
	var out bytes.Buffer
	if err := t.Execute(&out, with); err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	return out.Bytes(), nil
}
