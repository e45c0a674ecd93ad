# The public site. Every key must be in every language; see keys.rs.

skip-to-content = Skip to content
site-description = { $newsroom }: press releases, print-quality photos with caption and credit, events and press contacts.
nav-label = Main navigation
nav-releases = Releases
nav-photos = Photos
nav-events = Events
nav-contacts = Contacts
nav-search = Search
language-label = Language
foot-nav-label = Sections
foot-newsroom = Newsroom
foot-feeds = Feeds
foot-legal = Legal
foot-phone = Press office phone
preview-notice = Preview: this page is not public
preview-shared = Preview – not published, confidential.
preview-embargo = Embargoed until { $time }.
preview-scheduled = Planned for { $time }.

count-photos = { $count ->
    [one] 1 photo
   *[other] { $number } photos
}
count-releases = { $count ->
    [one] 1 release
   *[other] { $number } releases
}
count-documents = { $count ->
    [one] { $number } document
   *[other] { $number } documents
}
zip-all-files = All files (ZIP, { $size })
zip-all-photos = All photos (ZIP, { $size })
zip-album = Download { $count } (ZIP, { $size })
zip-web = In web size (ZIP, { $size })

selection-title = Your selection
selection-intro = Captions, credits and terms of use come with the photos.
selection-empty = You have not chosen any photos yet. Tick the box on a photo to collect it.
selection-choose = Choose photos
selection-choose-one = Choose
selection-show = Show selection
selection-more = Choose more
selection-clear = Clear selection
selection-remove = Remove
selection-missing = Some photos of this selection are no longer available.

pager-label = Pages
pager-position = Page { $page } of { $pages }
pager-previous = Back
pager-next = Next

home-lead = Top story
home-read = Read the release
home-latest = Latest releases
home-all-releases = All releases
home-photos = Press photos
home-all-photos = All photos
home-contacts = Talk to us
home-all-contacts = All contacts
home-events = Events
home-all-events = All events
home-empty = Nothing has been published yet. Please come back soon.
home-elsewhere = Nothing has been published in this language yet. Releases in other languages:

archive-title = Releases
archive-empty = There are no releases for this choice.
archive-all = All
filter-topic = Topic
filter-year = Year

release-kicker = Press release
release-contact = Press contact
release-contacts = Contacts
release-translations = Also in
release-photos = Photos with this release
release-documents = Documents
release-take = To take away
release-take-text = Take the text
release-related = Related releases
copy-text = Copy text
copy-quote = Copy quote
copy-link = Copy link
copied = Copied
print = Print
permalink = Permalink
correction-correction = Correction
correction-update = Update

gallery-title = Photos
gallery-intro = Print quality, with caption and credit in every file.
gallery-albums = Albums
gallery-all = All photos, newest first
filter-form = Filter photos
filter-person = Person
filter-stands = Shape
filter-fills = Smallest print size
filter-any = All
filter-show = Show
filter-none = Clear filters
stands-landscape = Landscape
stands-portrait = Portrait
stands-square = Square
fills-paper = { $paper } at 300 ppi
gallery-none-such = There are no photos like that.
gallery-empty = No photos have been published yet.
album-kicker = Album

photo-zoom = Enlarge
photo-no-picture = There is no preview of this file.
photo-nav = More photos
photo-previous = Previous
photo-next = Next
photo-all = All photos
photo-credit = Credit
photo-facts-link = All details
photo-terms = Usage
photo-rights-link = Full terms of use
photo-persons = In the picture
photo-location = Place
photo-date = Taken
photo-creator = Creator
photo-copyright = Copyright
photo-albums = Album
photo-keywords = Keywords
photo-downloads = Download
photo-print = Prints up to
photo-releases = { $count ->
    [one] Part of this release
   *[other] Part of these releases
}
copy-caption = Copy caption and credit
copy-credit = Copy credit only
print-resolution = Resolution
print-size = Size
print-purpose = Good for
print-magazine = Magazine, brochure
print-newspaper = Newspaper
print-in-format = In these formats
print-page = A4 page
print-double-page = A4 double page (42 × 29.7 cm)
print-too-small = Too small for print
print-poster = Poster

contacts-title = Press contacts
contacts-intro = Call or write: people answer here.
contacts-empty = No contacts have been added yet.
contact-topics = Topics
contact-languages = Languages
contact-email = E-mail
contact-vcf = Contact card (vCard)
contact-portrait = Portrait in print quality
contact-releases = Releases with this contact

events-title = Events
events-upcoming = Upcoming
events-past = Past
events-none = No events are planned at the moment.
event-ics = Add to calendar
event-website = Event website
event-releases = Related releases:

search-title = Search
search-label = Search releases, photos and contacts
search-placeholder = Search
search-submit = Search
search-dates = Date range
search-from = From
search-to = To
search-did-you-mean = Did you mean
search-narrow = Narrow the results
search-active = Active filters
search-remove = Remove filter:
search-feeds = This search as a feed
search-trouble = The search is not answering right now. Please try again in a moment.
search-photos-kit = Photos found (ZIP)
search-nothing = We found nothing for this. Try a shorter word, or ask us.
search-topics = Topics
search-ask = Ask us

not-found-title = There is no such page
not-found-text = It may have been renamed. The search finds everything that is published.
not-found-near = Perhaps you were looking for
withdrawn-kicker = Withdrawn
withdrawn-title = This release has been withdrawn
withdrawn-reason = Reason:
withdrawn-text = Please do not use its text and photos any further.
error-title = Something went wrong
error-text = The fault is ours and has been noted. Please try again in a few minutes.
error-busy-title = Back in a moment
error-busy-text = The newsroom cannot be reached for a short while. Please reload the page in a minute.
error-request-title = We cannot answer this request
error-request-text = Please check the address or start from the home page.
error-request-id = Request id:
error-home = Go to the home page

prose-table = Table
phone-work = Phone
phone-mobile = Mobile
phone-fax = Fax
event-tentative = Tentative
event-cancelled = Cancelled
event-postponed = Postponed
rendition-original = Original
rendition-large = Large
rendition-medium = Medium
rendition-small = Small
rendition-thumb = Thumbnail
rendition-mini = Miniature
rendition-social = For social media
rendition-print = For print
kind-release = Release
kind-photo = Photo
kind-contact = Contact
kind-album = Album
kind-event = Event
kinds-release = Releases
kinds-photo = Photos
kinds-contact = Contacts
kinds-album = Albums
kinds-event = Events
facet-kind = Type
facet-person = Person
search-order = Order
search-by-relevance = By relevance
search-by-date = Newest first
search-total = { $count ->
    [one] 1 result
   *[other] { $number } results
}
search-total-for = { $count ->
    [one] 1 result for “{ $query }”
   *[other] { $number } results for “{ $query }”
}

duty-now = Available now
duty-from = Available from { $day }, { $time } ({ $zone })
time-of-place = { $place } time
duty-away = Away until { $date }
duty-instead = In the meantime:
contact-hours = Hours
contact-qr = QR code of the address card
contact-qr-hint = Point the camera of your phone at it to save the contact.
events-subscribe = Subscribe to the calendar
contact-message = Write a message
message-title = Message to { $name }
message-name = Name
message-outlet = Newsroom or outlet (optional)
message-text = Message
message-trap = Please leave empty
message-send = Send
message-direct = The direct way
message-sent = Thank you, your message has arrived.
message-keeps = Only the press office reads your message. It is deleted after { $days }.
message-error-name = Please tell us your name.
message-error-email = Please check the e-mail address: the answer goes there.
message-error-text = The message is empty.
message-error-links = Please write a few words, and at most five links.
message-error-long = This is too long.
message-error-fast = That was very quick. Please send it once more.
message-error-expired = The page was open for too long. Please send it once more; your text is still there.
message-error-trap = A field that should stay empty was filled in. Please send it once more.
message-error-full = Too many messages have come today. Please call or write an e-mail.
count-days = { $count ->
    [one] one day
   *[other] { $number } days
}
alert-offer = Tell me by e-mail when something new fits
alert-title = News by e-mail
alert-search = New releases for:
alert-everything = All new releases
alert-email = Your e-mail address
alert-ask = Ask for confirmation
alert-keeps = You first get an e-mail to confirm. Without that we do not write again and delete the address after two days. Each later e-mail has a link to unsubscribe, which deletes the address too.
alert-sent = Thank you. Unless this address follows the search already, an e-mail with a link to confirm is on its way; the link is good for two days. Each address gets at most five of them a day and twenty in all.
alert-confirm = Yes, send me what is new
alert-confirmed = Confirmed. You get an e-mail when something new fits, at most one an hour.
alert-end = Unsubscribe
alert-ended = We send nothing more for this; the address is deleted.
alert-error-email = Please check the e-mail address.
alert-error-full = This was asked for too often today. Please try again tomorrow.
alert-request-subject = { $newsroom }: please confirm
alert-request-text = Somebody, probably you, would like this address to get an e-mail when { $newsroom } publishes releases that fit a search. Please confirm on this page:
alert-request-otherwise = If it was not you, there is nothing to do: without confirmation we do not write again and delete the address after two days.
alert-news = New for your search: { $what }
alert-news-all = Newly published:
alert-news-end = Unsubscribe from these e-mails:
