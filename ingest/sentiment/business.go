package sentiment

// businessWords mends VADER for news about companies: words that it lacks, on
// its own scale of −4…4, and words that it takes for feelings though they are
// things there (0: not a feeling).
func businessWords() map[string]float64 {
	words := map[string]float64{}
	set := func(valence float64, list ...string) {
		for _, w := range list {
			words[w] = valence
		}
	}
	set(0, "share", "shares", "shared", "sharing", "interest", "interests", "security", "securities", "credit", "credits",
		"gross", "united", "crude", "energy", "demand", "demands", "vision", "play", "playing", "plays", "party",
		"parties", "number", "solution", "solutions", "trust", "value", "values", "asset", "assets", "certain", "novel",
		"natural", "isolated", "matter", "matters", "chance", "chances", "fire", "vested", "dynamic", "intelligence",
		"alert", "alerts", "pay", "wealth", "straight", "engage", "engaged", "well-being", "help", "please", "care",
		"supreme", "justice", "legal", "agreement", "overweight", "kind", "clear", "clearly", "serious", "want", "special",
		"defense", "defence", "sentence", "launched", "launch", "fight", "committed", "commit")
	set(2.2, "surge", "surges", "surged", "surging", "soar", "soars", "soared", "soaring", "skyrockets", "skyrocketed",
		"outperform", "outperforms", "outperformed", "upgrade", "upgrades", "upgraded", "triumphs", "acclaimed", "breakthrough", "bullish", "victory", "doubles", "doubled", "zooms")
	set(1.8, "beats", "beat", "tops", "rally", "rallies", "rallied", "jumps", "jumped", "rebound", "rebounds", "rebounded",
		"record-high", "lauded", "praises", "praised", "award-winning", "flagship", "innovation", "innovative", "profitable",
		"record", "highs", "upside", "upbeat", "jump", "recovery")
	set(1.3, "rise", "rises", "rose", "rising", "climbs", "climbed", "grows", "grew", "expands", "boosts", "boost",
		"boosted", "partnership", "recovers", "recovered", "reliable", "faster", "gains", "exceeds", "exceeded", "raises", "milestone",
		"up", "higher", "momentum", "expansion", "lifts", "all-time", "nod")
	set(-2.4, "plunge", "plunges", "plunged", "plunging", "crash", "crashes", "crashed", "bankrupt", "insolvency", "insolvent",
		"embezzlement", "bribery", "corruption", "defective", "nightmare", "boycott", "boycotts", "falsifying", "plummet", "plummets", "plummeted", "collapses", "collapsed")
	set(-1.9, "slump", "slumps", "slumped", "tumble", "tumbles", "tumbled", "layoff", "layoffs", "outage", "outages",
		"recall", "recalls", "recalled", "sued", "sues", "lawsuits", "fined", "breach", "breaches", "hacked", "leak", "leaks", "leaked",
		"downgrade", "downgrades", "downgraded", "probe", "probed", "investigated", "antitrust", "bearish", "sinks", "sank",
		"slashes", "slashed", "downturn", "faulty", "glitch", "glitches", "unsafe", "overpriced", "rip-off", "buggy", "downhill")
	set(-1.3, "fall", "falls", "fell", "falling", "drops", "dropped", "decline", "declines", "declined", "shrinks",
		"shrank", "slips", "slipped", "dips", "dipped", "cuts", "warns", "warned", "delay", "delays", "delayed", "halts", "halted",
		"suspends", "suspended", "misses", "missed", "slower", "weak", "weaker", "shortage", "shortages", "strike", "strikes",
		"flaw", "flaws", "vulnerability", "vulnerabilities", "shutdown", "bug", "bugs", "probes", "scrutiny", "dispute", "laggard", "lags",
		"down", "lower", "below", "slip", "slide", "slides", "dip", "subdued", "widens", "investigation", "investigations",
		"allegations", "alleged", "allegedly", "prosecutors", "convicted", "controversy", "concerns", "lows", "low")
	return words
}
