package feed

// How much must agree: of six minima of two headlines (see [sketch]), and of
// the words of a text or title for it to be nobody else's.
const (
	mostWords   = 4
	nearlyAll   = 5
	manyWords   = 10
	someWords   = 5
	enoughTitle = 3
)

// editedUnderGUID is rule 3: the GUID is the same, the title another.
func (x *sieve) editedUnderGUID(it *sieved, was *record) bool {
	figures := it.sketch.sameFigures(was.sketch)
	switch {
	case it.headline == was.headline:
		return false // as rule 1 has found
	case x.largest <= 1 && it.sameDate(was):
		return it.sameLink(was) || it.sameText(was) || it.sketch.like(was.sketch, mostWords)
	case x.largest <= 1:
		return it.link == was.link && figures && it.sketch.like(was.sketch, nearlyAll)
	case it.sameLink(was), it.sameText(was) && it.gist.length >= someWords:
		return true
	case it.sameDate(was):
		return it.path == was.path && it.path != 0 && !it.has(flagShared) && !was.has(flagShared) || it.sketch.like(was.sketch, mostWords)
	}
	return figures && it.sketch.like(was.sketch, nearlyAll)
}

// editedAtLink is rule 4: the link is the same, GUID and title are others.
func (x *sieve) editedAtLink(it *sieved, was *record) bool {
	if !it.sameLink(was) || it.headline == was.headline { // as rule 2 has found
		return false
	}
	nearly := it.sketch.sameFigures(was.sketch) && it.sketch.like(was.sketch, nearlyAll)
	switch {
	case x.largest <= 1 && it.sameDate(was):
		return it.sameText(was) || it.sketch.like(was.sketch, mostWords)
	case x.largest <= 1:
		return nearly && !it.otherDate(was)
	case x.bothLast(it, was):
		return nearly || it.sameDate(was) || it.sameText(was) && it.gist.length >= someWords
	}
	return true
}

// bothLast says whether two items have GUIDs, in a feed where those last.
func (x *sieve) bothLast(it *sieved, was *record) bool {
	return x.lasting && it.has(flagGUID) && was.has(flagGUID)
}

// saysTheSame is rule 5: the titles are the same, GUIDs and links others.
func (it *sieved) saysTheSame(was *record) bool {
	date, page := it.sameDate(was), it.samePage(was)
	if it.text == was.text {
		return date || it.gist.length >= manyWords && !it.otherDate(was) || page && (it.gist.length > 0 || it.gist.words >= enoughTitle)
	}
	bare := it.link == 0 && was.link == 0 && !it.has(flagGUID) && !was.has(flagGUID)
	return page && date || bare && it.has(flagUndated) && was.has(flagUndated) && it.gist.words >= enoughTitle
}

func (it *sieved) sameLink(was *record) bool {
	return it.link != 0 && it.link == was.link && !it.has(flagShared) && !was.has(flagShared)
}

// samePage says whether two addresses differ at most in what may be a token,
// or there are none.
func (it *sieved) samePage(was *record) bool { return it.path == was.path }

func (it *sieved) sameText(was *record) bool { return it.text != 0 && it.text == was.text }

func (it *sieved) otherText(was *record) bool {
	return it.text != 0 && was.text != 0 && it.text != was.text
}

// Publishers round to seconds what they had to the millisecond.
func (it *sieved) sameDate(was *record) bool {
	return !it.has(flagUndated) && !was.has(flagUndated) && it.at>>8/1000 == was.at>>8/1000
}

func (it *sieved) otherDate(was *record) bool {
	return !it.has(flagUndated) && !was.has(flagUndated) && it.at>>8/1000 != was.at>>8/1000
}
