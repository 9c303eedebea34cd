// Package report writes a sheet of two pages that a manager can forward: what
// changed for some brands, in one sentence; what moved it; three stories; the
// charts; and how far to trust all that.
//
//	content, err := report.Make(ctx, source, []string{"nokia"}, window, time.Time{}, report.Links{})
//	err = content.PDF(ctx, file, painter, fonts)
//
// A [Content] is worked out once and written in any form: a PDF, one HTML file,
// a mail. All forms say the same.
//
// # What is called significant
//
// Mood is the mean of −1, 0 and +1 over mentions. Two windows are compared by
// Welch's test (B. L. Welch, The generalization of "Student's" problem,
// Biometrika 34, 1947), with the variances as [charts] has them: one mention
// of each kind added, so that a few that agree by chance prove nothing.
// Mentions of one story come together and say the same, so they are no
// independent sample: where mood differs more between stretches of a window
// than independent mentions would, that spread counts (the variance of a ratio
// over clusters: W. G. Cochran, Sampling Techniques, 1977, section 9.4; design
// effect: L. Kish, Survey Sampling, 1965), with as many degrees of freedom as
// there are stretches less one. Each window must have [Enough] mentions.
//
// Volume is compared with what is usual where the board has a baseline: the
// distance in standard deviations of the weeks behind it, as a prediction from
// four of them (Student's t with three degrees of freedom). Without one, and
// for windows of whole weeks alone, each day (or week, in longer windows) is
// paired with the one before it; the spread of the differences is taken, or
// that of Poisson counts if it is greater. Shorter windows without a baseline
// are not compared: a Monday is no Sunday.
//
// A part's share in a change is the difference of two means as well, see
// [Part], and is tested in the same way.
//
// All tests of the headline form one family, and so do all parts of one
// brand. In each, the chance that anything at all is called significant when
// nothing changed is at most [Level]: S. Holm, A simple sequentially rejective
// multiple test procedure, Scandinavian Journal of Statistics 6, 1979. It
// needs no independence.
package report
