package mood

// Brand is what is watched.
type Brand struct {
	ID    string `json:"id"`    // short, lower case, stable: part of every key and address
	Name  string `json:"name"`  // as people write it
	Query string `json:"query"` // in the query language of ingest/watch; never empty once configured
	Color string `json:"color"` // #rrggbb; marks the brand's name and line, never feeling
}
