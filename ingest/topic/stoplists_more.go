package topic

// More lists written by hand, of function words mostly.
const (
	polishStops = `ale bardzo bez bo być był była było były będzie co czerwiec cztery czwartek czy dla dlaczego dni do duża duży
dwa dzień dziś firma gdy gdzie go godzin godziny grudzień i ich im ja jak jeden jego jej jest jeszcze jutro
już ją kiedy która które który których kwiecień lat lipiec listopad luty ma maj mają marzec miał miesiąc
między mld mln mnie może można mu my na nad nam nas nie niedziela nowa nowe nowy o od on ona oni ono oraz
październik pierwsza pierwszy piątek pięć po pod poniedziałek procent przed przez przy rok roku również
sierpień się sobota spółka styczeń są ta także tam te tego tej ten teraz też to trzy tu ty tych tydzień tylko
tym tys w wam was wczoraj we więc wrzesień wtorek wy z za ze zero znowu znów zł środa że`

	russianStops = `а августа апреля без более больше будет будто бы был была были было быть в вам вас вдруг ведь во воскресенье
вот впрочем все всегда всего всех всю вторник второй вы где год года году да даже два декабря день для дня до
другой его ее ей ему если есть еще ещё её ж же за зачем здесь и из или им иногда их июля июня к как какая
какой когда компании компания конечно кто куда лет ли лучше марта мая между меня месяц млн млрд мне много
может можно мой моя мы на над надо нас не него неделю неделя нее ней нельзя нет ни нибудь ним них ничего но
новая новое новые новый ноября ну о об один октября он она они опять от первый перед по под понедельник после
потом потому почти при про пятницу пять раз разве руб с сам свою себе себя сейчас сентября со совсем среду
субботу так такой там тебя тем теперь то тогда того тоже только том тот три тут ты тыс у уж уже февраля хоть
чего чем через четверг четыре что чтоб чтобы чуть эти это этого этой этом этот эту я января`

	turkishStops = `ama ancak aralık aralıkta arasında ay ağustos bana bazı ben beş bir biz bize bu bugün bütün büyük cuma
cumartesi da daha de değil dört dün eden edildi ediyor ekim en etmek etti eylül fakat gibi göre gün günü hafta
hangi haziran hem her hiç iki ile ilk iyi için içinde kadar karşı kasım kendi ki kim kötü küçük mart mayıs mi
milyar milyon mu mü mı nasıl ne neden nerede nisan niçin o ocak olacak olan olarak oldu olduğu ona onlar pazar
pazartesi perşembe saat salı sana sen siz son sonra temmuz tüm var ve veya ya yarın yeni yok yüzde yıl yılı
yılında çarşamba çok önce üzerine üç şey şirket şirketi şu şubat`

	arabicStops = `أقل أكثر ألف أمس أن أنا أنت أو أول أيام أين إذا إلى إليه إن اذا التي الذي الذين الشركة الى اليوم ان انا او بعد
بعض بل به بها بين تكون تلك ثم جدا جديد جديدا جديدة حتى حول حيث خلال ذلك سنة سوى شركة شهر ضد عام على عليه عليها
عن عند عندما غدا غير في فيه فيها قبل قد كان كانت كبير كبيرة كل كما كيف لأن لا لقد لكن لم لماذا لن له لها لهم
ما ماذا متى مع مليار مليون من منذ منه منها نحن هذا هذه هم هن هو هي يكون يوم`

	hindiStops = `अपना अपनी अपने अब आज आप इन इस उन उन्हें उस उसे एक और कंपनी कब कम कर करना करने करोड़ कल कहाँ कहां का कि किया की
कुछ के कैसे को कोई कौन क्या क्यों गई गए गया चार जब जो ज्यादा तक तब तीन तुम तो था थी थे दिए दिन दिया दी दो
द्वारा न नई नए नया नहीं ने पर पहली पहले पांच प्रतिशत फीसदी बड़ा बड़ी बड़े बहुत बाद बार भी मत महीने मुझे में
मैं यह यहाँ या ये रहा रही रहे लाख लिए लिया लेकिन वह वहाँ वे सब साथ साल से हजार हफ्ते हम हमें हर ही हुआ हुई हुए
है हैं हो होता होती होते`

	indonesianStops = `ada adalah agar agustus aja akan anda antara apa april atau bagaimana bagi baik banget banyak baru belum besar
bisa buka bulan dalam dan dapat dari dengan desember di dia dong dua empat februari gak hanya hari harus
hingga ini itu jadi jam januari jika juga juli jumat juni juta kalau kami kamis kamu kapan karena ke kecil
kenapa ketika kita lagi lebih lima mana maret masih mei mengapa menjadi mereka miliar minggu mulai nggak nih
november oktober oleh pada paling persen pertama perusahaan rabu ribu rp saat sabtu saja sampai sangat satu
saya sebagai sebelum sedikit selasa senin seperti september setelah siapa sudah supaya tahun tanpa telah tetap
tidak tiga untuk yang`
)
