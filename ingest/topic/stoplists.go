package topic

// Lists written by hand: function words, and words that news uses of anything:
// who says, launches and plans, when, and how many.
const (
	englishStops = `a about above across after again against ago ahead all almost along already also although always am amid among
an and another any anybody anyone anything anyway are aren't around as at away back be became because become
becomes been before behind being below between beyond both but by came can can't cannot come comes coming
could couldn't day days despite did didn't do does doesn't doing don't done down due during each early either
else enough even ever every everybody everyone everything everywhere far few fewer finally first for forever
former from front full fully further gave get gets getting give given gives giving go goes going gone good got
great had half has hasn't have haven't having he he'd he'll he's hence her here here's hers herself high him
himself his how however i i'd i'll i'm i've if in indeed inside instead into is isn't it it'll it's its itself
just keep keeps kept know known knows last late later latest latter least less let let's lets like likely
little long longer look looking looks lot lots low made mainly make makes making many may maybe me mean
meanwhile might mine more moreover most mostly much must my myself near nearly need needed needs neither never
nevertheless new next no nobody none nor not nothing now nowhere of off often old on once one ones only onto
or other others otherwise ought our ours ourselves out outside over overall own part past people per perhaps
possible put puts quite rather re really recent recently right said same saw say saying says second see seem
seemed seems seen set several shall she she'd she'll she's should shouldn't show since small so some somebody
someone something sometimes soon still such take taken takes taking tell than thanks that that's the their
theirs them themselves then there there's therefore these they they'd they'll they're they've thing things
think third this those though through throughout thus till time times to today together told tomorrow tonight
too took top toward towards try trying under unless unlike until up upon us use used uses using usually
various versus very via vs want wants was wasn't way ways we we'd we'll we're we've well went were weren't
what what's whatever when where whether which while who who's whoever whole whom whose why will with within
without won't work would wouldn't year years yes yesterday yet you you'd you'll you're you've your yours
yourself yourselves`

	headlineStops = `gov sen rep dr prof gen lt sgt sr jr ab according accused accuses add added adds admits ago agree agreed agrees aim aims allow allowed allows am
amidst amount anniversary announce announced announcement announces appear appears approve approved approves
approximately apr april area areas arrive arrives asa ask asked asking asks aug august available avoid backs
based begin beginning begins best better big bigger biggest billion bit bn break breaking breaks bring
bringing brings brought build building builds built buy buying buys call called calling calls cause caused
causes change changes check claim claimed claims clear clearly close closed closer closes co common companies
company complete completely confirm confirmed confirms consider considered considering continue continued
continues corp countries country couple course create created creates current currently cut date deal dec
december decide decided decides declare declared declares detail details develop different difficult drop
drops easily easy eight end ended ending ends ensure entire especially est et event exactly example exclusive
expect expected expects explain explained explains extra face faces facing fact fail failed fails fall falls
feb february feel fell felt final find finding finds firm firms five follow followed following follows forced
forces found four free friday future fy gain gains general gmbh gmt group h1 h2 hand happen happened happens
hard head heads held help helped helping helps hit hits hold holding holds home hope hopes hour hours huge
idea images important inc include included includes including increase increased increases information inside
issue issued issues jan january job join joined joins july jun june key kind large larger largest launch
launched launches lead leading leads learn leave leaves leaving left letter level line list live llc local
long-term look lose losing lost ltd main major man mar march market markets matter meet meeting meets member
members men mid million minute minutes mn moment monday month months move moved moves moving mr mrs ms name
named names nearly news non note nov november number numbers oct october offer offered offering offers
official officials okay op-ed open opened opening opens order original oyj page pay people person photo photos
pick place places plan planned planning plans play plc please pm point points post posted posts prepare
prepares present press pretty previous previously problem process program provide provided provides published
pull push q1 q2 q3 q4 question questions quick quickly raise raised raises read read-more ready real reason
receive received receives release released releases remain remains report reported reportedly reporting
reports return returned returns reveal revealed reveals review rise rises rising run running runs saturday
says-it seek seeking seeks sell send sends sent sep september serious set sets seven share shared shares show
showed showing shown shows side sign signs similar simple simply single six slam slams source sources special
start started starting starts state statement states stay step stop stopped stops story stuff sunday support
supports sure talk talks team tell tells ten term thousands three thursday title today's took total tried
tries true tuesday turn turned turns type unveil unveiled unveils update updated updates urge urges utc
version video visit wait wake warn warned warns watch wednesday week weekend weeks win wins woman
women won word words working works world's worse worst write wrote young`

	crumbStops = `rt omg lol xd lmao pls advertisement ama amp apos asp aspx br cid class com cookie cookies div eli5 feed gfycat gif gt href htm html
http https img imgur jpeg jpg login lt nbsp newsletter oc paywall php pic png px quot reddit rss rt span
sponsored src streamable style subscribe subscribers til utm uuid via www xml youtu youtube`

	finnishStops = `tänä kerran kolmannen toisen ensimmäisen uuteen tuntia tunnin illan aamun puoleen suurimman koko uudet uusiin siirtää sai saa alkaa aloittaa julkaisee avaa aikana aikoo aina ali alla alle arvioi ehkä ei eilen eli elokuussa enemmän eniten ennen ensimmäinen enää että
euroa haluaa he heinäkuussa helmikuussa huhtikuussa huomenna hyvin hyvä hyvän hän ilman iso ison ja jo joita
joka jonka jos jota joten jotka jotta joulukuussa jälkeen kahdeksan kaiken kaikki kaikkia kaikkien kaksi
kanssa keitä kertoi kertoo kertovat keskellä keskiviikko keskiviikkona kesäkuussa ketkä kohti koko kolme koska
kuin kuitenkin kuka kun kuukauden kuukausi kuukautta kuusi kymmenen lauantai lauantaina lisäksi lokakuussa
läpi maaliskuussa maanantai maanantaina marraskuussa me miksi mikä mikään miljardia miljoonaa miljoonan
milloin minä missä miten mitä mukaan mukana mutta myös ne neljä niiden niin niistä niitä nyt näiden näitä nämä
ohi ole oli olivat olla ollut on ovat paljon paras parhaat perjantai perjantaina piti pitää prosentin
prosenttia puolesta päivä päivän päivää saa saada saanut saavat sai sanoi sanoo se seitsemän sekä sen siihen
siitä siksi sillä sinä sitä sunnuntai sunnuntaina suuren suuri suuria syyskuussa tai takia tammikuussa te
tehdä tehty tekee teki tiistai tiistaina toinen torstai torstaina toukokuussa tulee tulevat tuli tullut tämä
tämän tänään tässä tästä tätä täytyy usein uskoo uuden uudet uusi uusia uutiset uutta vaan vai vaikka vain
vastaan vielä viikko viikkoa viikon viisi voi voisi voitiin voivat vuoden vuoksi vuonna vuosi vuosien vuosina
vuotta vähemmän vähän välillä yhdeksän yhtiö yhtiön yhtiöt yksi yli yrityksen yritys`

	swedishStops = `alla allt andra annan annat april att augusti av bara blev bli blir blivit bolag bolaget bra bäst bästa dag
dagar de december dem den denna dessa det detta dock där därför efter eftersom eller en enligt ett fanns
februari fem fick finns fredag från fyra få får fått för företag företaget första gav ge ger gick gjorde gjort
gå går gör göra hade han har hon hur här idag igår imorgon in inga ingen inget innan inte jag januari juli
juni kan kom komma kommer kr kronor lördag maj man mars med medan mellan men mer mest miljarder miljoner
mindre minst mot mycket månad månader måndag många måste nio november nu ny nya nyheter nytt när någon något
några och också oktober om onsdag procent på redan sade sagt samt sedan september sex sig sin sina sitt sju
ska skulle som stor stora stort säger så söndag ta tagit tar till tio tisdag tog torsdag tre tredje två under
upp ut utan vad var varför vecka veckan veckor vem vi vid vilka vilken vilket vill ville ändå är även år åtta
över`

	norwegianStops = `aldri meg før ser tid tiden veldig heller altså derfor frem oss ting årets tidligere akkurat af alle alt andre annen annet april at august av bare best beste ble blev bli blir blitt bra dag dager de dem
den denne der desember det dette disse eller en er et etter februar fem fikk finnes fire for fordi fra fredag
få får fått første ga gikk gir gjort gjør gå går hadde han har hun hva hvem hvilken hvis hvor hvordan hvorfor
i i-dag ifølge ikke ind ingen inn januar jeg juli juni kan kom kommer kroner lørdag mai mandag mange mars med
mellem men mer mest milliarder millioner mot mye må måned måneder noe noen november nu ny nye nyheter nytt nå
når og også oktober om onsdag op opp over prosent på sa sagt seg seks selskap selskapet september sier sin
sine sitt skal som stor store stort så søndag tar til tirsdag to tok torsdag tre ud uke uken uker under ut var
ved vi vil å år året`

	germanStops = `danke ach bin nein sieht einfach dich hallo leute meine dein mich mir aber acht alle alles als am an anfang april auch auf august aus bei beim besten bis da dann darf das dass dem
den der des deutsche dezember die dienstag dies diese diesem diesen dieser dieses doch donnerstag dort drei du
durch ein eine einem einen einer eines ende er erste ersten erster es euro februar firma freitag fünf für
geben gegen gehen geht gestern gibt große großen großer gute guten haben hat hatte hatten heute hier ich ihr
ihre ihren im immer in ist jahr jahre jahren jahres januar jede jeder jedes jetzt juli juni kann kein keine
keinen kommen kommt konzern können könnte laut machen macht mai mal man mehr meist menschen milliarde
milliarden million millionen mit mittwoch monat monate monaten montag morgen muss märz müssen nach nachrichten
neu neue neuen neuer neues neun nicht noch november nun nur ob oder ohne oktober prozent sagt sagte samstag
schon sechs sehr sein seine seinen seiner seit september sich sie sieben sind so soll sollen sollte sondern
sonntag tag tage tagen teil uhr um und unter unternehmen viel viele vier vom von vor war waren warum was wegen
weil weiter welche welcher welches wenig weniger wenn wer werden wie wieder will wir wird wo woche wochen
wollen worden wurde wurden während zehn zu zum zur zwei zweite zwischen über`

	frenchStops = `suis bientôt ça hein a actualités ainsi aller alors an année années ans août après au aujourd'hui aussi autre autres aux avait
avant avec avoir avril beaucoup bien c'est car ce celle celles celui ces cet cette ceux chez cinq comme
comment contre d'un d'une dans de demain depuis des deux dimanche dit dix doit doivent donc dont du dès
décembre déjà elle elles en encore entre entreprise est et euro euros faire fait fin font février grand grande
grands groupe hier huit ici il ils j'ai jamais janvier je jeudi jour jours juillet juin l'on la le les leur
leurs lors lundi là mai mais mardi mars mercredi milliard milliards million millions moins mois même mêmes n'a
n'est ne neuf ni nous nouveau nouveaux nouvelle nouvelles novembre octobre on ont or ou où par pas pendant
personne peu peut peuvent plus plusieurs pour pourcent pourquoi pourrait premier première qu'elle qu'il qu'on
quand quatre que quel quelle quelles quelques quels qui quoi rien s'est sa samedi sans se selon semaine
semaines sept septembre sera seront ses si six société son sont sous sur toujours tous tout toute toutes trois
trop très tu un une va vendredi vers veut vont vous y étaient était été être`

	spanishStops = `soy gracias bueno buena buen creo cosa hola bien sí pues quiero eres nuestra nuestro sigo asi sería a abril agosto al algunas algunos ante así aunque ayer año años aún bajo cada ciento cinco como compañía con
contra cual cuales cuando cuatro cómo de debe deben del desde dice diciembre diez dijo domingo donde dos
durante día días el ella ellas ellos empresa en enero entonces entre era eran es esa esas ese eso esos esta
estaba estas este esto estos está están euros febrero fue fueron gran grande grandes ha haber había hace hacer
hacia han hasta hay he hizo hoy ir jueves julio junio la las le les lo los luego lunes martes marzo mayo
mañana me mediante mejor menos mes meses millones millón misma mismo miércoles mucha muchas mucho muchos muy
más nada nadie no nos noticias noviembre nueva nuevas nueve nuevo nuevos nunca o ocho octubre otra otras otro
otros para parte peor pero poco podría por porque primer primera primero puede pueden que quien qué se segundo
según seis semana semanas septiembre ser será si siempre siete sin sobre solo son su sus sábado sólo también
tan tanto te tenía tiene tienen toda todas todo todos tras tres tú un una unas unos va van vez viernes y ya yo
él`

	italianStops = `grazie sto sì qualche cosa vero troppo nessuno a agli agosto ai al alcune alcuni alla alle allo altra altre altri altro anche ancora anni anno aprile avere
aveva azienda cento che chi ci cinque come con contro così cui da dagli dai dal dalla dalle dallo degli dei
del della delle dello detto deve devono di dice dicembre dieci domani domenica dopo dove due durante e ed era
erano essere euro fa fare fatto febbraio fra gennaio giorni giorno giovedì giugno già gli grande grandi gruppo
ha hanno ho i ieri il in io la le lei lo loro luglio lui lunedì ma maggio mai martedì marzo meglio meno
mercoledì mese mesi mi miliardi miliardo milione milioni mio molta molte molti molto ne negli nei nel nella
nelle nello niente noi non nostro notizie nove novembre nulla nuova nuove nuovi nuovo o oggi ogni ora otto
ottobre parte per perché più poco poi possono potrebbe prima primo può quando quattro quella quelle quelli
quello questa queste questi questo sabato saranno sarà se secondo sei sempre senza sette settembre settimana
settimane si società solo sono sopra sotto stata state stati stato stessa stesso su sua sue sugli sui sul
sulla sulle sullo suo suoi ti tra tre tu tuo tutta tutte tutti tutto un una uno va vanno venerdì verso vi voi
volta è`

	portugueseStops = `aqui agora vamos ficar sair tô pra a abril agosto ainda algumas alguns amanhã ano anos ante ao aos após aquela aquele as até bilhão bilhões cada
cento cinco com como companhia contra da das de depois desde deve devem dez dezembro dia dias disse diz do
dois domingo dos duas durante e ela elas ele eles em empresa entre então era eram essa essas esse esses esta
estas estava este estes está estão eu euros faz fazer fevereiro fez foi foram grande grandes haver hoje há ir
isso isto janeiro julho junho já lhe maio mais março mas me melhor menos meses mesma mesmo mil milhão milhões
muita muitas muito muitos mês na nada nas ninguém no nos notícias nova novas nove novembro novo novos num numa
nunca não nós o oito onde ontem os ou outra outras outro outros outubro para parte pela pelas pelo pelos pior
pode podem poderia por porque pouco primeira primeiro quais qual quando quarta-feira quatro que quem quinta-
feira reais se segunda segunda-feira segundo seis sem semana semanas sempre ser será sete setembro seu seus
sexta-feira sob sobre sua suas sábado são só também tanto te tem terça-feira tinha toda todas todo todos três
tu tão têm um uma umas uns vai vez você vocês vão à às é`

	dutchStops = `aan acht al alle alles als altijd ander andere april augustus bedrijf bedrijven bij boven concern daar dag
dagen dan dat de december deel deze die dinsdag dit doen doet donderdag door drie een eerste en er euro
februari gaan gaat geeft geen gisteren goede groot grote haar had hadden hebben heeft hem het hier hij hoe hun
ik in is jaar januari jaren je jij jouw juli juni kan keer komen komt kunnen maakt maand maandag maanden maar
maart mag maken meer meest mei mensen met mijn miljard miljoen minder moet moeten morgen na naar negen niemand
niet niets nieuw nieuwe nieuws nog nooit november nu of oktober om omdat onder ons onze ook op over procent
september sinds steeds te tegen tien tijdens toch tot tussen twee tweede u uit uur van vandaag veel vier vijf
volgens voor vrijdag waar waarom wanneer waren was wat we week weer weinig weken wel welke werd werden wie wij
wil willen woensdag worden wordt zal zaterdag ze zegt zei zelf zes zeven zij zijn zo zondag zonder zou zouden
zullen`
)
