# الموقع العام. كل مفتاح موجود في كل لغة؛ انظر keys.rs.

skip-to-content = انتقل إلى المحتوى
site-description = { $newsroom }: بيانات صحفية وصور بجودة الطباعة مع شروحها ومصادرها ومواعيد وجهات اتصال للصحافة.
nav-label = التنقل الرئيسي
nav-releases = البيانات
nav-photos = الصور
nav-events = الفعاليات
nav-contacts = جهات الاتصال
nav-search = البحث
language-label = اللغة
foot-nav-label = الأقسام
foot-newsroom = غرفة الأخبار
foot-feeds = الخلاصات
foot-legal = معلومات قانونية
foot-phone = هاتف الصحافة
preview-notice = معاينة: هذه الصفحة ليست عامة
preview-shared = معاينة – غير منشور، سري.
preview-embargo = محظور النشر حتى { $time }.
preview-scheduled = النشر مقرر في { $time }.

count-photos = { $count ->
    [zero] لا صور
    [one] صورة واحدة
    [two] صورتان
    [few] { $number } صور
    [many] { $number } صورة
   *[other] { $number } صورة
}
count-releases = { $count ->
    [zero] لا بيانات
    [one] بيان واحد
    [two] بيانان
    [few] { $number } بيانات
    [many] { $number } بيانًا
   *[other] { $number } بيان
}
count-documents = { $count ->
    [zero] لا مستندات
    [one] مستند واحد
    [two] مستندان
    [few] { $number } مستندات
    [many] { $number } مستندًا
   *[other] { $number } مستند
}
zip-all-files = كل الملفات (ZIP، { $size })
zip-all-photos = كل الصور (ZIP، { $size })
zip-album = تنزيل { $count } (ZIP، { $size })
zip-web = بحجم الويب (ZIP، { $size })

selection-title = اختيارك
selection-intro = تأتي مع الصور شروحها ومصادرها وشروط استخدامها.
selection-empty = لم تختر أي صورة بعد. ضع علامة على مربع الصورة لضمّها.
selection-choose = اختر صورًا
selection-choose-one = اختيار
selection-show = عرض الاختيار
selection-more = اختر المزيد
selection-clear = إفراغ الاختيار
selection-remove = إزالة
selection-missing = بعض صور هذا الاختيار لم تعد متاحة.

pager-label = الصفحات
pager-position = الصفحة { $page } من { $pages }
pager-previous = السابق
pager-next = التالي

home-lead = الخبر الأبرز
home-read = اقرأ البيان
home-latest = أحدث البيانات
home-all-releases = كل البيانات
home-photos = صور صحفية
home-all-photos = كل الصور
home-contacts = تحدث إلينا
home-all-contacts = كل جهات الاتصال
home-events = الفعاليات
home-all-events = كل الفعاليات
home-empty = لم يُنشر شيء بعد. عد قريبًا من فضلك.
home-elsewhere = لم يُنشر شيء بهذه اللغة بعد. بيانات بلغات أخرى:

archive-title = البيانات
archive-empty = لا توجد بيانات لهذا الاختيار.
archive-all = الكل
filter-topic = الموضوع
filter-year = السنة

release-kicker = بيان صحفي
release-contact = الاتصال الصحفي
release-contacts = جهات الاتصال
release-translations = متاح أيضًا بـ
release-photos = صور البيان
release-documents = المستندات
release-take = للتنزيل
release-take-text = خذ النص
release-related = بيانات ذات صلة
copy-text = نسخ النص
copy-quote = نسخ الاقتباس
copy-link = نسخ الرابط
copied = تم النسخ
print = طباعة
permalink = رابط دائم
correction-correction = تصحيح
correction-update = تحديث

gallery-title = الصور
gallery-intro = بجودة الطباعة، مع الشرح والمصدر في كل ملف.
gallery-albums = الألبومات
gallery-all = كل الصور، الأحدث أولًا
filter-form = تصفية الصور
filter-person = الشخص
filter-stands = الاتجاه
filter-fills = أصغر حجم للطباعة
filter-any = الكل
filter-show = عرض
filter-none = إلغاء التصفية
stands-landscape = أفقي
stands-portrait = عمودي
stands-square = مربع
fills-paper = { $paper } بدقة 300 نقطة في البوصة
gallery-none-such = لا توجد صور بهذه المواصفات.
gallery-empty = لم تُنشر صور بعد.
album-kicker = ألبوم

photo-zoom = تكبير
photo-no-picture = لا توجد معاينة لهذا الملف.
photo-nav = صور أخرى
photo-previous = السابقة
photo-next = التالية
photo-all = كل الصور
photo-credit = المصدر
photo-facts-link = كل التفاصيل
photo-terms = الاستخدام
photo-rights-link = شروط الاستخدام كاملة
photo-persons = في الصورة
photo-location = المكان
photo-date = تاريخ الالتقاط
photo-creator = المصوّر
photo-copyright = حقوق النشر
photo-albums = الألبوم
photo-keywords = الكلمات المفتاحية
photo-downloads = تنزيل
photo-print = تصلح للطباعة حتى
photo-releases = { $count ->
    [one] مرافقة لهذا البيان
    [two] مرافقة لهذين البيانين
   *[other] مرافقة لهذه البيانات
}
copy-caption = نسخ الشرح والمصدر
copy-credit = نسخ المصدر فقط
print-resolution = الدقة
print-size = المقاس
print-purpose = مناسبة لـ
print-magazine = مجلة أو كتيّب
print-newspaper = صحيفة
print-in-format = بهذه المقاسات
print-page = صفحة A4
print-double-page = صفحتان A4 متقابلتان (42 × 29.7 سم)
print-too-small = صغيرة على الطباعة
print-poster = ملصق

contacts-title = جهات الاتصال الصحفي
contacts-intro = اتصل أو اكتب: يجيبك أشخاص.
contacts-empty = لم تُضف جهات اتصال بعد.
contact-topics = المواضيع
contact-languages = اللغات
contact-email = البريد الإلكتروني
contact-vcf = بطاقة اتصال (vCard)
contact-portrait = صورة شخصية بجودة الطباعة
contact-releases = بيانات مع جهة الاتصال هذه

events-title = الفعاليات
events-upcoming = القادمة
events-past = السابقة
events-none = لا توجد فعاليات مقررة حاليًا.
event-ics = أضف إلى التقويم
event-website = موقع الفعالية
event-releases = بيانات ذات صلة:

search-title = البحث
search-label = ابحث في البيانات والصور وجهات الاتصال
search-placeholder = ابحث
search-submit = ابحث
search-dates = الفترة
search-from = من
search-to = إلى
search-did-you-mean = هل تقصد
search-narrow = تضييق النتائج
search-active = عوامل التصفية المفعّلة
search-remove = إزالة عامل التصفية:
search-feeds = هذا البحث كخلاصة
search-trouble = البحث لا يجيب الآن. حاول بعد قليل من فضلك.
search-photos-kit = الصور التي وُجدت (ZIP)
search-nothing = لم نجد شيئًا. جرّب كلمة أقصر، أو اسألنا.
search-topics = المواضيع
search-ask = اسألنا

not-found-title = لا توجد هذه الصفحة
not-found-text = ربما تغيّر اسمها. يجد البحث كل ما نُشر.
not-found-near = ربما كنت تبحث عن
withdrawn-kicker = مسحوب
withdrawn-title = سُحب هذا البيان
withdrawn-reason = السبب:
withdrawn-text = يُرجى عدم استخدام نصه وصوره بعد الآن.
error-title = حدث خطأ
error-text = الخطأ من جانبنا وقد سُجّل. حاول بعد بضع دقائق من فضلك.
error-busy-title = نعود بعد لحظة
error-busy-text = تعذّر الوصول إلى غرفة الأخبار لبرهة. أعد تحميل الصفحة بعد دقيقة من فضلك.
error-request-title = لا نستطيع الإجابة عن هذا الطلب
error-request-text = تحقق من العنوان أو ابدأ من الصفحة الرئيسية.
error-request-id = رقم الطلب:
error-home = إلى الصفحة الرئيسية

prose-table = جدول
phone-work = الهاتف
phone-mobile = الجوال
phone-fax = الفاكس
event-tentative = غير مؤكد
event-cancelled = أُلغي
event-postponed = أُجّل
rendition-original = الأصل
rendition-large = كبيرة
rendition-medium = متوسطة
rendition-small = صغيرة
rendition-thumb = مصغّرة
rendition-mini = مصغّرة جدًا
rendition-social = لوسائل التواصل
rendition-print = للطباعة
kind-release = بيان
kind-photo = صورة
kind-contact = جهة اتصال
kind-album = ألبوم
kind-event = فعالية
kinds-release = بيانات
kinds-photo = صور
kinds-contact = جهات اتصال
kinds-album = ألبومات
kinds-event = فعاليات
facet-kind = النوع
facet-person = الشخص
search-order = الترتيب
search-by-relevance = حسب الصلة
search-by-date = الأحدث أولًا
search-total = { $count ->
    [zero] لا نتائج
    [one] نتيجة واحدة
    [two] نتيجتان
    [few] { $number } نتائج
    [many] { $number } نتيجة
   *[other] { $number } نتيجة
}
search-total-for = { $count ->
    [zero] لا نتائج لـ «{ $query }»
    [one] نتيجة واحدة لـ «{ $query }»
    [two] نتيجتان لـ «{ $query }»
    [few] { $number } نتائج لـ «{ $query }»
    [many] { $number } نتيجة لـ «{ $query }»
   *[other] { $number } نتيجة لـ «{ $query }»
}

duty-now = متاح الآن
duty-from = متاح ابتداءً من { $day }، { $time } ({ $zone })
time-of-place = بتوقيت { $place }
duty-away = غائب حتى { $date }
duty-instead = ينوب عنه:
contact-hours = أوقات الرد
contact-qr = رمز QR لبطاقة العنوان
contact-qr-hint = وجّه كاميرا الهاتف إليه لحفظ جهة الاتصال.
events-subscribe = الاشتراك في التقويم
contact-message = كتابة رسالة
message-title = رسالة إلى { $name }
message-name = الاسم
message-outlet = هيئة التحرير أو الوسيلة الإعلامية (اختياري)
message-text = الرسالة
message-trap = يُرجى تركه فارغًا
message-send = إرسال
message-direct = الطريق المباشر
message-sent = شكرًا، وصلت رسالتكم.
message-keeps = لا يقرأ رسالتكم إلا المكتب الصحفي، وتُحذف بعد { $days }.
message-error-name = يُرجى ذكر الاسم.
message-error-email = يُرجى التحقق من عنوان البريد الإلكتروني، فالرد يُرسل إليه.
message-error-text = الرسالة فارغة.
message-error-links = يُرجى كتابة بضع كلمات، وخمسة روابط على الأكثر.
message-error-long = النص أطول من اللازم.
message-error-fast = كان ذلك سريعًا جدًا. يُرجى الإرسال مرة أخرى.
message-error-expired = بقيت الصفحة مفتوحة أطول من اللازم. يُرجى الإرسال مرة أخرى، فالنص محفوظ.
message-error-trap = مُلئ حقل ينبغي أن يبقى فارغًا. يُرجى الإرسال مرة أخرى.
message-error-full = وصلت اليوم رسائل كثيرة جدًا. يُرجى الاتصال أو الكتابة بالبريد الإلكتروني.
count-days = { $count ->
    [zero] { $number } يوم
    [one] يوم واحد
    [two] يومين
    [few] { $number } أيام
    [many] { $number } يومًا
   *[other] { $number } يوم
}
alert-offer = أخبروني بالبريد الإلكتروني عند نشر جديد يطابق البحث
alert-title = الجديد بالبريد الإلكتروني
alert-search = البيانات الجديدة حول:
alert-everything = جميع البيانات الجديدة
alert-email = عنوان بريدكم الإلكتروني
alert-ask = طلب التأكيد
alert-keeps = تصلكم أولًا رسالة للتأكيد. من دون تأكيد لا نراسلكم بعدها ونحذف العنوان بعد يومين. وتتضمن كل رسالة لاحقة رابطًا لإلغاء الاشتراك يحذف العنوان أيضًا.
alert-sent = شكرًا. إن لم يكن هذا العنوان مشتركًا في هذا البحث فستصله رسالة فيها رابط للتأكيد صالح يومين. لكل عنوان خمس رسائل على الأكثر في اليوم وعشرون اشتراكًا في المجموع.
alert-confirm = نعم، أرسلوا إليّ الجديد
alert-confirmed = تم التأكيد. تصلكم رسالة عند نشر جديد، واحدة في الساعة على الأكثر.
alert-end = إلغاء الاشتراك
alert-ended = لن نرسل شيئًا بعد الآن، وقد حُذف العنوان.
alert-error-email = يُرجى التحقق من عنوان البريد الإلكتروني.
alert-error-full = وصلت اليوم طلبات كثيرة جدًا. يُرجى المحاولة غدًا.
alert-request-subject = { $newsroom }: يُرجى التأكيد
alert-request-text = طلب شخص ما، وعلى الأرجح أنتم، أن تصل إلى هذا العنوان رسالة عندما تنشر { $newsroom } بيانات تطابق بحثًا. يُرجى التأكيد في هذه الصفحة:
alert-request-otherwise = إن لم تكونوا أنتم فلا حاجة إلى فعل شيء: من دون تأكيد لا نراسلكم بعدها ونحذف العنوان بعد يومين.
alert-news = جديد لبحثكم: { $what }
alert-news-all = نُشر حديثًا:
alert-news-end = لإلغاء الاشتراك في هذه الرسائل:
