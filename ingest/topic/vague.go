package topic

import (
	"strings"
	"sync"
)

// vague lists English nouns, by key, that say nothing alone: every news has
// impacts and situations. In a phrase they may say something.
var vague = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(vagueList) {
		words[stem(w)] = true
	}
	return words
})

// nameEnds are nouns that names of institutions, laws and places end in.
var nameEnds = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(`academy act agency association award awards bank bay beach board bridge bureau center centre
		championship city club college commission committee company corporation council county court department district
		federation festival foundation fund group hill hospital institute island lake league minister ministry mountain museum
		office organisation organization park party prize river school sea secretary service society square street tower
		tribunal trust union university valley village world`) {
		words[w] = true
	}
	return words
})

const vagueList = `ability access account action activity advice aim amount answer approach aspect attempt attention
attitude audience authority awareness background balance bar basis bay behavior behaviour benefit bid body book boost bottom box boy
branch brand business calls capacity care career case catch category center centre century chain challenge chance chapter character
choice circle city class click clip club code collection color colour comment community concept concern conclusion
condition confidence consequence contact content context control cost cover craft culture cutoff death
debate decade decision degree demand description desire detail development difference difficulty direction discussion distance
door doubt dozen dream duty earth edge effect effort element emotion employer engine entry environment equipment evening event evidence
evolution example excitement exercise existence expectation experience expert explanation expression extent eye faith
father feature feedback feeling field fight file finish floor flow focus folks food foot force form
formula fortune foundation framework friend fun function gap generation giant girl glance goal ground guess guest guide
guy habit half heart height hell history hit hope household hundred hurry idea image impact importance impression impulse incident
industry influence initiative inside instance institution intention interest internet interview introduction invitation item journey joy kid kind
knowledge lack landscape language layer leader leadership lesson level life limit link list location look loss love luck magic majority
manner margin mark mass master material matter measure memory mess message method mile mind minority mistake mix mode model moment
money mood mother mouth move movement myth name nation nature need night norm notice object objective occasion
office opinion opportunity option organization outcome output owner pace pack package pair paper parent participant party passion path
pattern period person personnel perspective phase phrase picture piece pile pioneer plate platform pleasure plenty pool
position possibility potential practice preference presence pressure principle priority process producer product profile
progress project promise proposal purpose qualification quality quantity race range rank rate reaction
reader reality reason recognition recommendation record reduction reference region relation relationship reputation request
requirement resource respect response responsibility rest result rock role roof room root round row rule saga sample scale scene
schedule scope section sector selection sense sequence service setting setup shape shift shot side significance site situation
skill society solution sort sound source space speech speed spirit spot stage standard standpoint star state station status stock
strategy strength structure struggle student stuff style subject success suggestion surface surprise system table target task taste tech
technique technology tendency tension term territory text theme theory thought thousand tip title tone tool topic touch toll tour
track tradition transition treatment trend trick trouble user value variety version view viewer village vision visit
visitor wake walk wall watch wave weekend weight win window winner wish wonder word work world worth writer
percent percentage spin spinoff upside downside`
