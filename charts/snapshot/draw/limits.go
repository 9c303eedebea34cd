package draw

// A chart of 170 bars and a world map take a tenth of these.
const (
	maxBytes    = 8 << 20 // of a document
	maxDepth    = 32      // of elements within elements
	maxElements = 100_000
	maxPoints   = 2_000_000 // of all paths
	maxText     = 200_000   // bytes of all texts
	maxNumber   = 1e6       // of a coordinate or a size, in user units
	maxFontSize = 1000      // user units
	maxImage    = 4 << 20   // pixels of an image within the document
	maxSize     = 8192      // pixels of a picture's side
	maxPixels   = 24 << 20  // pixels of a picture; whoever lets others ask for a size says no before
	maxDashes   = 50_000    // of one line; with more, it is drawn solid
	maxTiles    = 4_000     // of a pattern in one shape of a PDF; with more, the pattern is left out there
	maxPage     = 64 << 20  // bytes of a page of a PDF, before it is packed
	maxTile     = 1024      // pixels of a pattern's side
	keptTiles   = 4 << 20   // pixels of all patterns' tiles that are kept: 16 MB
	keptPoints  = 1 << 19   // of lines that are kept from one band to the next: 8 MB
)
